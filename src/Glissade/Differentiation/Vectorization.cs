namespace Glissade.Differentiation;

/// <summary>Turns a graph for one index of a batch into the graph for all of them, operation by operation.</summary>
internal static class Vectorization
{
    /// <summary>The outputs with a batch axis in front.</summary>
    /// <param name="outputs">For one index.</param>
    /// <param name="examples">Nodes that stand for one index of the batches.</param>
    /// <param name="batches">The whole batches, the batch axis in front.</param>
    public static Tensor[] Map(IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> examples, IReadOnlyList<Tensor> batches)
    {
        int batch = batches[0].Shape[0];
        Tensor[] nodes = Graph.Ancestors(outputs);
        var mapped = new Dictionary<Tensor, Tensor>();
        for (int i = 0; i < examples.Count; i++)
        {
            mapped.Add(examples[i], batches[i]);
        }

        foreach (Tensor node in nodes)
        {
            if (mapped.ContainsKey(node))
            {
                continue;
            }

            bool[] isMapped = [.. node.Inputs.Select(mapped.ContainsKey)];
            if (Array.IndexOf(isMapped, true) >= 0)
            {
                mapped.Add(node, node.Operation.Vectorize(node, [.. node.Inputs.Select(i => mapped.GetValueOrDefault(i, i))], isMapped));
            }
        }

        return [.. outputs.Select(o => mapped.TryGetValue(o, out Tensor? all) ? all : Functions.BroadcastTo(o, new([batch, .. o.Shape.Lengths])))];
    }
}
