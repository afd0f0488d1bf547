namespace Glissade.Differentiation;

/// <summary>Walks over graphs.</summary>
internal static class Graph
{
    /// <summary>The roots and all they are computed from, inputs before users.</summary>
    public static Tensor[] Ancestors(IEnumerable<Tensor> roots)
    {
        var seen = new HashSet<Tensor>();
        var pending = new Stack<Tensor>(roots);
        while (pending.TryPop(out Tensor? node))
        {
            if (seen.Add(node))
            {
                foreach (Tensor input in node.Inputs)
                {
                    pending.Push(input);
                }
            }
        }

        Tensor[] nodes = [.. seen];
        Array.Sort(nodes, (a, b) => a.Id.CompareTo(b.Id));
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
        var replaced = new Dictionary<Tensor, Tensor>();
        foreach (Tensor node in Ancestors(roots))
        {
            replaced[node] = replace(node, [.. node.Inputs.Select(i => replaced[i])]);
        }

        return [.. roots.Select(r => replaced[r])];
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
