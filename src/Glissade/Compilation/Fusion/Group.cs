using Glissade.Differentiation;
using Glissade.Numerics;

namespace Glissade.Compilation;

/// <summary>Nodes that run together: the elementwise operations and reductions of one loop, or one other operation.</summary>
internal sealed class Group
{
    private HashSet<Group> _users = [], _inputs = [];
    private Group? _mergedInto;

    /// <summary>The shape looped over; null for an operation that is no loop.</summary>
    public Shape? Iteration { get; init; }

    /// <summary>What the loop makes of the product that is its first member; null for a loop of its own.</summary>
    public MaskedEnd? MaskedEnd { get; set; }

    /// <summary>The stage of the program to which it belongs.</summary>
    public required int Stage { get; init; }

    /// <summary>The splits into rows and columns that suit all members.</summary>
    public UInt128 Splits { get; set; } = Compilation.Splits.Any;

    /// <summary>The nodes, inputs before users; empty until all groups are made.</summary>
    public List<Tensor> Members { get; } = [];

    /// <summary>The group that this one has become part of; itself at first.</summary>
    public Group Current
    {
        get
        {
            Group current = this;
            while (current._mergedInto is { } next)
            {
                current = next;
            }

            // Whoever was passed on the way points straight at the end from now on.
            for (Group passed = this; passed._mergedInto is { } next && next != current; passed = next)
            {
                passed._mergedInto = current;
            }

            return current;
        }
    }

    /// <summary>Says that a group reads results of this one.</summary>
    public void AddUser(Group user)
    {
        if (user != this)
        {
            _users.Add(user);
            user._inputs.Add(this);
        }
    }

    /// <summary>Makes another group part of this one.</summary>
    public void Absorb(Group other)
    {
        other._mergedInto = this;
        Splits &= other.Splits;
        _users = Union(_users, other._users);
        _inputs = Union(_inputs, other._inputs);
        (other._users, other._inputs) = ([], []);
    }

    /// <summary>Whether a path leads from this group to another.</summary>
    /// <remarks>
    /// It is looked for from both ends at once, always at the end where it costs less: mostly one of them has few groups beyond it,
    /// and when those are used up there is no path.
    /// </remarks>
    public bool Reaches(Group target)
    {
        var forward = new Search(this, isForward: true);
        var backward = new Search(target, isForward: false);
        while (!forward.IsDone && !backward.IsDone)
        {
            if (forward.NextCost <= backward.NextCost ? forward.Step(backward) : backward.Step(forward))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The edges with groups that have been merged replaced by what they have become part of.</summary>
    private HashSet<Group> Renew(HashSet<Group> edges)
    {
        foreach (Group edge in edges)
        {
            if (edge._mergedInto is not null)
            {
                HashSet<Group> renewed = [.. edges.Select(e => e.Current)];
                renewed.Remove(this);
                return renewed;
            }
        }

        edges.Remove(this);
        return edges;
    }

    /// <summary>The smaller set moves into the larger, so that however the groups are merged each edge moves seldom.</summary>
    private static HashSet<Group> Union(HashSet<Group> a, HashSet<Group> b)
    {
        (HashSet<Group> large, HashSet<Group> small) = a.Count >= b.Count ? (a, b) : (b, a);
        large.UnionWith(small);
        return large;
    }

    /// <summary>One end of a search for a path.</summary>
    private sealed class Search
    {
        private readonly bool _isForward;
        private readonly HashSet<Group> _seen;
        private readonly Queue<Group> _pending;
        private int _cost;

        public Search(Group start, bool isForward)
        {
            _isForward = isForward;
            _seen = [start];
            _pending = new Queue<Group>(_seen);
        }

        public bool IsDone => _pending.Count == 0;

        /// <summary>Edges looked at when those of the next group will have been.</summary>
        public int NextCost => _cost + (_isForward ? _pending.Peek()._users : _pending.Peek()._inputs).Count;

        /// <summary>Looks at the edges of one group; true if one of them leads to what the other end has seen.</summary>
        public bool Step(Search other)
        {
            Group group = _pending.Dequeue();
            HashSet<Group> edges = _isForward ? group._users = group.Renew(group._users) : group._inputs = group.Renew(group._inputs);
            _cost += 1 + edges.Count;
            foreach (Group next in edges)
            {
                if (other._seen.Contains(next))
                {
                    return true;
                }

                if (_seen.Add(next))
                {
                    _pending.Enqueue(next);
                }
            }

            return false;
        }
    }
}
