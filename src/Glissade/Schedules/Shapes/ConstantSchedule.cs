namespace Glissade.Schedules;

/// <summary>The same value at every step: c.</summary>
/// <param name="Value">The value; finite.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="Value"/> is not finite.</exception>
public sealed record ConstantSchedule(double Value) : Schedule
{
    /// <summary>The value at every step.</summary>
    public double Value { get; } = ScheduleArguments.Finite(Value);

    /// <inheritdoc/>
    public override long? Length => 0;

    /// <inheritdoc/>
    protected override double ValueAt(long step) => Value;

    /// <inheritdoc/>
    protected override string Describe() => Show(Value);
}
