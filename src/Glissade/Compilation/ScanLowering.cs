using Glissade.Differentiation;
using Glissade.Differentiation.Operations;

namespace Glissade.Compilation;

/// <summary>Leaves out what of loops need not be computed.</summary>
internal static class ScanLowering
{
    public static IReadOnlyList<Tensor> Apply(IReadOnlyList<Tensor> outputs) =>
        Graph.Ancestors(outputs).Any(n => n.Operation is Scan) ? DropUnreadResults(JoinExtensions(outputs)) : outputs;

    /// <summary>A loop that is also computed as the beginning of another, as a forward pass is by the one that keeps values for the way back, is read from that.</summary>
    private static Tensor[] JoinExtensions(IReadOnlyList<Tensor> outputs)
    {
        Tensor[] extensions = [.. Graph.Ancestors(outputs).Where(n => n.Operation is Scan { Base: not null })];
        return Graph.Rewrite(outputs, (node, inputs) =>
        {
            if (node.Operation is Slice slice)
            {
                return Functions.Slice(inputs[0], slice.Axis, slice.Start, slice.Length);
            }

            if (node.Operation is not Scan)
            {
                return Lowering.Rebuild(node, inputs);
            }

            Operation last = node.Operation;
            while (Array.Find(extensions, e => last.Equals(((Scan)e.Operation).Base) && e.Inputs.AsSpan().SequenceEqual(node.Inputs)) is { } extension)
            {
                last = extension.Operation;
            }

            return Functions.Slice(Functions.Node(last, inputs), 0, 0, node.Shape.Count);
        });
    }

    /// <summary>Results of which no part is taken are not stacked.</summary>
    private static Tensor[] DropUnreadResults(Tensor[] outputs)
    {
        var read = new Dictionary<Tensor, List<(int Start, int End)>>();
        foreach (Tensor node in Graph.Ancestors(outputs))
        {
            foreach (Tensor input in node.Inputs)
            {
                Read(input, node.Operation is Slice slice ? (slice.Start, slice.Start + slice.Length) : (0, input.Shape.Count));
            }
        }

        foreach (Tensor output in outputs)
        {
            Read(output, (0, output.Shape.Count));
        }

        var dropped = new Dictionary<Tensor, int[]>();
        return Graph.Rewrite(outputs, (node, inputs) =>
        {
            if (node.Operation is Scan scan)
            {
                dropped[node] = Unread(scan, read.GetValueOrDefault(node) ?? []);
                Scan shorter = dropped[node].Length == 0 ? scan : scan with { Body = scan.Body.WithOutputs(i => Array.IndexOf(dropped[node], i) < 0), Base = null };
                return Functions.Node(shorter, inputs);
            }

            if (node.Operation is Slice slice && dropped.TryGetValue(node.Inputs[0], out int[]? gone))
            {
                var from = (Scan)node.Inputs[0].Operation;
                int before = gone.Where(d => from.Offset(d) < slice.Start).Sum(d => from.Offset(d + 1) - from.Offset(d));
                return Functions.Slice(inputs[0], 0, slice.Start - before, slice.Length);
            }

            return Lowering.Rebuild(node, inputs);
        });

        void Read(Tensor source, (int, int) range)
        {
            if (source.Operation is Scan)
            {
                if (!read.TryGetValue(source, out List<(int, int)>? ranges))
                {
                    read[source] = ranges = [];
                }

                ranges.Add(range);
            }
        }
    }

    private static int[] Unread(Scan scan, List<(int Start, int End)> read) =>
    [
        .. Enumerable.Range(scan.Body.Carries, scan.Body.Results)
            .Where(r => !read.Exists(range => range.Start < scan.Offset(r + 1) && range.End > scan.Offset(r))),
    ];
}
