using Glissade.Numerics;

namespace Glissade.Differentiation.Operations;

/// <summary>The product of two matrices, either of them transposed.</summary>
internal sealed record MatrixMultiply(bool TransposeLeft, bool TransposeRight) : Operation
{
    public override string Name => "matrix-product";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs)
    {
        (Shape left, Shape right) = (inputs[0].Shape, inputs[1].Shape);
        if (left.Rank != 2 || right.Rank != 2)
        {
            throw Misfit(Name, left, right, "both must be matrices.");
        }

        if (left[TransposeLeft ? 0 : 1] != right[TransposeRight ? 1 : 0])
        {
            string how = (TransposeLeft, TransposeRight) switch
            {
                (false, false) => "columns of the first must equal rows of the second.",
                (true, false) => "rows of the first, which is transposed, must equal rows of the second.",
                (false, true) => "columns of the first must equal columns of the second, which is transposed.",
                (true, true) => "rows of the first must equal columns of the second; both are transposed.",
            };
            throw Misfit(Name, left, right, how);
        }

        return new Shape(left[TransposeLeft ? 1 : 0], right[TransposeRight ? 0 : 1]);
    }

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint)
    {
        (Tensor a, Tensor b) = (node.Inputs[0], node.Inputs[1]);

        // C = AB gives dA = dC·Bᵀ and dB = Aᵀ·dC; a transposed operand gets the transposed product, so nothing is ever copied.
        Tensor da = TransposeLeft
            ? Functions.MatrixProduct(b, adjoint, TransposeRight, true)
            : Functions.MatrixProduct(adjoint, b, false, !TransposeRight);
        Tensor db = TransposeRight
            ? Functions.MatrixProduct(adjoint, a, true, TransposeLeft)
            : Functions.MatrixProduct(a, adjoint, !TransposeLeft, false);
        return [da, db];
    }
}

/// <summary>A matrix product with a bias for each column and a rectifier at its end; what the compiler makes of the separate operations.</summary>
internal sealed record MatrixMultiplyFused(bool TransposeLeft, bool TransposeRight, bool Bias, bool Rectify) : Operation
{
    public override string Name => "matrix-product" + (Bias ? "+bias" : "") + (Rectify ? "+relu" : "");

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => new MatrixMultiply(TransposeLeft, TransposeRight).ShapeOf(inputs[..2]);

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) =>
        throw new NotSupportedException("Fused operations appear after differentiation.");
}
