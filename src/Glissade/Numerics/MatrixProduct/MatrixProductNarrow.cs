using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

/// <summary>A product with few columns, computed as its transpose: Cᵀ = op(B)ᵀ·op(A)ᵀ.</summary>
/// <remarks>
/// Few columns leave most lanes of a vector idle; the rows of C fill them. The transposed result is written out when bias and activation have been applied.
/// A product of two numbers does not depend on their order, so the bits are those of the direct way.
/// </remarks>
internal static unsafe class MatrixProductNarrow<TVector, TSimd, T>
    where TVector : struct
    where TSimd : ISimd<TVector, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int RowBlock = 256;

    /// <summary>Whether this way is likely faster: the idle lanes cost more than transposing C and, unless it is stored so, A.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Pays(int m, int n, int k, bool transposeA)
    {
        int idle = (TSimd.Count - (n % TSimd.Count)) % TSimd.Count;
        return n <= 4 * TSimd.Count && m >= TSimd.Count && k >= 16 && 16 * idle > (transposeA ? 2 : 5) * TSimd.Count;
    }

    /// <summary>Elements of scratch.</summary>
    public static int WorkspaceLength(int m, int n, int k, bool transposeA, bool transposeB)
    {
        int rows = Math.Min(m, RowBlock);
        return (n * Stride(rows)) + MatrixProductBlocks<TVector, TSimd, T>.DirectWorkspaceLength(n, rows, k, !transposeB, !transposeA);
    }

    /// <summary>C = activation((C +) op(A)·op(B) + bias). See <see cref="MatrixProduct{T}"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(
        int m, int n, int k, T* a, int lda, bool transposeA, T* b, int ldb, bool transposeB, T* c, int ldc, in MatrixProductEpilogue<T> epilogue, T* workspace)
    {
        var inner = new MatrixProductEpilogue<T> { Accumulate = epilogue.Accumulate };
        int stride = Stride(Math.Min(m, RowBlock));
        T* rest = workspace + (n * stride);
        for (int i = 0; i < m; i += RowBlock)
        {
            int rows = Math.Min(RowBlock, m - i);
            T* blockA = a + (transposeA ? i : (nint)i * lda);
            T* blockC = c + ((nint)i * ldc);
            if (epilogue.Accumulate)
            {
                MatrixProductPacking<T>.PackTransposed(blockC, ldc, n, rows, stride, workspace);
            }

            MatrixProductBlocks<TVector, TSimd, T>.MultiplyDirect(
                n, rows, k, b, ldb, !transposeB, blockA, lda, !transposeA, workspace, stride, in inner, rest);
            Finish(workspace, stride, rows, n, in epilogue);
            MatrixProductPacking<T>.PackTransposed(workspace, stride, rows, n, ldc, blockC);
        }
    }

    private static void Finish(T* transposed, int stride, int rows, int n, in MatrixProductEpilogue<T> epilogue)
    {
        bool rectifies = epilogue.Activation == MatrixProductActivation.Relu;
        if (epilogue.Bias == null && !rectifies)
        {
            return;
        }

        for (int j = 0; j < n; j++)
        {
            TVector bias = epilogue.Bias == null ? default : TSimd.Create(epilogue.Bias[j]);
            for (int i = 0; i < rows; i += TSimd.Count)
            {
                TVector x = TSimd.Load(transposed + i);
                x = epilogue.Bias == null ? x : TSimd.Add(x, bias);
                TSimd.Store(rectifies ? TSimd.Rectify(x) : x, transposed + i);
            }

            transposed += stride;
        }
    }

    // Whole cache lines, so that what follows is aligned.
    private static int Stride(int rows) => (rows + (64 / sizeof(T)) - 1) / (64 / sizeof(T)) * (64 / sizeof(T));
}
