using System.Numerics;
using System.Runtime.Intrinsics;

namespace Glissade.Numerics;

/// <summary>The product of two matrices, with what often follows it: C = activation((C +) op(A)·op(B) + bias).</summary>
/// <remarks>
/// Each element of C is the sum over k, in order, of fused multiply-adds within blocks of k whose length depends on k and the element type alone,
/// the sums of the blocks being added in order. So it has the same bits whatever part of the rows or columns is computed at once.
/// Nothing is allocated. Reads may run up to one vector past the end of an operand; writes stay within the m×n elements of C.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal static unsafe class MatrixProduct<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Computes the product.</summary>
    /// <param name="m">Rows of op(A) and C.</param>
    /// <param name="n">Columns of op(B) and C.</param>
    /// <param name="k">Columns of op(A) and rows of op(B); zero makes the product zero.</param>
    /// <param name="a">A, row by row.</param>
    /// <param name="lda">Elements from one stored row of A to the next.</param>
    /// <param name="transposeA">Whether A is stored as k×m.</param>
    /// <param name="b">B, row by row.</param>
    /// <param name="ldb">Elements from one stored row of B to the next.</param>
    /// <param name="transposeB">Whether B is stored as n×k.</param>
    /// <param name="c">C, row by row; it must not overlap A, B or the bias.</param>
    /// <param name="ldc">Elements from one row of C to the next.</param>
    /// <param name="epilogue">What follows the sum.</param>
    /// <param name="workspace">Scratch of <see cref="WorkspaceLength"/> elements, aligned to 64 bytes.</param>
    public static void Multiply(
        int m, int n, int k, T* a, int lda, bool transposeA, T* b, int ldb, bool transposeB, T* c, int ldc, in MatrixProductEpilogue<T> epilogue, T* workspace)
    {
        if (VectorWidth.Is512)
        {
            MatrixProductBlocks<Vector512<T>, Simd512<T>, T>.Multiply(m, n, k, a, lda, transposeA, b, ldb, transposeB, c, ldc, in epilogue, workspace);
        }
        else if (VectorWidth.Has256)
        {
            MatrixProductBlocks<Vector256<T>, Simd256<T>, T>.Multiply(m, n, k, a, lda, transposeA, b, ldb, transposeB, c, ldc, in epilogue, workspace);
        }
        else
        {
            MatrixProductBlocks<Vector128<T>, Simd128<T>, T>.Multiply(m, n, k, a, lda, transposeA, b, ldb, transposeB, c, ldc, in epilogue, workspace);
        }
    }

    /// <summary>The same product with everything decided beforehand that does not depend on the numbers, for who computes it often; null where that would save nothing.</summary>
    /// <remarks>The matrices, what the epilogue points to and the workspace must stay where they are as long as it is used.</remarks>
    /// <inheritdoc cref="Multiply" path="/param"/>
    public static PreparedProduct<T>? Prepare(
        int m, int n, int k, T* a, int lda, bool transposeA, T* b, int ldb, bool transposeB, T* c, int ldc, in MatrixProductEpilogue<T> epilogue, T* workspace) =>
        VectorWidth.Is512 ? MatrixProductBlocks<Vector512<T>, Simd512<T>, T>.Prepare(m, n, k, a, lda, transposeA, b, ldb, transposeB, c, ldc, in epilogue, workspace)
            : VectorWidth.Has256 ? MatrixProductBlocks<Vector256<T>, Simd256<T>, T>.Prepare(m, n, k, a, lda, transposeA, b, ldb, transposeB, c, ldc, in epilogue, workspace)
            : MatrixProductBlocks<Vector128<T>, Simd128<T>, T>.Prepare(m, n, k, a, lda, transposeA, b, ldb, transposeB, c, ldc, in epilogue, workspace);

    /// <summary>Length of the blocks of k in which sums are made before they are added: a product cut there, the parts added in order, has the same bits.</summary>
    public static int DepthBlock(int k) => VectorWidth.Is512 ? MatrixProductBlocks<Vector512<T>, Simd512<T>, T>.BalancedDepth(k)
        : VectorWidth.Has256 ? MatrixProductBlocks<Vector256<T>, Simd256<T>, T>.BalancedDepth(k)
        : MatrixProductBlocks<Vector128<T>, Simd128<T>, T>.BalancedDepth(k);

    /// <summary>Elements of scratch that <see cref="Multiply"/> needs for these sizes, or for the same with fewer rows.</summary>
    public static int WorkspaceLength(int m, int n, int k, bool transposeA, bool transposeB) => VectorWidth.Is512 ? MatrixProductBlocks<Vector512<T>, Simd512<T>, T>.WorkspaceLength(m, n, k, transposeA, transposeB)
        : VectorWidth.Has256 ? MatrixProductBlocks<Vector256<T>, Simd256<T>, T>.WorkspaceLength(m, n, k, transposeA, transposeB)
        : MatrixProductBlocks<Vector128<T>, Simd128<T>, T>.WorkspaceLength(m, n, k, transposeA, transposeB);
}
