using Glissade.Differentiation;
using Glissade.Differentiation.Operations;

namespace Glissade.Compilation.Rewriting;

/// <summary>Lets matrix products and convolutions add the bias and rectify at their end, and the gradient of a pooled maximum pass through the rectifier before it.</summary>
internal static class ProductEnds
{
    public static Tensor[] Apply(Tensor[] outputs)
    {
        Dictionary<Tensor, int> uses = Graph.UseCounts(outputs);

        // A node may be fused into its user only if nobody else needs it; the keys are nodes before, the values after rewriting.
        var usedOnce = new HashSet<Tensor>();
        return Graph.Rewrite(outputs, (node, inputs) =>
        {
            Tensor result = Fuse(node, inputs, usedOnce) ?? Lowering.Rebuild(node, inputs);
            if (uses[node] == 1)
            {
                usedOnce.Add(result);
            }

            return result;
        });
    }

    private static Tensor? Fuse(Tensor node, Tensor[] inputs, HashSet<Tensor> usedOnce)
    {
        if (node.Operation is Relu && usedOnce.Contains(inputs[0]))
        {
            return Replace(inputs[0], usedOnce, Rectified);
        }

        // What the rectifier gave is what the maxima were sought in, and is read for them anyway.
        if (node.Operation is Select && inputs is [{ Operation: Greater } mask, { Operation: MaximumPoolingAdjoint pooling } adjoint, { Operation: Constant { Value: 0 } }]
            && usedOnce.Contains(adjoint) && mask.Inputs is [var rectified, { Operation: Constant { Value: 0 } }] && rectified == adjoint.Inputs[0])
        {
            return node.Trace.Add(new MaximumPoolingAdjointMasked(pooling.Geometry), adjoint.Inputs);
        }

        for (int side = 0; node.Operation is Add && side < 2; side++)
        {
            (Tensor product, Tensor bias) = (inputs[side], inputs[1 - side]);
            bool fits = usedOnce.Contains(product) && product.Shape == node.Shape && product.Shape.Rank > 1
                && bias.Shape.Count == product.Shape[-1] && bias.Shape.Count > 1 && bias.Shape[-1] == bias.Shape.Count;
            if (fits && Replace(product, usedOnce, p => Biased(p, bias)) is { } fused)
            {
                return fused;
            }
        }

        return null;
    }

    /// <summary>A product with another end, which may be seen through a change of shape that leaves its columns alone; null for what is no product.</summary>
    private static Tensor? Replace(Tensor value, HashSet<Tensor> usedOnce, Func<Tensor, Tensor?> end)
    {
        if (value.Operation is not Reshape)
        {
            return end(value);
        }

        Tensor seen = value.Inputs[0];
        bool isProduct = seen.Operation is MatrixMultiplyFused || (seen.Operation is MatrixMultiply && usedOnce.Contains(seen));
        return isProduct && seen.Shape.Rank == 2 && value.Shape.Rank > 0 && value.Shape[-1] == seen.Shape[-1] && end(seen) is { } fused
            ? value.Trace.Add(value.Operation, fused)
            : null;
    }

    private static Tensor? Biased(Tensor product, Tensor bias) => product.Operation switch
    {
        MatrixMultiply m when product.Shape.Rank == 2 => product.Trace.Add(new MatrixMultiplyFused(m.TransposeLeft, m.TransposeRight, Bias: true, Rectify: false), product.Inputs[0], product.Inputs[1], bias),
        Convolve c => product.Trace.Add(new ConvolveFused(c.Geometry, c.Groups, Bias: true, Rectify: false), product.Inputs[0], product.Inputs[1], bias),
        _ => null,
    };

    private static Tensor? Rectified(Tensor product) => product.Operation switch
    {
        MatrixMultiplyFused { Rectify: false } biased => product.Trace.Add(biased with { Rectify = true }, product.Inputs),
        MatrixMultiply plain => product.Trace.Add(new MatrixMultiplyFused(plain.TransposeLeft, plain.TransposeRight, Bias: false, Rectify: true), product.Inputs),
        ConvolveFused { Rectify: false } biased => product.Trace.Add(biased with { Rectify = true }, product.Inputs),
        Convolve plain => product.Trace.Add(new ConvolveFused(plain.Geometry, plain.Groups, Bias: false, Rectify: true), product.Inputs),
        _ => null,
    };
}
