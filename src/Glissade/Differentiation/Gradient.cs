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

        Tensor[] nodes = Graph.Ancestors([output]);
        var dependent = new HashSet<Tensor>(variables);
        foreach (Tensor node in nodes)
        {
            if (node.Inputs.Any(dependent.Contains))
            {
                dependent.Add(node);
            }
        }

        var adjoints = new Dictionary<Tensor, Tensor> { [output] = output.Trace.Constant(1) };
        var stopAt = new HashSet<Tensor>(variables);
        for (int n = nodes.Length - 1; n >= 0; n--)
        {
            Tensor node = nodes[n];
            if (!dependent.Contains(node) || !adjoints.TryGetValue(node, out Tensor? adjoint))
            {
                continue;
            }

            if (stopAt.Contains(node) && !node.Inputs.Any(dependent.Contains))
            {
                continue;
            }

            Tensor?[] contributions = node.Operation.Adjoints(node, adjoint);
            for (int i = 0; i < node.Inputs.Length; i++)
            {
                Tensor input = node.Inputs[i];
                if (contributions[i] is { } contribution && dependent.Contains(input))
                {
                    adjoints[input] = adjoints.TryGetValue(input, out Tensor? sum) ? sum + contribution : contribution;
                }
            }
        }

        return [.. variables.Select(x => adjoints.TryGetValue(x, out Tensor? adjoint)
            ? Functions.BroadcastTo(adjoint, x.Shape)
            : Functions.BroadcastTo(x.Trace.Constant(0), x.Shape))];
    }
}
