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
        lowered = passes.FuseProducts ? FuseMatrixProducts(lowered) : lowered;
        lowered = passes.StoreCompactly ? RoundedOperand.Apply(lowered) : lowered;
        return Graph.Rewrite(lowered, MaterializeBroadcasts);
    }

    /// <summary>The node on other inputs.</summary>
    internal static Tensor Rebuild(Tensor node, Tensor[] inputs) =>
        inputs.AsSpan().SequenceEqual(node.Inputs) ? node : node.Trace.Add(node.Operation, inputs);

    private static Tensor[] FuseMatrixProducts(Tensor[] outputs)
    {
        Dictionary<Tensor, int> uses = Graph.UseCounts(outputs);

        // A node may be fused into its user only if nobody else needs it; the keys are nodes before, the values after rewriting.
        var usedOnce = new HashSet<Tensor>();
        return Graph.Rewrite(outputs, (node, inputs) =>
        {
            Tensor result = Fuse(node, inputs);
            if (uses[node] == 1)
            {
                usedOnce.Add(result);
            }

            return result;
        });

        Tensor Fuse(Tensor node, Tensor[] inputs)
        {
            if (node.Operation is Add)
            {
                for (int side = 0; side < 2; side++)
                {
                    (Tensor product, Tensor bias) = (inputs[side], inputs[1 - side]);
                    if (product.Operation is MatrixMultiply m && product.Shape.Rank == 2 && usedOnce.Contains(product) && bias.Shape.Count == product.Shape[1] && bias.Shape.Count > 1
                        && bias.Shape[-1] == bias.Shape.Count && node.Shape.Rank == 2)
                    {
                        return node.Trace.Add(new MatrixMultiplyFused(m.TransposeLeft, m.TransposeRight, Bias: true, Rectify: false), product.Inputs[0], product.Inputs[1], bias);
                    }
                }
            }

            if (node.Operation is Relu && usedOnce.Contains(inputs[0]))
            {
                if (inputs[0].Operation is MatrixMultiplyFused { Rectify: false } biased)
                {
                    return node.Trace.Add(biased with { Rectify = true }, inputs[0].Inputs);
                }

                if (inputs[0].Operation is MatrixMultiply plain)
                {
                    return node.Trace.Add(new MatrixMultiplyFused(plain.TransposeLeft, plain.TransposeRight, Bias: false, Rectify: true), inputs[0].Inputs);
                }
            }

            return Rebuild(node, inputs);
        }
    }

    private static Tensor MaterializeBroadcasts(Tensor node, Tensor[] inputs)
    {
        if (node.Operation is BroadcastTo copy)
        {
            return Splits.Of(inputs[0], copy.Shape) == 0 ? node.Trace.Add(new MaterializedBroadcast(copy.Shape), inputs) : Rebuild(node, inputs);
        }

        if (node.Operation is ElementwiseOperation)
        {
            uint common = ~0u;
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
