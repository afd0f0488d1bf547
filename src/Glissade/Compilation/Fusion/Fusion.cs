using Glissade.Compilation.Storage;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation;

/// <summary>Joins elementwise operations, and the reductions at their end, into loops.</summary>
/// <remarks>
/// Nodes are taken from the outputs backwards, so when a node is looked at, all its users have a group. It joins the group of a user that loops
/// over its shape, unless another user must run before that group; groups that both use the node are made one where no path between them forbids it.
/// So a value is computed where it is used last, and is stored only if another group needs it.
/// </remarks>
internal sealed class Fusion
{
    private readonly Dictionary<Tensor, Group> _groupOf = [];
    private readonly Dictionary<Tensor, List<Tensor>> _users = [];
    private readonly Dictionary<Tensor, int> _stages;

    private readonly bool _joins;

    private Fusion(Tensor[] nodes, Dictionary<Tensor, int> stages, bool joins)
    {
        (_stages, _joins) = (stages, joins);
        foreach (Tensor node in nodes)
        {
            foreach (Tensor input in node.Inputs)
            {
                if (!_users.TryGetValue(input, out List<Tensor>? users))
                {
                    _users[input] = users = [];
                }

                users.Add(node);
            }
        }
    }

    /// <summary>The groups in an order in which they can run, earlier stages first.</summary>
    /// <param name="nodes">Inputs before users.</param>
    /// <param name="stages">The stage of each.</param>
    /// <param name="joins">Whether operations are joined into loops at all.</param>
    public static List<Group> Plan(Tensor[] nodes, Dictionary<Tensor, int> stages, bool joins)
    {
        var fusion = new Fusion(nodes, stages, joins);
        for (int n = nodes.Length - 1; n >= 0; n--)
        {
            if (nodes[n].Operation is not Leaf)
            {
                fusion.Place(nodes[n]);
            }
        }

        if (joins)
        {
            fusion.MergeSiblings();
        }

        foreach (Tensor node in nodes.Where(n => n.Operation is not Leaf))
        {
            fusion.GroupOf(node).Members.Add(node);
        }

        return fusion.Order(nodes);
    }

    public static bool IsView(Tensor node) => node.Operation switch
    {
        Reshape or RoundedOperand => true,
        Slice slice => node.Inputs[0].Shape.Lengths[..slice.Axis].IndexOfAnyExcept(1) < 0,
        _ => false,
    };

    private void Place(Tensor node)
    {
        Shape? iteration = node.Operation switch
        {
            ElementwiseOperation or BroadcastTo => node.Shape,
            Reduce => node.Inputs[0].Shape,
            _ => null,
        };
        UInt128 splits = iteration is { } shape ? SplitsOf(node, shape) : Splits.Any;
        Group? host = node.Operation is Reduce || !_joins ? null : FindHost(node, iteration, splits);
        if (host is null)
        {
            host = new Group { Iteration = iteration, Stage = _stages[node] };
        }

        host.Splits &= splits;
        _groupOf[node] = host;
        foreach (Tensor user in UsersOf(node))
        {
            host.AddUser(GroupOf(user));
        }
    }

    private Group GroupOf(Tensor node) => _groupOf[node].Current;

    private List<Tensor> UsersOf(Tensor node) => _users.GetValueOrDefault(node) ?? [];

    private static UInt128 SplitsOf(Tensor node, Shape iteration)
    {
        UInt128 splits = Splits.All(iteration.Rank);
        if (node.Operation is Reduce reduce)
        {
            return reduce.Axes == iteration.Rank ? splits : Splits.At(reduce.Leading ? reduce.Axes : iteration.Rank - reduce.Axes);
        }

        foreach (Tensor input in node.Inputs)
        {
            splits &= Splits.Of(input, iteration);
        }

        return splits;
    }

    private Group? FindHost(Tensor node, Shape? iteration, UInt128 splits)
    {
        if (iteration is null)
        {
            return null;
        }

        List<Group> users = [.. UsersOf(node).Select(GroupOf).Distinct()];
        List<Group> candidates = [.. users.Where(g => g.Iteration == iteration && g.Stage == _stages[node] && (g.Splits & splits) != 0)];
        var chains = new ReachingChains(candidates);
        chains.Begin(0);
        for (int i = candidates.Count - 1; i > 0; i--)
        {
            if (!chains.IsKnown(i) && TryMerge(candidates[0], candidates[i], splits))
            {
                chains.Absorb(i);
                users.Remove(candidates[i]);
                candidates.RemoveAt(i);
            }
        }

        return candidates.Find(host => users.TrueForAll(u => u == host || !u.Reaches(host)));
    }

    /// <summary>Makes two groups one, unless either needs the other's results: a loop reads finished values only, so even a direct need forbids it.</summary>
    private static bool TryMerge(Group kept, Group absorbed, UInt128 splits)
    {
        if ((kept.Splits & absorbed.Splits & splits) == 0 || kept.Reaches(absorbed) || absorbed.Reaches(kept))
        {
            return false;
        }

        kept.Absorb(absorbed);
        return true;
    }

    /// <summary>Loops of one shape that read the same large value run as one where they can.</summary>
    private void MergeSiblings()
    {
        foreach ((Tensor value, List<Tensor> users) in _users)
        {
            if (value.Shape.Count == 1)
            {
                continue;
            }

            List<Group> readers = [.. users.Select(GroupOf).Where(g => g.Iteration is not null).Distinct()];
            var chains = new ReachingChains(readers);
            for (int i = 0; i < readers.Count; i++)
            {
                chains.Begin(i);
                for (int j = readers.Count - 1; j > i; j--)
                {
                    if (!chains.IsKnown(j) && readers[i].Iteration == readers[j].Iteration && readers[i].Stage == readers[j].Stage && TryMerge(readers[i], readers[j], Splits.Any))
                    {
                        chains.Absorb(j);
                        readers.RemoveAt(j);
                    }
                }
            }
        }
    }

    private List<Group> Order(Tensor[] nodes)
    {
        var ordered = new List<Group>();
        var done = new HashSet<Group>();
        foreach (int stage in _stages.Values.Distinct().Order())
        {
            foreach (Tensor node in nodes)
            {
                // A group comes in the order of its last member: an early one, such as a condition on a result of long ago, would draw all that the others
                // need before what could run and free its inputs.
                if (node.Operation is not Leaf && _stages[node] == stage && GroupOf(node).Members[^1] == node)
                {
                    Visit(GroupOf(node));
                }
            }
        }

        return ordered;

        // Groups before their users, by a stack of our own: a long recurrence would overflow the thread's.
        void Visit(Group first)
        {
            var path = new Stack<(Group Group, bool IsReady)>([(first, false)]);
            while (path.TryPop(out (Group Group, bool IsReady) next))
            {
                if (next.IsReady)
                {
                    ordered.Add(next.Group);
                }
                else if (done.Add(next.Group))
                {
                    path.Push((next.Group, true));
                    foreach (Tensor input in next.Group.Members.SelectMany(m => m.Inputs))
                    {
                        if (input.Operation is not Leaf && !done.Contains(GroupOf(input)))
                        {
                            path.Push((GroupOf(input), false));
                        }
                    }
                }
            }
        }
    }

    internal static int ChooseSplit(Group group) => (int)UInt128.TrailingZeroCount(group.Splits);
}
