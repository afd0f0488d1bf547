namespace Glissade.Schedules;

/// <summary>A hyperparameter over time: a pure function of the step.</summary>
/// <remarks>
/// A constant is a schedule that does not move, so every hyperparameter is one. A schedule has no state: knowing the step is knowing the value,
/// so a resumed run follows the same curve. Immutable; free to share between threads.
/// </remarks>
public abstract record Schedule
{
    /// <summary>The value at a step.</summary>
    /// <param name="step">Steps taken so far: 0 for the first step.</param>
    public abstract double At(long step);

    /// <summary>Steps until the value no longer changes; null where it changes for ever.</summary>
    public abstract long? Length { get; }
}
