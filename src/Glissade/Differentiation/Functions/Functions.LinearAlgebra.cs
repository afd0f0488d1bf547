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
        if (b.Shape.Rank == 1 && t.Shape.Rank >= 2)
        {
            if (t.Shape[-1] != b.Shape[0] || t.Shape[-2] != b.Shape[0])
            {
                throw new ArgumentException($"The shapes {t.Shape} and {b.Shape} do not fit 'triangular-solve': the first must be a square matrix with as many rows as the second has elements.");
            }

            Tensor column = TriangularSolve(t, Column(b), upper, transposed);
            return Reshape(column, new Shape(column.Shape.Lengths[..^1]));
        }

        bool fits = t.Shape.Rank > 2 && b.Shape.Rank > 2 && t.Shape[-1] == t.Shape[-2] && b.Shape[-2] == t.Shape[-1];
        (t, b) = fits ? WithJoinedBatches(t, b) : (t, b);
        return Node(new TriangularSolve(upper, transposed), t, b);
    }

    /// <summary>The solution x of a·x = b for a symmetric positive definite a, through its Cholesky factor.</summary>
    /// <remarks>Not positive definite gives NaN; see <see cref="CholeskyFactor"/>. The factor is shared with other uses of it on the same a.</remarks>
    /// <param name="a">[..., n, n].</param>
    /// <param name="b">[n], or [..., n, k]; batch axes broadcast by NumPy's rules.</param>
    /// <returns>[..., n, k]; without the last axis if b is a vector.</returns>
    /// <exception cref="ArgumentException">a is not square, b does not have as many rows, or batch axes do not fit.</exception>
    public static Tensor SymmetricSolve(Tensor a, Tensor b)
    {
        Tensor factor = CholeskyFactor(a);
        ArgumentNullException.ThrowIfNull(b);
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
        Tensor factor = CholeskyFactor(a);
        int n = a.Shape[-1];
        Tensor root = TriangularSolve(factor, IdentityMatrix(a, n));
        return MatrixProduct(root, root, transposeX: true);
    }

    /// <summary>ln det a of a symmetric positive definite matrix: twice the sum of the logarithms of its Cholesky factor's diagonal.</summary>
    /// <param name="a">[..., n, n]; not positive definite gives NaN, see <see cref="CholeskyFactor"/>.</param>
    /// <returns>[...].</returns>
    /// <exception cref="ArgumentException">The last two axes are not those of a square matrix.</exception>
    public static Tensor LogDeterminant(Tensor a)
    {
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
        if (x.Shape.Rank < 2 || x.Shape[-1] != x.Shape[-2])
        {
            throw new ArgumentException($"The shape {x.Shape} does not fit 'diagonal': the last two axes must be those of a square matrix.");
        }

        int n = x.Shape[-1];
        return StridedSlice(Reshape(x, new Shape([.. x.Shape.Lengths[..^2], n * n])), -1, 0, n, n + 1);
    }

    /// <summary>The lower triangle of each matrix, diagonal included; zeros above it.</summary>
    /// <param name="x">[..., m, n].</param>
    /// <exception cref="ArgumentException">x has fewer than two axes.</exception>
    public static Tensor LowerTriangle(Tensor x) => Node(new Triangle(false, 1), x);

    /// <summary>The upper triangle of each matrix, diagonal included; zeros below it.</summary>
    /// <param name="x">[..., m, n].</param>
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
        if (x.Shape.Rank <= 2 || y.Shape.Rank <= 2 || !Broadcasting.TryJoin(new Shape(x.Shape.Lengths[..^2]), new Shape(y.Shape.Lengths[..^2]), out Shape batch))
        {
            return (x, y);
        }

        return (
            BroadcastTo(x, new Shape([.. batch.Lengths, .. x.Shape.Lengths[^2..]])),
            BroadcastTo(y, new Shape([.. batch.Lengths, .. y.Shape.Lengths[^2..]])));
    }

    private static Tensor Column(Tensor x) => Reshape(x, new Shape([.. x.Shape.Lengths, 1]));
}
