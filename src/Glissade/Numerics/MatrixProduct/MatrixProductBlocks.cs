using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

/// <summary>A matrix product cut into blocks that fit the caches, for one width of vector.</summary>
/// <remarks>
/// For blocks of rows of C, for blocks of k: pack op(A) if that pays; for blocks of columns of C: pack op(B) if that pays, beside the sums of the first rows where
/// that can be (<see cref="Way"/>), else before. Each panel of rows of A, which stays in the first cache, meets all panels of columns of B, which stay in the second;
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

    /// <summary>How the tiles of a block find op(B).</summary>
    private enum Way
    {
        /// <summary>Where it stands, or packed before.</summary>
        Plain,

        /// <summary>Tiles of the first rows read it where it stands and pack it for the others.</summary>
        PackingRows,

        /// <summary>It is stored transposed; tiles pack the next panel.</summary>
        PackingTransposed,

        /// <summary>The same where all rows of A use a panel up at once.</summary>
        PackingTransposedNear,

        /// <summary>The same for panels of one vector, which few rows use up at once.</summary>
        PackingFewTransposed,
    }

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

        if (epilogue.Mask == null && epilogue.ColumnSquares == null && MatrixProductNarrow<TVector, TSimd, T>.Pays(m, n, k, transposeA))
        {
            MatrixProductNarrow<TVector, TSimd, T>.Multiply(m, n, k, a, lda, transposeA, b, ldb, transposeB, c, ldc, in epilogue, workspace);
        }
        else
        {
            MultiplyDirect(m, n, k, a, lda, transposeA, b, ldb, transposeB, c, ldc, in epilogue, workspace);
        }
    }

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
        if (!transposeB && m is > 1 and <= RowBlock && n <= ColumnBlock && k <= DepthBlock && (long)k * n <= PackedProduct)
        {
            MultiplyInPlace(m, n, k, a, transposeA ? 1 : lda, transposeA ? lda : 1, b, ldb, c, ldc, in epilogue);
            return;
        }

        bool packsA = PacksA(m, n, k, lda), packsB = PacksB(m, n, k, transposeB);
        int depthBlock = BalancedDepth(k);
        bool isFew = transposeB && MatrixProductPackingTiles<TVector, TSimd, T>.PacksFewTransposed(m, k, depthBlock);
        int tileColumns = isFew ? TSimd.Count : MatrixProductTiles<TVector, TSimd, T>.Columns(m);
        nint rowA = transposeA ? 1 : lda, depthA = transposeA ? lda : 1;
        nint depthB = transposeB ? 1 : ldb, columnB = transposeB ? ldb : 1;

        // Where A stays in the first cache each panel of B is used up while it still stands there too.
        bool isNear = !packsA && packsB && (long)m * depthBlock * sizeof(T) <= NearBytes;
        T* panelsA = workspace;
        T* panelsB = packsA ? panelsA + PanelsLength(Math.Min(m, RowBlock), TileRows, depthBlock) : panelsA;

        MatrixProductTileContext context = default;
        context.RowStepC = (nint)ldc * sizeof(T);
        context.RowStepA = (packsA ? 1 : rowA) * sizeof(T);
        context.DepthStepA = (packsA ? TileRows : depthA) * sizeof(T);
        context.DepthStepB = (packsB ? tileColumns : depthB) * sizeof(T);
        context.MaskFromC = (nint)epilogue.Mask - (nint)c;

        int rowBlock = packsA || (k > depthBlock && m > 2 * RowBlock) ? RowBlock : m;
        for (int i = 0; i < m; i += rowBlock)
        {
            int rows = Math.Min(rowBlock, m - i);
            int p = 0;
            do
            {
                int depth = Math.Min(depthBlock, k - p);
                bool finishes = p + depth >= k;
                context.Depth = depth;
                context.AddsToC = p > 0 || epilogue.Accumulate;
                context.Rectifies = finishes && epilogue.Activation == MatrixProductActivation.Relu;
                context.IsMasked = finishes && epilogue.Mask != null;
                context.IsSquared = false;
                context.SquaredRows = 0;
                T* perColumn = !finishes ? null : context.IsMasked ? epilogue.ColumnSums : epilogue.Bias;
                if (finishes && epilogue.ColumnSquares != null)
                {
                    perColumn = epilogue.ColumnSquares;
                    EndInSquares(m, n, c, epilogue.SquaredRows, ref context);
                }

                T* blockA = a + (i * rowA) + (p * depthA);
                if (packsA)
                {
                    Pack(blockA, rowA, depthA, depth, rows, TileRows, panelsA);
                    blockA = panelsA;
                }

                Way way = packsB && !transposeB && rows >= TileRows ? Way.PackingRows
                    : isFew ? Way.PackingFewTransposed
                    : !packsB || !transposeB || !MatrixProductPackingTiles<TVector, TSimd, T>.PacksTransposed(rows, depth) ? Way.Plain
                    : isNear ? Way.PackingTransposedNear : Way.PackingTransposed;
                nint panelStepA = packsA ? (nint)depth * TileRows : TileRows * rowA, panelStepB = packsB ? (nint)depth * tileColumns : tileColumns;
                context.PanelStepB = panelStepB * sizeof(T);
                for (int j = 0; j < n; j += ColumnBlock)
                {
                    int columns = Math.Min(ColumnBlock, n - j);
                    T* blockB = b + (p * depthB) + (j * columnB);
                    T* blockPerColumn = perColumn == null ? null : perColumn + j;
                    T* blockC = c + ((nint)i * ldc) + j;
                    if (packsB && way == Way.Plain)
                    {
                        Pack(blockB, columnB, depthB, depth, columns, tileColumns, panelsB);
                        blockB = panelsB;
                    }

                    if (m == 1)
                    {
                        MatrixProductTiles<TVector, TSimd, T>.MultiplyRow(columns, blockA, blockB, panelStepB, blockC, blockPerColumn, in context);
                    }
                    else
                    {
                        MultiplyPart(way, rows, columns, blockA, panelStepA, blockB, transposeB ? columnB : depthB, panelsB, blockC, blockPerColumn, in context);
                    }
                }

                p += depthBlock;
            }
            while (p < k);
        }
    }

    /// <summary>A product that is one block and packs nothing: for small ones the way to the first tile is a good part of the time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyInPlace(int m, int n, int k, T* a, nint rowA, nint depthA, T* b, int ldb, T* c, int ldc, in MatrixProductEpilogue<T> epilogue)
    {
        MatrixProductTileContext context = default;
        context.Depth = k;
        context.RowStepC = (nint)ldc * sizeof(T);
        context.RowStepA = rowA * sizeof(T);
        context.DepthStepA = depthA * sizeof(T);
        context.DepthStepB = (nint)ldb * sizeof(T);
        context.PanelStepB = MatrixProductTiles<TVector, TSimd, T>.Columns(2) * sizeof(T);
        context.AddsToC = epilogue.Accumulate;
        context.Rectifies = epilogue.Activation == MatrixProductActivation.Relu;
        context.IsMasked = epilogue.Mask != null;
        context.MaskFromC = (nint)epilogue.Mask - (nint)c;
        T* perColumn = context.IsMasked ? epilogue.ColumnSums : epilogue.Bias;
        if (epilogue.ColumnSquares != null)
        {
            perColumn = epilogue.ColumnSquares;
            EndInSquares(m, n, c, epilogue.SquaredRows, ref context);
        }

        MultiplyPart(Way.Plain, m, n, a, TileRows * rowA, b, ldb, null, c, perColumn, in context);
    }

    /// <summary>All tiles of a block of C, with the end that the context asks for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyPart(
        Way way, int rows, int columns, T* a, nint panelStepA, T* b, nint stepB, T* panels, T* c, T* perColumn, in MatrixProductTileContext context)
    {
        if (context.IsMasked)
        {
            MultiplyPart<MaskedEnd>(way, rows, columns, a, panelStepA, b, stepB, panels, c, perColumn, in context);
        }
        else if (context.IsSquared)
        {
            MultiplyPart<SquaredEnd>(way, rows, columns, a, panelStepA, b, stepB, panels, c, perColumn, in context);
        }
        else
        {
            MultiplyPart<BiasedEnd>(way, rows, columns, a, panelStepA, b, stepB, panels, c, perColumn, in context);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyPart<TEnd>(
        Way way, int rows, int columns, T* a, nint panelStepA, T* b, nint stepB, T* panels, T* c, T* perColumn, in MatrixProductTileContext context)
        where TEnd : unmanaged, ITileEnd
    {
        switch (way)
        {
            case Way.PackingRows:
                MatrixProductPackingTiles<TVector, TSimd, T>.MultiplyRows<TEnd>(
                    rows, columns, a, panelStepA, b, stepB * sizeof(T), panels, c, perColumn, in context);
                break;
            case Way.PackingFewTransposed:
                MatrixProductPackingTiles<TVector, TSimd, T>.MultiplyFewTransposed<TEnd>(rows, columns, a, panelStepA, b, stepB, panels, c, perColumn, in context);
                break;
            case Way.PackingTransposed or Way.PackingTransposedNear:
                MatrixProductPackingTiles<TVector, TSimd, T>.MultiplyTransposed<TEnd>(
                    rows, columns, a, panelStepA, b, stepB, panels, way == Way.PackingTransposedNear, c, perColumn, in context);
                break;
            default:
                MatrixProductTiles<TVector, TSimd, T>.MultiplyBlock<TEnd>(rows, columns, a, panelStepA, b, c, perColumn, in context);
                break;
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
    private static void Pack(T* source, nint stride, nint depthStride, int depth, int count, int width, T* panels)
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
