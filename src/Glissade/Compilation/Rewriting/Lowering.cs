using Glissade.Compilation.Storage;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation.Rewriting;

/// <summary>A copy along axes that no fused loop can read directly, made once.</summary>
internal sealed record MaterializedBroadcast(Shape Shape) : LoweredOperation
{
    public override string Name => "copy-broadcast";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => Shape;
}

/// <summary>Rewrites a differentiated graph into what the executors run: no markers, products with their bias and rectifier, broadcasts that loops can read.</summary>
internal static class Lowering
{
    public static Tensor[] Apply(IReadOnlyList<Tensor> outputs, CompilerPasses passes)
    {
        Tensor[] lowered = Graph.Rewrite(ScanLowering.Apply(outputs), (node, inputs) => node.Operation is StopGradient ? inputs[0] : Rebuild(node, inputs));
        lowered = passes.Simplify ? Simplification.Apply(lowered) : lowered;
        lowered = passes.Fold ? Folding.Apply(lowered) : lowered;
        lowered = passes.FuseProducts ? ProductEnds.Apply(lowered) : lowered;
        lowered = passes.StoreCompactly ? RoundedOperand.Apply(lowered) : lowered;
        return Graph.Rewrite(lowered, MaterializeBroadcasts);
    }

    /// <summary>The node on other inputs.</summary>
    internal static Tensor Rebuild(Tensor node, Tensor[] inputs) =>
        inputs.AsSpan().SequenceEqual(node.Inputs) ? node : node.Trace.Add(node.Operation, inputs);

    private static Tensor MaterializeBroadcasts(Tensor node, Tensor[] inputs)
    {
        if (node.Operation is BroadcastTo copy)
        {
            return Splits.Of(inputs[0], copy.Shape) == 0 ? node.Trace.Add(new MaterializedBroadcast(copy.Shape), inputs) : Rebuild(node, inputs);
        }

        if (node.Operation is ElementwiseOperation)
        {
            UInt128 common = Splits.Any;
            foreach (Tensor input in inputs)
            {
                common &= Splits.Of(input, node.Shape);
            }

            if (common == 0)
            {
                inputs = [.. inputs.Select(i => i.Shape.Count == 1 || i.Shape == node.Shape ? i : node.Trace.Add(new MaterializedBroadcast(node.Shape), i))];
            }
        }

        return Rebuild(node, inputs);
    }
}
