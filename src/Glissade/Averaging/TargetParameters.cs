using Glissade.Differentiation;
using Glissade.Schedules;
using Glissade.Updates;

namespace Glissade.Averaging;

/// <summary>Parameters that follow θ slowly, or every so many steps: those of a target network, a teacher, a momentum encoder.</summary>
/// <remarks>
/// Soft: θ̄ ← (1−τ)θ̄ + τθ at every step (Lillicrap et al. 2016, Continuous Control with Deep Reinforcement Learning).
/// Hard: θ̄ ← θ every k steps (Mnih et al. 2015, Human-Level Control through Deep Reinforcement Learning). Both begin at the first parameters.
/// </remarks>
public sealed record TargetParameters : ParameterAverage
{
    private TargetParameters(Schedule share, long period) => (Rate, Period) = (share, period);

    /// <inheritdoc/>
    public override string Name => Period == 1 ? "soft-target" : "hard-target";

    /// <inheritdoc/>
    public override string Formula => Period == 1 ? "θ̄ ← (1−τ)θ̄ + τθ" : "θ̄ ← θ every k steps";

    /// <summary>τ in [0, 1]: the share of θ in an update of the target.</summary>
    public Schedule Rate { get; }

    /// <summary>k: steps between updates of the target.</summary>
    public long Period { get; }

    /// <summary>A target that moves a little at every step.</summary>
    /// <param name="rate">τ in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">τ begins outside [0, 1].</exception>
    public static TargetParameters Soft(Schedule rate) => new(Hyperparameter.Share(rate), 1);

    /// <summary>A target that is set to θ every so many steps.</summary>
    /// <param name="period">k, 2 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The period is below 2: the target would be θ itself.</exception>
    public static TargetParameters Hard(long period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 2);
        return new TargetParameters(1.0, period);
    }

    /// <inheritdoc/>
    protected internal override Tensor Share(RuleScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        scope.ReportHyperparameter(Rate);
        return scope.Scalar("share", step => (step + 1) % Period == 0 ? Rate.At(step) : 0);
    }
}
