namespace Glissade.Schedules;

/// <summary>A schedule for so many steps, then at rest on the value it has reached.</summary>
/// <param name="Inner">The schedule.</param>
/// <param name="Steps">n, the length, 1 or more.</param>
/// <exception cref="ArgumentNullException"><paramref name="Inner"/> is null.</exception>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="Steps"/> is below 1.</exception>
/// <remarks>η(t) = a(min(t, n)).</remarks>
public sealed record HeldSchedule(Schedule Inner, long Steps) : Schedule
{
    /// <summary>The schedule that is given a length.</summary>
    public Schedule Inner { get; } = ScheduleArguments.Part(Inner);

    /// <summary>The length.</summary>
    public long Steps { get; } = ScheduleArguments.Steps(Steps);

    /// <inheritdoc/>
    public override long? Length => Steps;

    /// <inheritdoc/>
    protected override double ValueAt(long step) => Inner.At(Math.Min(step, Steps));

    /// <inheritdoc/>
    protected override (double Low, double High) BoundsTo(long last) => Inner.Bounds(Math.Min(last, Steps));

    /// <inheritdoc/>
    protected override string Describe() => $"({Inner}) for {ShowSteps(Steps)}";
}
