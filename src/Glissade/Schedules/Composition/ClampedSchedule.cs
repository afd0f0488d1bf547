namespace Glissade.Schedules;

/// <summary>A schedule with every value held between two bounds: min(max(a(t), low), high).</summary>
/// <param name="Inner">The schedule.</param>
/// <param name="Low">The least value; −∞ for no bound.</param>
/// <param name="High">The greatest value, not below <paramref name="Low"/>; +∞ for no bound.</param>
/// <exception cref="ArgumentNullException"><paramref name="Inner"/> is null.</exception>
/// <exception cref="ArgumentOutOfRangeException">A bound is not a number, or they are the wrong way round.</exception>
public sealed record ClampedSchedule(Schedule Inner, double Low, double High) : Schedule
{
    /// <summary>The schedule that is bounded.</summary>
    public Schedule Inner { get; } = ScheduleArguments.Part(Inner);

    /// <summary>The least value.</summary>
    public double Low { get; } = double.IsNaN(Low) || double.IsPositiveInfinity(Low)
        ? throw new ArgumentOutOfRangeException(nameof(Low), Low, "'Low' must be a number, or −∞ for no bound.")
        : Low;

    /// <summary>The greatest value.</summary>
    public double High { get; } = High >= Low && !double.IsNegativeInfinity(High)
        ? High
        : throw new ArgumentOutOfRangeException(nameof(High), High, $"'High' must not be below 'Low', which is {Show(Low)}, nor −∞.");

    /// <inheritdoc/>
    /// <remarks>That of the schedule inside: the bound may bring the value to rest earlier, which is not looked for.</remarks>
    public override long? Length => Inner.Length;

    /// <inheritdoc/>
    protected override double ValueAt(long step) => Math.Clamp(Inner.At(step), Low, High);

    /// <inheritdoc/>
    protected override (double Low, double High) BoundsTo(long last)
    {
        (double low, double high) = Inner.Bounds(last);
        return (Math.Clamp(low, Low, High), Math.Clamp(high, Low, High));
    }

    /// <inheritdoc/>
    protected override string Describe() => $"({Inner}) held between {Show(Low)} and {Show(High)}";
}
