namespace Glissade.Updates;

/// <summary>Why a step was not applied.</summary>
public enum SkipReason
{
    /// <summary>It was applied.</summary>
    None,

    /// <summary>The gradient, or its norm, was infinite or not a number.</summary>
    NonFiniteGradient,

    /// <summary>The loss was infinite or not a number, so its gradient was not asked for.</summary>
    NonFiniteLoss,

    /// <summary>The new estimate of the curvature was infinite or not a number somewhere; it was thrown away.</summary>
    NonFiniteCurvature,

    /// <summary>Nothing is wrong: the gradient was added to those of other micro-batches, and the step is not due yet. See <see cref="Accumulate"/>.</summary>
    Accumulating,
}

/// <summary>What one step did.</summary>
/// <param name="Skipped">Why it was not applied; <see cref="SkipReason.None"/> if it was.</param>
/// <param name="GradientNorm">‖g‖₂ before any rule; under <see cref="Accumulate"/> that of the mean gradient of which the step was made, and of a call that made none, that of the micro-batch alone. One that the gradient's program measured may differ from it by some roundings.</param>
/// <param name="UpdateNorm">‖θ′ − θ‖₂ as the chain asked for; 0 for a skipped step. NaN if an element of the update, or of θ after it, was not finite; infinite only if the length is beyond <see cref="double"/>. No element of θ ever becomes infinite or NaN: one that would stays as it was, but the others have moved and states may be spoilt, so θ and state should then be taken from a saved one.</param>
/// <param name="LearningRate">Product of the chain's learning rates at this step, with the factor that the updater puts on them; of rates for some parameters only, the greatest.</param>
/// <param name="Clipped">Whether a rule clipped the update; <see cref="Updater{T}.Clips"/> says which rule, and how much of it.</param>
public readonly record struct StepOutcome(SkipReason Skipped, double GradientNorm, double UpdateNorm, double LearningRate, bool Clipped)
{
    /// <summary>Whether θ was changed.</summary>
    public bool Applied => Skipped == SkipReason.None;

    /// <summary>Whether the step was lost: neither applied nor, as a micro-batch, kept for a later one.</summary>
    public bool IsLost => Skipped is not (SkipReason.None or SkipReason.Accumulating);
}
