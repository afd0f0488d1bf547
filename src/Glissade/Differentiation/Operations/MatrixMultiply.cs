using Glissade.Numerics;

namespace Glissade.Differentiation.Operations;

/// <summary>The product of two matrices, either of them transposed, or of one for each index of leading batch axes.</summary>
/// <remarks>Batch axes are equal, or one operand has none and is the same matrix for the whole batch.</remarks>
internal sealed record MatrixMultiply(bool TransposeLeft, bool TransposeRight) : Operation
{
    public override string Name => "matrix-product";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs)
    {
        (Shape left, Shape right) = (inputs[0].Shape, inputs[1].Shape);
        if (left.Rank < 2 || right.Rank < 2)
        {
            throw Misfit(Name, left, right, "both must be matrices, or have one for each index of their first axes.");
        }

        if (left[TransposeLeft ? -2 : -1] != right[TransposeRight ? -1 : -2])
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

        ReadOnlySpan<int> batch = left.Rank > 2 ? left.Lengths[..^2] : right.Lengths[..^2];
        if (left.Rank > 2 && right.Rank > 2 && !left.Lengths[..^2].SequenceEqual(right.Lengths[..^2]))
        {
            throw Misfit(Name, left, right, "the axes before the last two must be equal.");
        }

        return new Shape([.. batch, left[TransposeLeft ? -1 : -2], right[TransposeRight ? -2 : -1]]);
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
        return [Functions.SumTo(da, a.Shape), Functions.SumTo(db, b.Shape)];
    }

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents)
    {
        Tensor? left = tangents[0] is { } da ? Functions.Node(this, da, node.Inputs[1]) : null;
        Tensor? right = tangents[1] is { } db ? Functions.Node(this, node.Inputs[0], db) : null;
        return left is null ? right : right is null ? left : left + right;
    }

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped)
    {
        Tensor[] operands = BatchOperands(node, inputs, mapped);
        return Functions.MatrixProduct(operands[0], operands[1], TransposeLeft, TransposeRight);
    }

    /// <summary>The operands of a node of matrices that may have batch axes, as <see cref="Vectorize"/> gets them, with batch axes that fit again.</summary>
    public static Tensor[] BatchOperands(Tensor node, Tensor[] inputs, bool[] mapped)
    {
        int batch = BatchOf(inputs, mapped);
        bool isShared(int i) => !mapped[i] && node.Inputs[i].Shape.Rank == 2;

        // An operand with batch axes of its own needs the new one too; one without is shared by both kinds of batch.
        return [.. inputs.Select((x, i) => isShared(i) ? x : Aligned(WithBatch(x, mapped[i], batch), node.Shape.Rank + 1, node.Shape))];
    }

    /// <summary>A mapped matrix among operands with batch axes: copied along theirs.</summary>
    private static Tensor Aligned(Tensor x, int rank, Shape result)
    {
        if (x.Shape.Rank == rank)
        {
            return x;
        }

        ReadOnlySpan<int> lengths = x.Shape.Lengths;
        Tensor spaced = Functions.Reshape(x, new Shape([lengths[0], .. Enumerable.Repeat(1, rank - lengths.Length), .. lengths[1..]]));
        return Functions.BroadcastTo(spaced, new Shape([lengths[0], .. result.Lengths[..^2], .. lengths[1..]]));
    }
}

/// <summary>A matrix product with a bias for each column and a rectifier at its end; what the compiler makes of the separate operations.</summary>
internal sealed record MatrixMultiplyFused(bool TransposeLeft, bool TransposeRight, bool Bias, bool Rectify) : LoweredOperation
{
    public override string Name => "matrix-product" + (Bias ? "+bias" : "") + (Rectify ? "+relu" : "");

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => new MatrixMultiply(TransposeLeft, TransposeRight).ShapeOf(inputs[..2]);
}
