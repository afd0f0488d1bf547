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
            var end = new NarrowEnd<T>(workspace, stride, rows, n, blockC, ldc, in epilogue);
            Finish(in end);
        }
    }

    /// <summary>The same with everything decided beforehand; null where it is more than one block.</summary>
    public static PreparedProduct<T>? Prepare(
        int m, int n, int k, T* a, int lda, bool transposeA, T* b, int ldb, bool transposeB, T* c, int ldc, in MatrixProductEpilogue<T> epilogue, T* workspace)
    {
        int stride = Stride(Math.Min(m, RowBlock));
        var end = new NarrowEnd<T>(workspace, stride, m, n, c, ldc, in epilogue);
        return !epilogue.Accumulate && m <= RowBlock && MatrixProductBlocks<TVector, TSimd, T>.TryMakeBlock(
            n, m, k, b, ldb, !transposeB, a, lda, !transposeA, workspace, stride, default, workspace + (n * stride), out MatrixProductBlock<TVector, TSimd, T> block)
            ? new PreparedNarrowProduct<TVector, TSimd, T>(in block, in end)
            : null;
    }

    /// <summary>Adds the bias to the transposed product, rectifies it, and writes it out.</summary>
    public static void Finish(in NarrowEnd<T> end)
    {
        T* row = end.Transposed;
        for (int j = 0; j < end.Columns && (end.Bias != null || end.Rectifies); j++)
        {
            TVector bias = end.Bias == null ? default : TSimd.Create(end.Bias[j]);
            for (int i = 0; i < end.Rows; i += TSimd.Count)
            {
                TVector x = TSimd.Load(row + i);
                x = end.Bias == null ? x : TSimd.Add(x, bias);
                TSimd.Store(end.Rectifies ? TSimd.Rectify(x) : x, row + i);
            }

            row += end.Stride;
        }

        MatrixProductPacking<T>.PackTransposed(end.Transposed, end.Stride, end.Rows, end.Columns, end.RowStepC, end.C);
    }

    // Whole cache lines, so that what follows is aligned.
    private static int Stride(int rows) => (rows + (64 / sizeof(T)) - 1) / (64 / sizeof(T)) * (64 / sizeof(T));
}

/// <summary>What is left to do with a product of few columns when its transpose stands in scratch.</summary>
internal readonly unsafe struct NarrowEnd<T>(T* transposed, int stride, int rows, int columns, T* c, int rowStepC, in MatrixProductEpilogue<T> epilogue)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The transpose; as many rows as C has columns.</summary>
    public T* Transposed { get; private init; } = transposed;

    /// <summary>Elements from one row of the transpose to the next.</summary>
    public int Stride { get; } = stride;

    /// <summary>Rows of C.</summary>
    public int Rows { get; } = rows;

    /// <summary>Columns of C.</summary>
    public int Columns { get; } = columns;

    /// <summary>C.</summary>
    public T* C { get; private init; } = c;

    /// <summary>Elements from one row of C to the next.</summary>
    public int RowStepC { get; } = rowStepC;

    /// <summary>One number for each column of C; null for none.</summary>
    public T* Bias { get; } = epilogue.Bias;

    /// <summary>Whether C ends in max(x, 0).</summary>
    public bool Rectifies { get; } = epilogue.Activation == MatrixProductActivation.Relu;

    /// <summary>The same for a transpose and a product that stand elsewhere.</summary>
    public NarrowEnd<T> MovedTo(T* transposed, T* c) => this with { Transposed = transposed, C = c };
}
