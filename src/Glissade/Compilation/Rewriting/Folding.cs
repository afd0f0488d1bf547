using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation.Rewriting;

/// <summary>A value that depends on constants alone and is computed when the program is built.</summary>
/// <param name="Source">What it is computed from.</param>
internal sealed record FoldedConstant(Tensor Source) : Leaf
{
    public override string Name => "folded";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => Source.Shape;
}

/// <summary>Finds what depends on constants alone.</summary>
internal static class Folding
{
    /// <summary>Elements above which a value is computed in every run, so that a program does not keep large tables that are made quickly.</summary>
    private const int MostElements = 1 << 16;

    /// <summary>The outputs with each value of constants replaced by a leaf, as late in the graph as its size allows.</summary>
    /// <remarks>Copies of a number along axes stay: a loop reads the number. So do views, of which what they view is folded.</remarks>
    public static Tensor[] Apply(IReadOnlyList<Tensor> outputs)
    {
        var folded = new HashSet<Tensor>();
        var elements = new Dictionary<Tensor, long>();
        foreach (Tensor node in Graph.Ancestors(outputs))
        {
            if (node.Operation is Constant or ArrayConstant)
            {
                elements[node] = node.Shape.Count;
            }
            else if (node.Operation is not Leaf && Array.TrueForAll(node.Inputs, elements.ContainsKey))
            {
                // What is used twice counts twice, and twice again further on; beyond what a value can have, how much more makes no difference.
                long given = elements[node] = Math.Min(int.MaxValue, node.Inputs.Sum(i => elements[i]));
                if (node.Operation is not BroadcastTo && !Fusion.IsView(node) && node.Shape.Count <= Math.Max(MostElements, given))
                {
                    folded.Add(node);
                }
            }
        }

        return folded.Count == 0 ? [.. outputs] : Graph.Rewrite(outputs, (node, inputs) => folded.Contains(node)
            ? node.Trace.Add(new FoldedConstant(node))
            : Lowering.Rebuild(node, inputs));
    }
}
