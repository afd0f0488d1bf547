using Glissade.Numerics;

namespace Glissade.Differentiation.Operations;

/// <summary>The lower triangular L with L·Lᵀ = (A + Aᵀ)/2, of each matrix of a batch; NaN throughout where there is none.</summary>
/// <remarks>
/// Only the symmetric part of A counts, so that the derivative by A is symmetric, and right for any change of its elements.
/// Derivatives: I. Murray (2016), Differentiation of the Cholesky decomposition, equations 8 to 10.
/// </remarks>
internal sealed record CholeskyFactor : Operation
{
    public override string Name => "cholesky-factor";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs)
    {
        CheckSquare(Name, inputs[0].Shape);
        return inputs[0].Shape;
    }

    /// <summary>Refuses a shape whose last two axes are not those of a square matrix.</summary>
    /// <exception cref="ArgumentException">They are not.</exception>
    public static void CheckSquare(string operation, Shape shape)
    {
        if (shape.Rank < 2 || shape[-1] != shape[-2])
        {
            throw new ArgumentException($"The shape {shape} does not fit '{operation}': the last two axes must be those of a square matrix.");
        }
    }

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint)
    {
        Tensor inner = new Triangle(false, 0.5).On(Functions.MatrixProduct(node, adjoint, true));
        Tensor left = Functions.TriangularSolve(node, inner, transposed: true);
        Tensor both = Functions.Swap(Functions.TriangularSolve(node, Functions.Swap(left), transposed: true));
        return [Symmetric(both)];
    }

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents)
    {
        Tensor left = Functions.TriangularSolve(node, Symmetric(tangents[0]!));
        Tensor both = Functions.TriangularSolve(node, Functions.Swap(left));
        return Functions.MatrixProduct(node, new Triangle(false, 0.5).On(both));
    }

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped) => Functions.Node(this, inputs);

    private static Tensor Symmetric(Tensor x) => 0.5 * (x + Functions.Swap(x));
}

/// <summary>The X with op(T)·X = B for each matrix of a batch; of the first input T, only the named triangle is read.</summary>
/// <remarks>
/// Batch axes are equal, or one operand has none and is the same matrix for the whole batch. A zero on the diagonal divides by zero.
/// Derivatives: M. B. Giles (2008), An extended collection of matrix derivative results for forward and reverse mode, section 2.3.1.
/// </remarks>
/// <param name="Upper">T is upper triangular.</param>
/// <param name="Transposed">op transposes.</param>
internal sealed record TriangularSolve(bool Upper, bool Transposed) : Operation
{
    public override string Name => "triangular-solve";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs)
    {
        (Shape triangle, Shape right) = (inputs[0].Shape, inputs[1].Shape);
        Shape result = ResultOf(Name, triangle, right);
        MatrixMultiply.CheckJoined(Name, triangle, right);
        return result;
    }

    /// <summary>The shape of the solution of systems with a square matrix whose batch axes broadcast, and in which a vector on the right is a column.</summary>
    /// <exception cref="ArgumentException">They do not fit.</exception>
    public static Shape ResultOf(string operation, Shape matrix, Shape right)
    {
        bool isColumn = right.Rank == 1;
        if (matrix.Rank < 2 || right.Rank < 1 || matrix[-1] != matrix[-2] || right[isColumn ? -1 : -2] != matrix[-1])
        {
            throw Misfit(operation, matrix, right, "the first must be a square matrix, or have one for each index of its first axes, and the second have as many rows, or as many elements if it is a vector.");
        }

        ReadOnlySpan<int> rest = isColumn ? right.Lengths : right.Lengths[^2..];
        return Broadcasting.TryJoin(MatrixMultiply.BatchAxes(matrix), MatrixMultiply.BatchAxes(right), out Shape batch)
            ? Result(operation, [matrix, right], [.. batch.Lengths, .. rest])
            : throw Misfit(operation, matrix, right, MatrixMultiply.BatchRule);
    }

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint)
    {
        (Tensor triangle, Tensor right) = (node.Inputs[0], node.Inputs[1]);
        Tensor pulled = Functions.Node(this with { Transposed = !Transposed }, triangle, adjoint);
        Tensor product = Transposed ? Functions.MatrixProduct(node, pulled, false, true) : Functions.MatrixProduct(pulled, node, false, true);
        return [Functions.SumTo(-new Triangle(Upper, 1).On(product), triangle.Shape), Functions.SumTo(pulled, right.Shape)];
    }

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents)
    {
        Tensor? change = tangents[1];
        if (tangents[0] is { } triangle)
        {
            Tensor product = Functions.MatrixProduct(new Triangle(Upper, 1).On(triangle), node, Transposed);
            change = change is null ? -product : change - product;
        }

        return Functions.Node(this, node.Inputs[0], change!);
    }

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped) =>
        Functions.Node(this, MatrixMultiply.BatchOperands(node, inputs, mapped));
}

/// <summary>One triangle of each matrix of a batch, its diagonal multiplied by a number; zeros elsewhere.</summary>
/// <param name="Upper">The upper triangle, not the lower.</param>
/// <param name="Diagonal">Factor of the diagonal.</param>
internal sealed record Triangle(bool Upper, double Diagonal) : Operation
{
    public override string Name => Upper ? "upper-triangle" : "lower-triangle";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => inputs[0].Shape.Rank >= 2
        ? inputs[0].Shape
        : throw new ArgumentException($"The shape {inputs[0].Shape} does not fit '{Name}': it must have the two axes of a matrix, or more.");

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) => [On(adjoint)];

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) => On(tangents[0]!);

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped) => On(inputs[0]);

    public Tensor On(Tensor x) => Functions.Node(this, x);
}
