using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Gradient descent with a rate that falls slowly, and the mean of where it has been from some step on: averaged stochastic gradient descent.</summary>
/// <remarks>
/// η₀ = η, ηₜ = η/(1 + ληt)^α, u = ηₜ(u + λθ); the average θ̄ is θ itself for t ≤ t₀ + 1, then the mean of the iterates since:
/// θ̄ ← θ̄ + (θ − θ̄)/max(1, t − t₀), t counted from 0. Stands last in its chain, and keeps the average as its state <c>average</c>,
/// which <see cref="Updater{T}.CopyAverage"/> gives where no other average was asked for.
/// Polyak and Juditsky (1992), Acceleration of Stochastic Approximation by Averaging; Bottou (2012), Stochastic Gradient Descent Tricks, for the rate; as PyTorch's ASGD.
/// </remarks>
/// <param name="Rate">η, 0 or more; a constant, since the rule has its own decay.</param>
/// <param name="Decay">λ, 0 or more.</param>
/// <param name="Power">α, 0 or more.</param>
/// <param name="AverageFrom">t₀, 0 or more.</param>
public sealed record AveragedDescent(double Rate, double Decay = 1e-4, double Power = 0.75, long AverageFrom = 1_000_000) : UpdateRule
{
    /// <summary>η, 0 or more.</summary>
    public double Rate { get; } = Hyperparameter.NotNegative(Rate);

    /// <summary>λ, 0 or more: both the pull towards zero and the speed at which the rate falls.</summary>
    public double Decay { get; } = Hyperparameter.NotNegative(Decay);

    /// <summary>α, 0 or more.</summary>
    public double Power { get; } = Hyperparameter.NotNegative(Power);

    /// <summary>t₀, 0 or more.</summary>
    public long AverageFrom { get; } = AverageFrom >= 0
        ? AverageFrom
        : throw new ArgumentOutOfRangeException(nameof(AverageFrom), AverageFrom, $"The step from which to average must be 0 or more, not {AverageFrom}.");

    /// <inheritdoc/>
    public override string Name => "averaged-descent";

    /// <inheritdoc/>
    public override string Formula => "u = ηₜ(u + λθ), ηₜ = η/(1 + ληt)^α, θ̄ ← θ̄ + (θ − θ̄)/max(1, t − t₀)";

    /// <summary>The rule as a link of a chain, the last.</summary>
    /// <param name="rate">η, 0 or more.</param>
    /// <param name="decay">λ, 0 or more.</param>
    /// <param name="power">α, 0 or more.</param>
    /// <param name="averageFrom">t₀, 0 or more.</param>
    public static AveragedDescent Of(double rate, double decay = 1e-4, double power = 0.75, long averageFrom = 1_000_000) => new(rate, decay, power, averageFrom);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        var rate = new AveragedDescentRate(this);
        Tensor step = scope.LearningRate(rate, nameof(Rate)) * (update + (Decay * scope.Parameters));
        Tensor share = scope.Scalar("share of the average", t => 1 - (1.0 / Math.Max(1, t - AverageFrom)));
        scope.ProvideEvaluation(scope.State("average", previous => Functions.Blend(scope.Parameters - step, previous, share)));
        return step;
    }

    /// <summary>ηₜ.</summary>
    private sealed record AveragedDescentRate(AveragedDescent Rule) : Schedule
    {
        public override long? Length => null;

        protected override double ValueAt(long step) => Rule.Rate / Math.Pow(1 + (Rule.Decay * Rule.Rate * step), Rule.Power);

        protected override string Describe() => $"{Show(Rule.Rate)}/(1 + {Show(Rule.Decay * Rule.Rate)}·t)^{Show(Rule.Power)}";
    }
}
