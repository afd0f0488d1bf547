namespace Glissade.Schedules;

/// <summary>A schedule of a given length, again and again.</summary>
/// <param name="Inner">The schedule; needs an end, and a length above 0.</param>
/// <param name="Count">How often, 1 or more; null for ever.</param>
/// <exception cref="ArgumentNullException"><paramref name="Inner"/> is null.</exception>
/// <exception cref="ArgumentException"><paramref name="Inner"/> has no end, or no length.</exception>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="Count"/> is below 1, or the whole is longer than a <see cref="long"/> counts.</exception>
/// <remarks>η(t) = a(t mod n), where n is the length of a; after the last time a(n), its end.</remarks>
public sealed record RepeatedSchedule(Schedule Inner, long? Count = null) : Schedule
{
    /// <summary>The schedule that is repeated.</summary>
    public Schedule Inner { get; } = ScheduleArguments.Part(Inner).Length switch
    {
        null => throw new ArgumentException($"A schedule that changes for ever ({Inner}) cannot begin again; give it an end with For(steps).", nameof(Inner)),
        0 => throw new ArgumentException($"A schedule of length 0 ({Inner}) has nothing to repeat; say with For(steps) how long it holds.", nameof(Inner)),
        _ => Inner,
    };

    /// <summary>How often; null for ever.</summary>
    public long? Count { get; } = Count is null || (Count >= 1 && Count <= long.MaxValue / Inner.Length) ? Count : throw new ArgumentOutOfRangeException(
        nameof(Count), Count, $"'Count' must be 1 or more, and the whole no longer than {long.MaxValue} steps.");

    /// <inheritdoc/>
    public override long? Length => Count * Inner.Length;

    /// <inheritdoc/>
    protected override double ValueAt(long step)
    {
        long length = Inner.Length!.Value;
        return step >= Length ? Inner.At(length) : Inner.At(step % length);
    }

    /// <inheritdoc/>
    protected override (double Low, double High) BoundsTo(long last)
    {
        // The end itself is only reached after the last time.
        long length = Inner.Length!.Value;
        return Inner.Bounds(last >= Length ? length : Math.Min(last, length - 1));
    }

    /// <inheritdoc/>
    protected override string Describe() => $"({Inner}) {(Count is { } times ? times == 1 ? "once" : $"{ShowCount(times)} times" : "again and again")}";
}
