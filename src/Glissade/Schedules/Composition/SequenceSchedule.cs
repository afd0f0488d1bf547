namespace Glissade.Schedules;

/// <summary>One schedule over its length, then another.</summary>
/// <remarks>
/// η(t) = a(t) for t &lt; n, then b(t − n), where n is the length of a. Where b begins with the value at which a ends, the whole has no jump.
/// <para>
/// A row of more than two leans to the right, a then (b then c), however it was written, so that rows of equal parts are equal.
/// </para>
/// </remarks>
public sealed record SequenceSchedule : Schedule
{
    private readonly long _firstLength;

    private SequenceSchedule(Schedule first, long firstLength, Schedule next)
    {
        First = first;
        _firstLength = firstLength;
        Next = next;
        Length = next.Length is { } rest ? checked(firstLength + rest) : null;
    }

    /// <summary>The first schedule, itself not a sequence.</summary>
    public Schedule First { get; }

    /// <summary>What follows the first schedule; its step 0 is the first one's end.</summary>
    public Schedule Next { get; }

    /// <inheritdoc/>
    public override long? Length { get; }

    /// <summary>The two, one after the other.</summary>
    /// <param name="first">Needs an end, and a length above 0.</param>
    /// <param name="next">What follows.</param>
    /// <exception cref="ArgumentException"><paramref name="first"/> has no end, or no length.</exception>
    /// <exception cref="OverflowException">The two together are longer than a <see cref="long"/> can count.</exception>
    public static SequenceSchedule Of(Schedule first, Schedule next)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(next);
        if (first is SequenceSchedule row)
        {
            return new SequenceSchedule(row.First, row._firstLength, Of(row.Next, next));
        }

        return first.Length switch
        {
            null => throw new ArgumentException($"Nothing can follow a schedule that changes for ever ({first}); give it an end with For(steps).", nameof(first)),
            0 => throw new ArgumentException($"A schedule of length 0 ({first}) would never be seen before the next; say with For(steps) how long it holds.", nameof(first)),
            { } length => new SequenceSchedule(first, length, next),
        };
    }

    /// <inheritdoc/>
    protected override double ValueAt(long step)
    {
        // A loop, not a recursion: rows may be long, and this is asked at every step.
        SequenceSchedule part = this;
        while (step >= part._firstLength)
        {
            step -= part._firstLength;
            if (part.Next is not SequenceSchedule following)
            {
                return part.Next.At(step);
            }

            part = following;
        }

        return part.First.At(step);
    }

    /// <inheritdoc/>
    protected override (double Low, double High) BoundsTo(long last)
    {
        (double low, double high) = (double.PositiveInfinity, double.NegativeInfinity);
        for (Schedule? part = this; part is not null;)
        {
            (Schedule shape, long length, Schedule? next) = part is SequenceSchedule row ? (row.First, row._firstLength, row.Next) : (part, long.MaxValue, null);
            (double partLow, double partHigh) = shape.Bounds(Math.Min(last, length - 1));
            (low, high) = (Math.Min(low, partLow), Math.Max(high, partHigh));
            part = last >= length ? next : null;
            last -= length;
        }

        return (low, high);
    }

    /// <inheritdoc/>
    protected override string Describe() => $"{First}, then {Next}";
}
