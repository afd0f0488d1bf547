namespace Glissade.Compilation;

/// <summary>Places buffers with known lifetimes in one block: those that never live at once may share memory.</summary>
internal static class Arena
{
    /// <summary>Offsets for the buffers, each at the lowest place that is free for its whole life, in the order that needs the least memory.</summary>
    /// <remarks>
    /// The order is by size (largest first), by size times length of life, by the length of life, or by the first step; where two need the same, the
    /// former is taken. As soon as one reaches the lower bound no other is tried.
    /// </remarks>
    /// <param name="buffers">Length in elements and the first and last step of each life.</param>
    /// <param name="granule">Offsets are multiples of it.</param>
    /// <param name="length">Length of the block.</param>
    public static int[] Place(IReadOnlyList<(int Length, int First, int Last)> buffers, int granule, out int length)
    {
        Buffer[] rounded = [.. buffers.Select((b, i) => new Buffer(i, Rounded(b.Length, granule), b.First, b.Last))];
        long bound = LowerBound(rounded);
        int[] best = Place([.. rounded.OrderByDescending(b => b.Length).ThenBy(b => b.Index)], out long least);
        Func<Buffer, long>[] orders = [b => -(long)b.Length * b.Life, b => -b.Life, b => b.First];
        foreach (Func<Buffer, long> order in orders)
        {
            if (least == bound)
            {
                break;
            }

            int[] offsets = Place([.. rounded.OrderBy(order).ThenByDescending(b => b.Length).ThenBy(b => b.Index)], out long needed);
            if (needed < least)
            {
                (best, least) = (offsets, needed);
            }
        }

        length = Fits(least);
        return best;
    }

    /// <summary>Offsets for the buffers, no two sharing anything.</summary>
    /// <inheritdoc cref="Place(IReadOnlyList{ValueTuple{int, int, int}}, int, out int)"/>
    public static int[] PlaceApart(IReadOnlyList<(int Length, int First, int Last)> buffers, int granule, out int length) =>
        Place([.. buffers.Select(b => (b.Length, 0, 0))], granule, out length);

    /// <summary>The most that lives at one step: no placement needs less.</summary>
    /// <param name="buffers">Length in elements and the first and last step of each life.</param>
    /// <param name="granule">Lengths count as rounded up to multiples of it.</param>
    public static long LowerBound(IReadOnlyList<(int Length, int First, int Last)> buffers, int granule) =>
        LowerBound([.. buffers.Select((b, i) => new Buffer(i, Rounded(b.Length, granule), b.First, b.Last))]);

    private static long LowerBound(Buffer[] buffers)
    {
        var changes = new SortedDictionary<int, long>();
        foreach (Buffer buffer in buffers)
        {
            changes[buffer.First] = changes.GetValueOrDefault(buffer.First) + buffer.Length;
            changes[buffer.Last + 1] = changes.GetValueOrDefault(buffer.Last + 1) - buffer.Length;
        }

        long live = 0, most = 0;
        foreach (long change in changes.Values)
        {
            live += change;
            most = Math.Max(most, live);
        }

        return most;
    }

    private static int[] Place(Buffer[] ordered, out long length)
    {
        int[] offsets = new int[ordered.Length];
        int start = ordered.Length == 0 ? 0 : ordered.Min(b => b.First), end = ordered.Length == 0 ? 0 : ordered.Max(b => b.Last);
        var occupied = new OccupiedLives(end - start + 1);
        length = 0;
        foreach (Buffer buffer in ordered)
        {
            // Empty buffers are in nobody's way.
            if (buffer.Length > 0)
            {
                (int first, int last) = (buffer.First - start, buffer.Last - start);
                int offset = offsets[buffer.Index] = Fits(occupied.LowestFree(buffer.Length, first, last));
                occupied.Add(offset, offset + (long)buffer.Length, first, last);
                length = Math.Max(length, offset + (long)buffer.Length);
            }
        }

        return offsets;
    }

    private static int Rounded(int length, int granule) => Fits((length + (long)granule - 1) / granule * granule);

    /// <summary>Refuses what one block cannot hold.</summary>
    private static int Fits(long length) => length <= int.MaxValue
        ? (int)length
        : throw new ArgumentException($"The values that this program needs at once have {length} elements or more, but one block of memory holds at most {int.MaxValue}: work on smaller batches, or use 'Checkpointed' or 'Scan'.");

    private readonly record struct Buffer(int Index, int Length, int First, int Last)
    {
        public long Life => (long)Last - First + 1;
    }
}
