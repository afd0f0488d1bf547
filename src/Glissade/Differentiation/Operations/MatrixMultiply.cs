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
        Shape result = ResultOf(left, right);
        CheckJoined(Name, left, right);
        return result;
    }

    /// <summary>The shape of the product of operands whose batch axes broadcast, and of which a vector on the left is a row and one on the right a column.</summary>
    /// <exception cref="ArgumentException">They do not fit.</exception>
    public Shape ResultOf(Shape left, Shape right)
    {
        if (left.Rank == 0 || right.Rank == 0)
        {
            throw Misfit(Name, left, right, "each must be a vector, a matrix, or have a matrix for each index of its first axes.");
        }

        (bool isRow, bool isColumn) = (left.Rank == 1, right.Rank == 1);
        if ((isRow && TransposeLeft) || (isColumn && TransposeRight))
        {
            throw Misfit(Name, left, right, $"the {(isRow && TransposeLeft ? "first" : "second")} is a vector, which cannot be transposed.");
        }

        if (left[TransposeLeft ? -2 : -1] != right[isColumn || TransposeRight ? -1 : -2])
        {
            string inner = isRow ? "elements of the first" : TransposeLeft ? "rows of the first, which is transposed," : "columns of the first";
            string other = isColumn ? "elements of the second" : TransposeRight ? "columns of the second, which is transposed" : "rows of the second";
            throw Misfit(Name, left, right, $"{inner} must equal {other}.");
        }

        ReadOnlySpan<int> rows = isRow ? [] : [left[TransposeLeft ? -1 : -2]], columns = isColumn ? [] : [right[TransposeRight ? -2 : -1]];
        return Broadcasting.TryJoin(BatchAxes(left), BatchAxes(right), out Shape batch)
            ? Result(Name, [left, right], [.. batch.Lengths, .. rows, .. columns])
            : throw Misfit(Name, left, right, BatchRule);
    }

    /// <summary>What batch axes must be, for errors.</summary>
    public const string BatchRule = "the axes before the last two must broadcast: counted from the last of them, two lengths are equal or one of them is 1.";

    /// <summary>Refuses operands that are no matrices, or whose batch axes were not made equal.</summary>
    public static void CheckJoined(string operation, Shape left, Shape right)
    {
        if (left.Rank < 2 || right.Rank < 2 || (left.Rank > 2 && right.Rank > 2 && BatchAxes(left) != BatchAxes(right)))
        {
            throw Misfit(operation, left, right, "both must be matrices with equal batch axes, or one of them without any.");
        }
    }

    /// <summary>The axes before the last two.</summary>
    public static Shape BatchAxes(Shape shape) => new(shape.Lengths[..Math.Max(0, shape.Rank - 2)]);

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
