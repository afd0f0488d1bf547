using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Glissade.Compilation;

/// <summary>Ranges of a block that are taken, those that touch joined to one.</summary>
/// <remarks>Most programs are compiled before the runtime would have made fast code of its searches, so it is told to do so at once.</remarks>
internal sealed class OccupiedRanges
{
    /// <summary>By their start; none touches another, so they are by their end as well.</summary>
    private readonly List<(long Start, long End)> _ranges = [];

    /// <summary>The lowest offset from a given one on where so many elements are free.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public long LowestFree(long offset, long length)
    {
        ReadOnlySpan<(long Start, long End)> ranges = CollectionsMarshal.AsSpan(_ranges);
        for (int at = FirstEndingAfter(offset); at < ranges.Length && ranges[at].Start < offset + length; at++)
        {
            offset = Math.Max(offset, ranges[at].End);
        }

        return offset;
    }

    /// <summary>Takes a range, of which parts may be taken already.</summary>
    public void Add(long start, long end)
    {
        // A range that ends where this one starts touches it.
        int first = FirstEndingAfter(start - 1), last = first;
        for (; last < _ranges.Count && _ranges[last].Start <= end; last++)
        {
            (start, end) = (Math.Min(start, _ranges[last].Start), Math.Max(end, _ranges[last].End));
        }

        if (last == first)
        {
            _ranges.Insert(first, (start, end));
        }
        else
        {
            _ranges[first] = (start, end);
            _ranges.RemoveRange(first + 1, last - first - 1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FirstEndingAfter(long offset)
    {
        ReadOnlySpan<(long Start, long End)> ranges = CollectionsMarshal.AsSpan(_ranges);
        int low = 0, high = ranges.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = ranges[middle].End > offset ? (low, middle) : (middle + 1, high);
        }

        return low;
    }
}
