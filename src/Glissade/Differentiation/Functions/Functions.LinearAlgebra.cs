using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Differentiation;

public static partial class Functions
{
    /// <summary>The Cholesky factor of a symmetric positive definite matrix: the lower triangular L with L·Lᵀ = a.</summary>
    /// <remarks>
    /// Of a, only the symmetric part (a + aᵀ)/2 counts. Where it is not positive definite, or holds a NaN, all of L is NaN and nothing is thrown,
    /// so that a solver can see it and take a shorter step; matrices beside it in a batch are not touched by that. Running it allocates memory.
    /// Gradients by I. Murray (2016), Differentiation of the Cholesky decomposition.
    /// </remarks>
    /// <param name="a">[..., n, n].</param>
    /// <returns>[..., n, n], zero above the diagonal.</returns>
    /// <exception cref="ArgumentException">The last two axes are not those of a square matrix.</exception>
    public static Tensor CholeskyFactor(Tensor a) => Node(new CholeskyFactor(), a);

    /// <summary>The solution x of a triangular system t·x = b, or tᵀ·x = b, by substitution.</summary>
    /// <remarks>
    /// The other triangle of t is not read and gets no gradient. A zero on the diagonal gives infinities or NaN.
    /// Axes before the last two are batch axes and broadcast by NumPy's rules.
    /// </remarks>
    /// <param name="t">[..., n, n].</param>
    /// <param name="b">[n], or [..., n, k].</param>
    /// <param name="upper">The upper triangle of t is meant, not the lower.</param>
    /// <param name="transposed">Solve tᵀ·x = b.</param>
    /// <returns>[..., n, k]; without the last axis if b is a vector.</returns>
    /// <exception cref="ArgumentException">t is not square, b does not have as many rows, or batch axes do not fit.</exception>
    public static Tensor TriangularSolve(Tensor t, Tensor b, bool upper = false, bool transposed = false)
    {
        ArgumentNullException.ThrowIfNull(t);
        ArgumentNullException.ThrowIfNull(b);
        var operation = new TriangularSolve(upper, transposed);
        Shape result = Operations.TriangularSolve.ResultOf(operation.Name, t.Shape, b.Shape);
        if (b.Shape.Rank == 1)
        {
            return Reshape(TriangularSolve(t, Column(b), upper, transposed), result);
        }

        (t, b) = WithJoinedBatches(t, b);
        return Node(operation, t, b);
    }

    /// <summary>The solution x of a·x = b for a symmetric positive definite a, through its Cholesky factor.</summary>
    /// <remarks>Not positive definite gives NaN; see <see cref="CholeskyFactor"/>. The factor is shared with other uses of it on the same a.</remarks>
    /// <param name="a">[..., n, n].</param>
    /// <param name="b">[n], or [..., n, k]; batch axes broadcast by NumPy's rules.</param>
    /// <returns>[..., n, k]; without the last axis if b is a vector.</returns>
    /// <exception cref="ArgumentException">a is not square, b does not have as many rows, or batch axes do not fit.</exception>
    public static Tensor SymmetricSolve(Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        _ = Operations.TriangularSolve.ResultOf("symmetric-solve", a.Shape, b.Shape);
        Tensor factor = CholeskyFactor(a);
        if (b.Shape.Rank != 1)
        {
            return TriangularSolve(factor, TriangularSolve(factor, b), transposed: true);
        }

        // As a column, so that batch axes of a do not take the result of the first for a matrix.
        Tensor first = TriangularSolve(factor, b);
        Tensor second = TriangularSolve(factor, Column(first), transposed: true);
        return Reshape(second, first.Shape);
    }

    /// <summary>The inverse of a symmetric positive definite matrix. To solve, <see cref="SymmetricSolve"/> is more exact and costs less.</summary>
    /// <param name="a">[..., n, n]; not positive definite gives NaN, see <see cref="CholeskyFactor"/>.</param>
    /// <returns>[..., n, n].</returns>
    /// <exception cref="ArgumentException">The last two axes are not those of a square matrix.</exception>
    public static Tensor SymmetricInverse(Tensor a)
    {
        ArgumentNullException.ThrowIfNull(a);
        Operations.CholeskyFactor.CheckSquare("symmetric-inverse", a.Shape);
        Tensor factor = CholeskyFactor(a);
        Tensor root = TriangularSolve(factor, IdentityMatrix(a, a.Shape[-1]));
        return MatrixProduct(root, root, transposeX: true);
    }

    /// <summary>ln det a of a symmetric positive definite matrix: twice the sum of the logarithms of its Cholesky factor's diagonal.</summary>
    /// <param name="a">[..., n, n]; not positive definite gives NaN, see <see cref="CholeskyFactor"/>.</param>
    /// <returns>[...].</returns>
    /// <exception cref="ArgumentException">The last two axes are not those of a square matrix.</exception>
    public static Tensor LogDeterminant(Tensor a)
    {
        ArgumentNullException.ThrowIfNull(a);
        Operations.CholeskyFactor.CheckSquare("log-determinant", a.Shape);
        Tensor factor = CholeskyFactor(a);
        return 2 * Sum(Log(Diagonal(factor)), -1);
    }

    /// <summary>The diagonal of each matrix.</summary>
    /// <param name="x">[..., n, n].</param>
    /// <returns>[..., n].</returns>
    /// <exception cref="ArgumentException">The last two axes are not those of a square matrix.</exception>
    public static Tensor Diagonal(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        Operations.CholeskyFactor.CheckSquare("diagonal", x.Shape);
        int n = x.Shape[-1];
        return StridedSlice(Reshape(x, new Shape([.. x.Shape.Lengths[..^2], n * n])), -1, 0, n, n + 1);
    }

    /// <summary>The lower triangle of each matrix, diagonal included; zeros above it.</summary>
    /// <param name="x">[..., m, n].</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="ArgumentException">x has fewer than two axes.</exception>
    public static Tensor LowerTriangle(Tensor x) => Node(new Triangle(false, 1), x);

    /// <summary>The upper triangle of each matrix, diagonal included; zeros below it.</summary>
    /// <param name="x">[..., m, n].</param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="ArgumentException">x has fewer than two axes.</exception>
    public static Tensor UpperTriangle(Tensor x) => Node(new Triangle(true, 1), x);

    /// <summary>The last two axes exchanged.</summary>
    internal static Tensor Swap(Tensor x)
    {
        int rank = x.Shape.Rank;
        return Transpose(x, [.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2]);
    }

    /// <summary>Two stacks of matrices with their batch axes copied to a common shape, where there is one; as they are otherwise.</summary>
    private static (Tensor X, Tensor Y) WithJoinedBatches(Tensor x, Tensor y)
    {
        if (x.Shape.Rank <= 2 || y.Shape.Rank <= 2 || !Broadcasting.TryJoin(MatrixMultiply.BatchAxes(x.Shape), MatrixMultiply.BatchAxes(y.Shape), out Shape batch))
        {
            return (x, y);
        }

        return (
            BroadcastTo(x, new Shape([.. batch.Lengths, .. x.Shape.Lengths[^2..]])),
            BroadcastTo(y, new Shape([.. batch.Lengths, .. y.Shape.Lengths[^2..]])));
    }

    private static Tensor Column(Tensor x) => Reshape(x, new Shape([.. x.Shape.Lengths, 1]));
}
