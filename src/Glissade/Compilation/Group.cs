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

    /// <summary>The stage of the program to which it belongs.</summary>
    public required int Stage { get; init; }

    /// <summary>The splits into rows and columns that suit all members.</summary>
    public uint Splits { get; set; } = ~0u;

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
    /// It is looked for from both ends at once, always at the end that has cost less: mostly one of them has few groups beyond it,
    /// and when those are used up there is no path.
    /// </remarks>
    public bool Reaches(Group target)
    {
        var forward = new Search(this);
        var backward = new Search(target);
        while (!forward.IsDone && !backward.IsDone)
        {
            if (forward.Cost <= backward.Cost ? forward.Step(g => g.Users(), backward) : backward.Step(g => g.Inputs(), forward))
            {
                return true;
            }
        }

        return false;
    }

    private HashSet<Group> Users() => _users = Renew(_users);

    private HashSet<Group> Inputs() => _inputs = Renew(_inputs);

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
        private readonly HashSet<Group> _seen;
        private readonly Stack<Group> _pending;

        public Search(Group start)
        {
            _seen = [start];
            _pending = new Stack<Group>(_seen);
        }

        public bool IsDone => _pending.Count == 0;

        /// <summary>Edges looked at so far, and those of the group that is next.</summary>
        public int Cost { get; private set; }

        /// <summary>Looks at the edges of one group; true if one of them leads to what the other end has seen.</summary>
        public bool Step(Func<Group, HashSet<Group>> edges, Search other)
        {
            HashSet<Group> next = edges(_pending.Pop());
            Cost += 1 + next.Count;
            foreach (Group group in next)
            {
                if (other._seen.Contains(group))
                {
                    return true;
                }

                if (_seen.Add(group))
                {
                    _pending.Push(group);
                }
            }

            return false;
        }
    }
}
