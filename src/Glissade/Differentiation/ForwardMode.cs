namespace Glissade.Differentiation;

/// <summary>Forward-mode differentiation as a transformation of the graph: every node gets the change that changes of the inputs bring about.</summary>
/// <remarks>Griewank and Walther (2008), Evaluating Derivatives, section 3.1. The result is a graph like any other, so it can be differentiated again.</remarks>
internal static class ForwardMode
{
    /// <summary>Σᵢ (∂output/∂xᵢ)·tangentᵢ for each output; null where it does not change.</summary>
    /// <remarks>A variable that is computed from another changes with it, beside its own tangent: each derivative is the total one, as by reverse mode.</remarks>
    public static Tensor?[] Push(IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> variables, IReadOnlyList<Tensor> variableTangents)
    {
        Tensor[] nodes = Graph.Ancestors(outputs);
        HashSet<Tensor> dependent = Graph.Dependents(nodes, variables);
        var tangents = new Dictionary<Tensor, Tensor>();
        for (int i = 0; i < variables.Count; i++)
        {
            tangents[variables[i]] = tangents.TryGetValue(variables[i], out Tensor? given) ? given + variableTangents[i] : variableTangents[i];
        }

        foreach (Tensor node in nodes)
        {
            if (!dependent.Contains(node))
            {
                continue;
            }

            Tensor?[] inputs = [.. node.Inputs.Select(i => tangents.GetValueOrDefault(i))];
            if (Array.Exists(inputs, t => t is not null) && node.Operation.Tangent(node, inputs) is { } tangent)
            {
                tangents[node] = tangents.TryGetValue(node, out Tensor? own) ? own + tangent : tangent;
            }
        }

        return [.. outputs.Select(o => tangents.GetValueOrDefault(o))];
    }
}
