namespace Glissade.Schedules;

/// <summary>A schedule with every value multiplied by a factor: f·a(t).</summary>
/// <param name="Inner">The schedule.</param>
/// <param name="Factor">f; finite, of either sign.</param>
/// <exception cref="ArgumentNullException"><paramref name="Inner"/> is null.</exception>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="Factor"/> is not finite.</exception>
/// <remarks>A factor of 0 stays 0 even where the schedule has grown beyond all numbers.</remarks>
public sealed record ScaledSchedule(Schedule Inner, double Factor) : Schedule
{
    /// <summary>The schedule that is scaled.</summary>
    public Schedule Inner { get; } = ScheduleArguments.Part(Inner);

    /// <summary>The factor.</summary>
    public double Factor { get; } = ScheduleArguments.Finite(Factor);

    /// <inheritdoc/>
    public override long? Length => Inner.Length;

    /// <inheritdoc/>
    protected override double ValueAt(long step) => ProductSchedule.Times(Factor, Inner.At(step));

    /// <inheritdoc/>
    protected override (double Low, double High) BoundsTo(long last)
    {
        (double low, double high) = Inner.Bounds(last);
        (double a, double b) = (ProductSchedule.Times(Factor, low), ProductSchedule.Times(Factor, high));
        return Factor >= 0 ? (a, b) : (b, a);
    }

    /// <inheritdoc/>
    protected override string Describe() => $"({Inner}) scaled by {Show(Factor)}";
}
