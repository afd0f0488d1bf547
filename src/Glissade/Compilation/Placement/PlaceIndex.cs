using System.Numerics;
using Glissade.Numerics;

namespace Glissade.Compilation;

/// <summary>Values by where they stand, so that those in a range are found without looking at all of them.</summary>
/// <remarks>Ranges of one vector may overlap; they are kept in the order of their beginnings, each with how far those up to it reach at most.</remarks>
internal sealed class PlaceIndex<T, TItem>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Dictionary<FlatVector<T>, (Entry[] Entries, long[] Reach)> _byVector = [];

    /// <summary>An index of some values.</summary>
    /// <param name="values">Where each stands, how many numbers it has, and what it is.</param>
    public PlaceIndex(IEnumerable<(Place<T> Place, int Length, TItem Item)> values)
    {
        foreach (IGrouping<FlatVector<T>, Entry> group in values.Select((v, i) => new Entry(v.Place, v.Length, v.Item, i)).GroupBy(v => v.Place.Vector))
        {
            Entry[] entries = [.. group.OrderBy(e => e.Place.Offset)];
            var reach = new long[entries.Length];
            long furthest = 0;
            for (int i = 0; i < entries.Length; i++)
            {
                furthest = Math.Max(furthest, (long)entries[i].Place.Offset + entries[i].Place.Room(entries[i].Length));
                reach[i] = furthest;
            }

            _byVector.Add(group.Key, (entries, reach));
        }
    }

    /// <summary>The values that share a number with a range, in the order in which they were given.</summary>
    public IEnumerable<TItem> Overlapping(Place<T> place, int length)
    {
        if (!_byVector.TryGetValue(place.Vector, out (Entry[] Entries, long[] Reach) all))
        {
            return [];
        }

        // The first that reaches beyond where the range begins; the reach never falls.
        int first = Array.BinarySearch(all.Reach, (long)place.Offset + 1);
        first = first < 0 ? ~first : first;
        while (first > 0 && all.Reach[first - 1] > place.Offset)
        {
            first--;
        }

        long end = (long)place.Offset + place.Room(length);
        var found = new List<Entry>();
        for (int i = first; i < all.Entries.Length && all.Entries[i].Place.Offset < end; i++)
        {
            if (Place<T>.Overlap(all.Entries[i].Place, all.Entries[i].Length, place, length))
            {
                found.Add(all.Entries[i]);
            }
        }

        return found.OrderBy(e => e.Number).Select(e => e.Item);
    }

    private readonly record struct Entry(Place<T> Place, int Length, TItem Item, int Number);
}
