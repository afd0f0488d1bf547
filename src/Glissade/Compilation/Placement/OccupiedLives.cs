using System.Numerics;

namespace Glissade.Compilation;

/// <summary>What is taken of a block during which steps, asked for the lowest place that is free during a life.</summary>
/// <remarks>
/// A binary tree over the steps. A life is made of a few nodes that lie wholly in it and in no other such node; there it is kept as one that lasts for
/// all steps of the node, and there and in the nodes above as one that lasts for some. So the ranges taken during a life are those of some lasting in its
/// nodes and those of all lasting above them: a number of joined sets that grows by the logarithm of the steps, however many buffers there are
/// (de Berg, Cheong, van Kreveld and Overmars 2008, Computational Geometry, section 10.3, on segment trees).
/// </remarks>
internal sealed class OccupiedLives
{
    private readonly int _leaves;
    private readonly OccupiedRanges?[] _throughout, _sometimes;
    private readonly List<int> _nodes = [], _above = [];
    private readonly List<OccupiedRanges> _met = [];

    /// <summary>Nothing is taken.</summary>
    /// <param name="steps">Steps are from 0 to one less.</param>
    public OccupiedLives(int steps)
    {
        _leaves = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, steps));
        (_throughout, _sometimes) = (new OccupiedRanges?[2 * _leaves], new OccupiedRanges?[2 * _leaves]);
    }

    /// <summary>The lowest offset where so many elements are free from the first step to the last.</summary>
    public long LowestFree(long length, int first, int last)
    {
        FindNodes(first, last);
        _met.Clear();
        foreach (int node in _nodes)
        {
            AddMet(_sometimes[node]);
        }

        foreach (int node in _above)
        {
            AddMet(_throughout[node]);
        }

        // An offset that each set in turn leaves as it is, is free in all.
        long offset = 0;
        for (int unmoved = 0, at = 0; unmoved < _met.Count; at = (at + 1) % _met.Count)
        {
            long free = _met[at].LowestFree(offset, length);
            unmoved = free == offset ? unmoved + 1 : 1;
            offset = free;
        }

        return offset;
    }

    /// <summary>Takes a range from the first step to the last.</summary>
    public void Add(long start, long end, int first, int last)
    {
        FindNodes(first, last);
        foreach (int node in _nodes)
        {
            (_throughout[node] ??= new OccupiedRanges()).Add(start, end);
            (_sometimes[node] ??= new OccupiedRanges()).Add(start, end);
        }

        foreach (int node in _above)
        {
            (_sometimes[node] ??= new OccupiedRanges()).Add(start, end);
        }
    }

    private void AddMet(OccupiedRanges? ranges)
    {
        if (ranges is not null)
        {
            _met.Add(ranges);
        }
    }

    /// <summary>The largest nodes that together are the steps of a life, and those above them.</summary>
    private void FindNodes(int first, int last)
    {
        _nodes.Clear();
        for (int low = first + _leaves, high = last + _leaves + 1; low < high; low >>= 1, high >>= 1)
        {
            if ((low & 1) == 1)
            {
                _nodes.Add(low++);
            }

            if ((high & 1) == 1)
            {
                _nodes.Add(--high);
            }
        }

        // What is above one of them also has steps before the life or after it, and so stands above its first step or its last. Such a node may also
        // lie within the life, where it does no harm: what is said of it is true.
        _above.Clear();
        for (int low = first + _leaves, high = last + _leaves; low > 0; low >>= 1, high >>= 1)
        {
            _above.Add(low);
            if (high != low)
            {
                _above.Add(high);
            }
        }
    }
}
