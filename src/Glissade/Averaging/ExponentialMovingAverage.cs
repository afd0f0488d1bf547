using Glissade.Differentiation;
using Glissade.Schedules;
using Glissade.Updates;

namespace Glissade.Averaging;

/// <summary>An exponential moving average of the parameters, freed of the bias of its start.</summary>
/// <remarks>
/// θ̄ ← (1−c)θ̄ + cθ with c = (1−βₜ)/(1 − Πβᵢ), which is θ̄ ← βθ̄ + (1−β)θ from zero, divided by 1 − Πβᵢ: a convex combination of the iterates so far.
/// Without debiasing c = 1−β, from the first parameters. The average looks back about 1/(1−β) steps. With warm-up β is min(β, (1+t)/(10+t)) after t steps.
/// Ruppert (1988) and Polyak and Juditsky (1992), Acceleration of Stochastic Approximation by Averaging, for averaging; Kingma and Ba (2015) for the bias.
/// </remarks>
public sealed record ExponentialMovingAverage : ParameterAverage
{
    private ExponentialMovingAverage(Schedule decay, bool debias) => (Decay, Debias) = (decay, debias);

    /// <inheritdoc/>
    public override string Name => "ema";

    /// <inheritdoc/>
    public override string Formula => Debias ? "θ̄ ← (1−c)θ̄ + cθ, c = (1−β)/(1−Πβ)" : "θ̄ ← βθ̄ + (1−β)θ";

    /// <summary>β in [0, 1), with its warm-up.</summary>
    public Schedule Decay { get; }

    /// <summary>Whether the average forgets the parameters at which it began.</summary>
    public bool Debias { get; }

    /// <summary>An average with the given decay.</summary>
    /// <param name="decay">β in [0, 1).</param>
    /// <param name="debias">Whether it forgets the parameters at which it began; so by default.</param>
    /// <param name="warmUp">Whether β grows from 0.1 to its value as min(β, (1+t)/(10+t)); not by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The decay begins outside [0, 1).</exception>
    public static ExponentialMovingAverage Of(Schedule decay, bool debias = true, bool warmUp = false)
    {
        Schedule valid = Hyperparameter.Decay(decay);
        return new ExponentialMovingAverage(warmUp ? new WarmedUpDecay(valid) : valid, debias);
    }

    /// <inheritdoc/>
    protected internal override Tensor Share(RuleScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        scope.ReportHyperparameter(Decay);
        Tensor share = scope.Scalar($"1 - {Decay}", step => 1 - Decay.At(step));
        return Debias ? share * scope.BiasCorrection(Decay) : share;
    }

    private sealed record WarmedUpDecay(Schedule Decay) : Schedule
    {
        public override long? Length => null;

        protected override double ValueAt(long step) => Math.Min(Decay.At(step), (1.0 + step) / (10.0 + step));

        protected override string Describe() => $"{Decay}, warmed up";
    }
}

/// <summary>Short name of <see cref="ExponentialMovingAverage"/>.</summary>
public static class Ema
{
    /// <summary>An average with the given decay; see <see cref="ExponentialMovingAverage.Of"/>.</summary>
    /// <param name="decay">β in [0, 1).</param>
    /// <param name="debias">Whether it forgets the parameters at which it began; so by default.</param>
    /// <param name="warmUp">Whether β grows from 0.1 to its value as min(β, (1+t)/(10+t)); not by default.</param>
    public static ExponentialMovingAverage Of(Schedule decay, bool debias = true, bool warmUp = false) => ExponentialMovingAverage.Of(decay, debias, warmUp);
}
