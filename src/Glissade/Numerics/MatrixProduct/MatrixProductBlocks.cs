using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

/// <summary>A matrix product cut into blocks that fit the caches, for one width of vector.</summary>
/// <remarks>
/// For blocks of rows of C, for blocks of k: pack op(A) if that pays; for blocks of columns of C: pack op(B) if that pays, beside the sums of the first rows where
/// that can be (<see cref="MatrixProductWay"/>), else before. Each panel of rows of A, which stays in the first cache, meets all panels of columns of B, which stay in the second;
/// where all rows of A stay in the first cache, or are few, each panel of B meets them all while it still stands there.
/// Lengths of blocks of k depend on k and the element type alone, so the rounding does too.
/// Goto and van de Geijn (2008), Anatomy of High-Performance Matrix Multiplication, with the parts of A and B exchanged because C is stored by rows.
/// </remarks>
internal static unsafe class MatrixProductBlocks<TVector, TSimd, T>
    where TVector : struct
    where TSimd : ISimd<TVector, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Rows of A that are packed together, or whose rows of C wait in the caches for the next block of k. Other rows are one block, so each panel of B is packed once.</summary>
    /// <remarks>A multiple of the rows of a tile, as ranges of squared rows are.</remarks>
    private const int RowBlock = 960;
    private const int ColumnBlock = 256;

    /// <summary>Bytes of A that leave room for a panel of B in the first cache.</summary>
    private const int NearBytes = 16 << 10;

    /// <summary>Distance of places in memory that share their lines of the first cache, on processors of the last twenty years.</summary>
    private const int SameLinesBytes = 4096;

    /// <summary>Bytes of B that a second cache hardly holds beside the rest.</summary>
    private const long FarBytes = 2 << 20;

    /// <summary>Elements of B beyond which packing may pay.</summary>
    private const int PackedProduct = 65536;

    // Twelve rows of a block take 24 KiB, 256 columns 512 KiB.
    private static int DepthBlock => 2048 / sizeof(T);

    private static int TileRows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => MatrixProductTiles<TVector, TSimd, T>.Rows;
    }

    private static int Alignment => 64 / sizeof(T);

    /// <summary>Elements of scratch that <see cref="Multiply"/> needs; it does not shrink when m grows.</summary>
    public static int WorkspaceLength(int m, int n, int k, bool transposeA, bool transposeB)
    {
        int direct = DirectWorkspaceLength(m, n, k, transposeA, transposeB);
        return MatrixProductNarrow<TVector, TSimd, T>.Pays(m, n, k, transposeA)
            ? Math.Max(direct, MatrixProductNarrow<TVector, TSimd, T>.WorkspaceLength(m, n, k, transposeA, transposeB))
            : direct;
    }

    /// <summary>C = activation((C +) op(A)·op(B) + bias), in whichever way is faster. See <see cref="MatrixProduct{T}"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(
        int m, int n, int k, T* a, int lda, bool transposeA, T* b, int ldb, bool transposeB, T* c, int ldc, in MatrixProductEpilogue<T> epilogue, T* workspace)
    {
        if (m <= 0 || n <= 0)
        {
            return;
        }

        if (IsNarrow(m, n, k, transposeA, in epilogue))
        {
            MatrixProductNarrow<TVector, TSimd, T>.Multiply(m, n, k, a, lda, transposeA, b, ldb, transposeB, c, ldc, in epilogue, workspace);
        }
        else
        {
            MultiplyDirect(m, n, k, a, lda, transposeA, b, ldb, transposeB, c, ldc, in epilogue, workspace);
        }
    }

    /// <summary>The same with everything decided beforehand; null where it is more than one block.</summary>
    public static PreparedProduct<T>? Prepare(
        int m, int n, int k, T* a, int lda, bool transposeA, T* b, int ldb, bool transposeB, T* c, int ldc, in MatrixProductEpilogue<T> epilogue, T* workspace)
    {
        if (m <= 0 || n <= 0)
        {
            return null;
        }

        if (IsNarrow(m, n, k, transposeA, in epilogue))
        {
            return MatrixProductNarrow<TVector, TSimd, T>.Prepare(m, n, k, a, lda, transposeA, b, ldb, transposeB, c, ldc, in epilogue, workspace);
        }

        return TryMakeBlock(m, n, k, a, lda, transposeA, b, ldb, transposeB, c, ldc, in epilogue, workspace, out MatrixProductBlock<TVector, TSimd, T> block)
            ? new PreparedBlock<TVector, TSimd, T>(in block)
            : null;
    }

    private static bool IsNarrow(int m, int n, int k, bool transposeA, in MatrixProductEpilogue<T> epilogue) =>
        epilogue.Mask == null && epilogue.ColumnSquares == null && MatrixProductNarrow<TVector, TSimd, T>.Pays(m, n, k, transposeA);

    /// <summary>Elements of scratch that <see cref="MultiplyDirect"/> needs.</summary>
    public static int DirectWorkspaceLength(int m, int n, int k, bool transposeA, bool transposeB)
    {
        int depth = Math.Min(k, DepthBlock);
        int length = 0;
        if (MayPackA(m, n, k))
        {
            length += PanelsLength(Math.Min(m, RowBlock), TileRows, depth);
        }

        if (PacksB(m, n, k, transposeB))
        {
            // One row alone has wider panels.
            length += PanelsLength(Math.Min(n, ColumnBlock), MatrixProductTiles<TVector, TSimd, T>.Columns(1), depth);
        }

        return length;
    }

    /// <summary>The product without exchanging rows and columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyDirect(
        int m, int n, int k, T* a, int lda, bool transposeA, T* b, int ldb, bool transposeB, T* c, int ldc, in MatrixProductEpilogue<T> epilogue, T* workspace)
    {
        if (TryMakeBlock(m, n, k, a, lda, transposeA, b, ldb, transposeB, c, ldc, in epilogue, workspace, out MatrixProductBlock<TVector, TSimd, T> block))
        {
            block.Run();
            return;
        }

        bool packsA = PacksA(m, n, k, lda), packsB = PacksB(m, n, k, transposeB);
        int depthBlock = BalancedDepth(k);
        nint rowA = transposeA ? 1 : lda, depthA = transposeA ? lda : 1;
        int rowBlock = packsA || (k > depthBlock && m > 2 * RowBlock) ? RowBlock : m;
        T* panelsA = workspace;
        for (int i = 0; i < m; i += rowBlock)
        {
            block.Rows = Math.Min(rowBlock, m - i);
            int p = 0;
            do
            {
                int depth = Math.Min(depthBlock, k - p);
                T* perColumn = SetTerms(p, depth, m, n, k, c, in epilogue, ref block);
                SetWay(m, depthBlock, packsA, packsB, transposeB, ref block);
                block.A = a + (i * rowA) + (p * depthA);
                block.PanelStepA = TileRows * rowA;
                if (packsA)
                {
                    Pack(block.A, rowA, depthA, depth, block.Rows, TileRows, panelsA);
                    block.A = panelsA;
                    block.PanelStepA = (nint)depth * TileRows;
                }

                for (int j = 0; j < n; j += ColumnBlock)
                {
                    block.Columns = Math.Min(ColumnBlock, n - j);
                    block.B = b + (p * block.RowStepB) + (j * block.ColumnStepB);
                    block.PerColumn = perColumn == null ? null : perColumn + j;
                    block.C = c + ((nint)i * ldc) + j;
                    block.Run();
                }

                p += depthBlock;
            }
            while (p < k);
        }
    }

    /// <summary>Makes the product one block, if nothing is packed of A and no dimension is cut; else sets of a block what all blocks of the product share.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryMakeBlock(
        int m, int n, int k, T* a, int lda, bool transposeA, T* b, int ldb, bool transposeB, T* c, int ldc, in MatrixProductEpilogue<T> epilogue, T* workspace,
        out MatrixProductBlock<TVector, TSimd, T> block)
    {
        bool packsA = PacksA(m, n, k, lda), packsB = PacksB(m, n, k, transposeB);
        int depthBlock = BalancedDepth(k);
        bool isFew = transposeB && MatrixProductPackingTiles<TVector, TSimd, T>.PacksFewTransposed(m, k, depthBlock);
        nint rowA = transposeA ? 1 : lda, depthA = transposeA ? lda : 1;
        block = default;
        block.IsRow = m == 1;
        block.PanelColumns = isFew ? TSimd.Count : MatrixProductTiles<TVector, TSimd, T>.Columns(m, packsB);
        block.ColumnStepB = transposeB ? ldb : 1;
        block.RowStepB = transposeB ? 1 : ldb;
        block.Panels = packsA ? workspace + PanelsLength(Math.Min(m, RowBlock), TileRows, depthBlock) : workspace;
        block.Context.RowStepC = (nint)ldc * sizeof(T);
        block.Context.RowStepA = (packsA ? 1 : rowA) * sizeof(T);
        block.Context.DepthStepA = (packsA ? TileRows : depthA) * sizeof(T);
        block.Context.DepthStepB = (packsB ? block.PanelColumns : block.RowStepB) * sizeof(T);
        block.Context.MaskFromC = (nint)epilogue.Mask - (nint)c;
        if (packsA || n > ColumnBlock || k > DepthBlock)
        {
            return false;
        }

        (block.Rows, block.Columns) = (m, n);
        block.A = a;
        block.B = b;
        block.C = c;
        block.PanelStepA = TileRows * rowA;
        block.PerColumn = SetTerms(0, k, m, n, k, c, in epilogue, ref block);
        SetWay(m, depthBlock, packsA, packsB, transposeB, ref block);
        return true;
    }

    /// <summary>Says which terms of the sums a block adds, and what it does at their end; returns what stands for each column then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T* SetTerms(int first, int depth, int m, int n, int k, T* c, in MatrixProductEpilogue<T> epilogue, ref MatrixProductBlock<TVector, TSimd, T> block)
    {
        bool finishes = first + depth >= k;
        block.Context.Depth = depth;
        block.Context.AddsToC = first > 0 || epilogue.Accumulate;
        block.Context.Rectifies = finishes && epilogue.Activation == MatrixProductActivation.Relu;
        block.Context.IsMasked = finishes && epilogue.Mask != null;
        block.Context.IsSquared = false;
        block.Context.SquaredRows = 0;
        if (!finishes)
        {
            return null;
        }

        if (epilogue.ColumnSquares != null)
        {
            EndInSquares(m, n, c, epilogue.SquaredRows, ref block.Context);
            return epilogue.ColumnSquares;
        }

        return block.Context.IsMasked ? epilogue.ColumnSums : epilogue.Bias;
    }

    /// <summary>Says how the tiles of a block, whose rows and terms are known, find op(B).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SetWay(int m, int depthBlock, bool packsA, bool packsB, bool transposeB, ref MatrixProductBlock<TVector, TSimd, T> block)
    {
        nint depth = block.Context.Depth;
        block.Context.PanelStepB = (packsB ? depth : 1) * block.PanelColumns * sizeof(T);
        if (!packsB)
        {
            block.Way = MatrixProductWay.InPlace;
        }
        else if (!transposeB)
        {
            block.Way = block.Rows >= TileRows ? MatrixProductWay.PackingRows : MatrixProductWay.PackedBefore;
        }
        else if (block.PanelColumns == TSimd.Count)
        {
            // Panels of one vector are those of few rows.
            block.Way = MatrixProductWay.PackingFewTransposed;
        }
        else if (!MatrixProductPackingTiles<TVector, TSimd, T>.PacksTransposed(block.Rows, (int)depth))
        {
            block.Way = MatrixProductWay.PackedBefore;
        }
        else
        {
            // Where A stays in the first cache each panel of B is used up while it still stands there too.
            block.Way = !packsA && (long)m * depthBlock * sizeof(T) <= NearBytes ? MatrixProductWay.PackingTransposedNear : MatrixProductWay.PackingTransposed;
        }
    }

    /// <summary>Lets tiles sum the squares of their columns, those of each range of rows apart.</summary>
    private static void EndInSquares(int m, int n, T* c, int rangeRows, ref MatrixProductTileContext context)
    {
        context.IsSquared = true;
        context.FirstC = (byte*)c;
        context.SquaredRows = rangeRows < m ? rangeRows : 0;
        context.RangeStep = (nint)n * sizeof(T);
    }

    /// <summary>Packs a block into panels, one after another.</summary>
    public static void Pack(T* source, nint stride, nint depthStride, int depth, int count, int width, T* panels)
    {
        for (int i = 0; i < count; i += width)
        {
            if (depthStride == 1)
            {
                MatrixProductPacking<T>.PackTransposed(source + (i * stride), stride, depth, Math.Min(width, count - i), width, panels);
            }
            else
            {
                MatrixProductPacking<T>.PackAdjacent<TVector, TSimd>(source + (i * stride), depthStride, depth, Math.Min(width, count - i), width, panels);
            }

            panels += (nint)depth * width;
        }
    }

    // A is read where it stands (packing it took 1 to 2% of most products, 8 of one of a thousand rows), unless what a tile reads of it stands in the same lines of the
    // first cache, which holds eight of a kind or twelve: the rows, each lost before its next element is read, or where A is stored transposed the terms, each read anew
    // for every panel of columns. Either is a tenth of the time of 2048³.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool PacksA(int m, int n, int k, int lda)
    {
        nint apart = (nint)lda * sizeof(T) % SameLinesBytes;
        return Math.Min(apart, SameLinesBytes - apart) <= sizeof(float) && MayPackA(m, n, k);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool MayPackA(int m, int n, int k) => m > 1 && n > 8 * TSimd.Count && (long)k * n > PackedProduct;

    // The tile kernel needs adjacent columns. Beyond that, packing pays where very many panels of rows read B again from beyond the first cache, or a few of a
    // B that the second does not hold either. It costs little, since the first panel of rows reads B anyway (128 × 1024 × 1024: 2.78 to 2.44 ms).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool PacksB(int m, int n, int k, bool transposeB) =>
        transposeB || ((long)k * n > PackedProduct && m > ((long)k * n * sizeof(T) > FarBytes ? 2 : 16) * TileRows);

    /// <summary>Length of the blocks of k: equal blocks rather than full ones and a small rest.</summary>
    internal static int BalancedDepth(int k)
    {
        if (k <= DepthBlock)
        {
            return k;
        }

        int blocks = (k + DepthBlock - 1) / DepthBlock;
        return (k + blocks - 1) / blocks;
    }

    // A panel may be written one vector past its end; the next region begins on its own line.
    private static int PanelsLength(int count, int width, int depth) =>
        (((((count + width - 1) / width) * width * depth) + Alignment - 1) / Alignment * Alignment) + Alignment;
}
