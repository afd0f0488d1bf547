namespace Glissade.Schedules;

/// <summary>Linear warm-up in which no step is wasted.</summary>
/// <param name="To">The value at the last of the n warm-up steps and after; finite.</param>
/// <param name="Steps">n, 1 or more.</param>
/// <param name="From">Where the ramp stands <em>before</em> the first step; finite.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
/// <remarks>
/// η(t) = from + (to − from)(t + 1)/n for t &lt; n, then to.
/// <para>
/// The ramp counts the step that is being taken: the k-th of n steps stands k/n of the way. So a warm-up from 0 begins at to/n, where a line that
/// begins at 0 would spend its first step going nowhere. A ramp whose first step stands at <c>from</c> itself, as in PyTorch's LinearLR, is
/// <see cref="LinearSchedule"/>.
/// </para>
/// <para>Goyal et al. (2017), Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour.</para>
/// </remarks>
public sealed record WarmupSchedule(double To, long Steps, double From = 0) : Schedule
{
    /// <summary>The value at the last warm-up step and after.</summary>
    public double To { get; } = ScheduleArguments.Finite(To);

    /// <summary>Number of warm-up steps.</summary>
    public long Steps { get; } = ScheduleArguments.Steps(Steps);

    /// <summary>Where the ramp stands before the first step.</summary>
    public double From { get; } = ScheduleArguments.Finite(From);

    /// <inheritdoc/>
    public override long? Length => Steps;

    /// <inheritdoc/>
    protected override double ValueAt(long step) => step >= Steps - 1 ? To : Between(From, To, (step + 1.0) / Steps);

    /// <inheritdoc/>
    protected override string Describe() => $"warm-up from {Show(From)} to {Show(To)} over {ShowSteps(Steps)}";
}
