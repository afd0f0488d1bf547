namespace Glissade.Differentiation;

/// <summary>Walks over graphs.</summary>
internal static class Graph
{
    /// <summary>The roots and all they are computed from, inputs before users.</summary>
    public static Tensor[] Ancestors(IEnumerable<Tensor> roots)
    {
        // Ids are positions in the trace: each node goes to its own, and those that are there are in order already.
        var pending = new Stack<Tensor>(roots);
        var found = new Tensor?[pending.Count == 0 ? 0 : pending.Max(r => r.Id) + 1];
        int count = 0;
        while (pending.TryPop(out Tensor? node))
        {
            if (found[node.Id] is null)
            {
                found[node.Id] = node;
                count++;
                foreach (Tensor input in node.Inputs)
                {
                    if (found[input.Id] is null)
                    {
                        pending.Push(input);
                    }
                }
            }
        }

        var nodes = new Tensor[count];
        int next = 0;
        foreach (Tensor? node in found)
        {
            if (node is not null)
            {
                nodes[next++] = node;
            }
        }

        return nodes;
    }

    /// <summary>The roots built again in a trace, from given tensors in the place of some of theirs.</summary>
    /// <param name="roots">What to build.</param>
    /// <param name="given">Replacements, of the trace; what stands behind them is not looked at.</param>
    /// <param name="trace">Where to build.</param>
    public static Tensor[] Transplant(IReadOnlyList<Tensor> roots, IReadOnlyDictionary<Tensor, Tensor> given, Trace trace)
    {
        var built = new Dictionary<Tensor, Tensor>(given);
        var pending = new Stack<(Tensor Node, bool IsReady)>(roots.Reverse().Select(r => (r, false)));
        while (pending.TryPop(out (Tensor Node, bool IsReady) next))
        {
            if (built.ContainsKey(next.Node))
            {
                continue;
            }

            if (next.IsReady)
            {
                built.Add(next.Node, trace.Add(next.Node.Operation, [.. next.Node.Inputs.Select(i => built[i])]));
                continue;
            }

            pending.Push((next.Node, true));
            foreach (Tensor input in next.Node.Inputs)
            {
                pending.Push((input, false));
            }
        }

        return [.. roots.Select(r => built[r])];
    }

    /// <summary>The sources, and those of the nodes that are computed from them.</summary>
    /// <param name="nodes">Inputs before users.</param>
    /// <param name="sources">Where it begins.</param>
    public static HashSet<Tensor> Dependents(IEnumerable<Tensor> nodes, IEnumerable<Tensor> sources)
    {
        var dependent = new HashSet<Tensor>(sources);
        foreach (Tensor node in nodes)
        {
            if (Array.Exists(node.Inputs, dependent.Contains))
            {
                dependent.Add(node);
            }
        }

        return dependent;
    }

    /// <summary>The roots rebuilt with each node replaced by what <paramref name="replace"/> makes of it and its already replaced inputs.</summary>
    public static Tensor[] Rewrite(IReadOnlyList<Tensor> roots, Func<Tensor, Tensor[], Tensor> replace)
    {
        Tensor[] nodes = Ancestors(roots);
        var replaced = new Tensor[nodes.Length == 0 ? 0 : nodes[^1].Id + 1];
        foreach (Tensor node in nodes)
        {
            var inputs = new Tensor[node.Inputs.Length];
            for (int i = 0; i < inputs.Length; i++)
            {
                inputs[i] = replaced[node.Inputs[i].Id];
            }

            replaced[node.Id] = replace(node, inputs);
        }

        return [.. roots.Select(r => replaced[r.Id])];
    }

    /// <summary>How often each node is used as an input, or as a root.</summary>
    public static Dictionary<Tensor, int> UseCounts(IReadOnlyList<Tensor> roots)
    {
        var counts = new Dictionary<Tensor, int>();
        foreach (Tensor node in Ancestors(roots).SelectMany(n => n.Inputs).Concat(roots))
        {
            counts[node] = counts.GetValueOrDefault(node) + 1;
        }

        return counts;
    }
}
