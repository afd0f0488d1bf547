using Glissade.Differentiation.Operations;

namespace Glissade.Differentiation;

/// <summary>Reverse-mode differentiation as a transformation of the graph.</summary>
/// <remarks>
/// Each node is a constraint zᵢ = fᵢ(z) and each adjoint its Lagrange multiplier; going backwards through the nodes solves for the multipliers
/// one by one (Griewank and Walther 2008, Evaluating Derivatives). The result is a graph like any other, so it can be differentiated again.
/// </remarks>
internal static class Gradient
{
    /// <summary>∂<paramref name="output"/>/∂x for each x, as nodes of the same trace.</summary>
    /// <exception cref="ArgumentException"><paramref name="output"/> is not a scalar.</exception>
    public static Tensor[] Of(Tensor output, IReadOnlyList<Tensor> variables)
    {
        if (output.Shape.Rank != 0)
        {
            throw new ArgumentException($"Only a scalar has a gradient, but the output has the shape {output.Shape}; reduce it first, with Sum or Mean.", nameof(output));
        }

        return Pull([output], [output.Trace.Constant(1)], variables);
    }

    /// <summary>Σⱼ (∂outputⱼ/∂x)ᵀ·λⱼ for each x: the adjoints of the variables, given those of the outputs.</summary>
    public static Tensor[] Pull(IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> outputAdjoints, IReadOnlyList<Tensor> variables)
    {
        Dictionary<Tensor, Tensor> adjoints = Adjoints(outputs, outputAdjoints, variables);
        return AtRoundedResults(outputs, [.. variables.Select(x => adjoints.TryGetValue(x, out Tensor? adjoint)
            ? Functions.BroadcastTo(adjoint, x.Shape)
            : Functions.BroadcastTo(x.Trace.Constant(0), x.Shape))]);
    }

    /// <summary>Reads the rounded result in the place of every result that the function itself only uses rounded.</summary>
    private static Tensor[] AtRoundedResults(IReadOnlyList<Tensor> outputs, Tensor[] adjoints)
    {
        Tensor[] roundings = [.. Graph.Ancestors(outputs).Where(n => n.Operation is IRounding && n.Inputs[0].Operation is not Leaf)];
        if (roundings.Length == 0)
        {
            return adjoints;
        }

        Dictionary<Tensor, int> uses = Graph.UseCounts(outputs);
        Dictionary<Tensor, Tensor> kept = roundings.Where(r => uses[r.Inputs[0]] == 1).ToDictionary(r => r.Inputs[0]);
        return Graph.Rewrite(adjoints, (node, inputs) =>
        {
            // What an input was rewritten to is looked up by the input as it was.
            Tensor[] read = node.Operation is IRounding ? inputs : [.. inputs.Select((x, i) => kept.GetValueOrDefault(node.Inputs[i], x))];
            return read.AsSpan().SequenceEqual(node.Inputs) ? node : node.Trace.Add(node.Operation, read);
        });
    }

    /// <summary>The adjoint of every node between the variables and the outputs, both included, through which anything flows.</summary>
    public static Dictionary<Tensor, Tensor> Adjoints(IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> outputAdjoints, IReadOnlyList<Tensor> variables)
    {
        Tensor[] nodes = Graph.Ancestors(outputs);
        HashSet<Tensor> dependent = Graph.Dependents(nodes, variables);
        var adjoints = new Dictionary<Tensor, Tensor>();
        for (int j = 0; j < outputs.Count; j++)
        {
            Accumulate(outputs[j], outputAdjoints[j]);
        }

        var pieces = new Dictionary<Tensor, PieceAdjoints>();
        var stopAt = new HashSet<Tensor>(variables);
        for (int n = nodes.Length - 1; n >= 0; n--)
        {
            // All users have been visited, so the adjoint is complete once the adjoints of slices are put together.
            Tensor node = nodes[n];
            if (pieces.TryGetValue(node, out PieceAdjoints? parts))
            {
                Accumulate(node, parts.Assemble(node));
            }

            if (!dependent.Contains(node) || !adjoints.TryGetValue(node, out Tensor? adjoint))
            {
                continue;
            }

            if (stopAt.Contains(node) && !node.Inputs.Any(dependent.Contains))
            {
                continue;
            }

            if (node.Operation is Slice slice)
            {
                if (!pieces.TryGetValue(node.Inputs[0], out parts))
                {
                    pieces[node.Inputs[0]] = parts = new PieceAdjoints();
                }

                parts.Add(slice, adjoint);
                continue;
            }

            Tensor?[] contributions = node.Operation.Adjoints(node, adjoint, [.. node.Inputs.Select(dependent.Contains)]);
            for (int i = 0; i < node.Inputs.Length; i++)
            {
                if (contributions[i] is { } contribution && dependent.Contains(node.Inputs[i]))
                {
                    Accumulate(node.Inputs[i], contribution);
                }
            }
        }

        return adjoints;

        void Accumulate(Tensor node, Tensor contribution) =>
            adjoints[node] = adjoints.TryGetValue(node, out Tensor? sum) ? sum + contribution : contribution;
    }
}
