using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Adds independent normal noise to the update, of a variance that falls with the steps.</summary>
/// <remarks>
/// u + √(σ²/(1+t)^γ)·ξ, ξ standard normal; t counts the applied steps before this one.
/// Neelakantan et al. (2015), Adding Gradient Noise Improves Learning for Very Deep Networks, with σ² of 0.01, 0.3 or 1 and γ = 0.55, first in the chain.
/// The noise depends on the seed, the rule's name in its chain and t only: not on threads, nor on being resumed.
/// </remarks>
/// <param name="Variance">σ², 0 or more.</param>
/// <param name="Decay">γ, 0 or more; 0 for noise that follows the variance's schedule alone.</param>
/// <param name="Seed">The seed.</param>
public sealed record GradientNoise(Schedule Variance, double Decay = 0.55, ulong Seed = 0) : UpdateRule
{
    /// <summary>σ², 0 or more.</summary>
    public Schedule Variance { get; } = Hyperparameter.NotNegative(Variance);

    /// <summary>γ, 0 or more.</summary>
    public double Decay { get; } = Hyperparameter.NotNegative(Decay);

    /// <inheritdoc/>
    public override string Name => "gradient-noise";

    /// <inheritdoc/>
    public override string Formula => "u + √(σ²/(1+t)^γ)·ξ, ξ ~ N(0, 1)";

    /// <summary>Noise whose variance falls by a power of the step.</summary>
    /// <param name="variance">σ², 0 or more: the variance of the first step.</param>
    /// <param name="decay">γ, 0 or more.</param>
    /// <param name="seed">The seed.</param>
    public static GradientNoise Annealed(Schedule variance, double decay = 0.55, ulong seed = 0) => new(variance, decay, seed);

    /// <summary>Noise of a variance that is a number or follows a schedule.</summary>
    /// <param name="variance">σ², 0 or more.</param>
    /// <param name="seed">The seed.</param>
    public static GradientNoise Of(Schedule variance, ulong seed = 0) => new(variance, 0, seed);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        scope.ReportHyperparameter(Variance);
        if (Variance is ConstantSchedule { Value: 0 })
        {
            return update;
        }

        Tensor deviation = scope.Scalar("deviation", step => Math.Sqrt(Variance.At(step) / Math.Pow(1.0 + step, Decay)));
        return update + (deviation * scope.Noise(Seed));
    }
}
