using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Glissade.Numerics;

/// <summary>Covers a block of C with tiles of which the first pack op(B) for the others, for one width of vector.</summary>
/// <remarks>Packing by itself took 2 to 6% of the products of a dense layer, forward and backward; beside multiply-adds it costs next to nothing.</remarks>
internal static unsafe class MatrixProductPackingTiles<TVector, TSimd, T>
    where TVector : struct
    where TSimd : ISimd<TVector, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Columns that a tile packs of the next panel.</summary>
    private const int ColumnsTogether = 16;

    private static int Rows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => MatrixProductTiles<TVector, TSimd, T>.Rows;
    }

    private static int Columns
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => MatrixProductTiles<TVector, TSimd, T>.Columns(2);
    }

    /// <summary>Whether <see cref="MultiplyTransposed"/> can be used.</summary>
    /// <param name="rows">Rows of the block.</param>
    /// <param name="depth">Terms of the sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool PacksTransposed(int rows, int depth) =>
        Avx.IsSupported && typeof(T) == typeof(float) && TSimd.Count * sizeof(T) == 64 && rows >= Columns / ColumnsTogether * Rows && depth % 4 == 0;

    /// <summary>All tiles of a block of C, of which those of the first rows read B where it stands and leave it packed for the others.</summary>
    /// <param name="rows">Rows of the block: those of a whole tile at least.</param>
    /// <param name="columns">Columns of the block.</param>
    /// <param name="a">First panel of A.</param>
    /// <param name="panelStepA">Elements from one panel of A to the next.</param>
    /// <param name="b">B, its rows' elements adjacent.</param>
    /// <param name="rowStepB">Bytes from one row of it to the next.</param>
    /// <param name="panels">Where the panels go.</param>
    /// <param name="c">First element of the block.</param>
    /// <param name="perColumn">Bias of its first column, or what its sum is added to, or that of its squares in the first range of C's rows; null for none.</param>
    /// <param name="context">What all tiles share, with the distances of the panels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyRows<TEnd>(
        int rows, int columns, T* a, nint panelStepA, T* b, nint rowStepB, T* panels, T* c, T* perColumn, in MatrixProductTileContext context)
        where TEnd : unmanaged, ITileEnd
    {
        MatrixProductTileContext first = context;
        first.DepthStepB = rowStepB;
        first.PanelStepB = Columns * sizeof(T);
        first.Packed = (byte*)panels;
        int rest = columns % Columns;
        rest = rest > TSimd.Count ? 0 : rest;
        int paired = columns - rest;
        T* perFirst = MatrixProductTiles<TVector, TSimd, T>.PerColumnOf(c, perColumn, in context);
        if (paired > 0)
        {
            MatrixProductTiles<TVector, TSimd, T>.MultiplyStrip<TileTwo, TileOne, TEnd>(Rows, (byte*)a, (byte*)b, (byte*)c, paired, (byte*)perFirst, in first);
        }

        if (rest > 0)
        {
            first.Packed += paired / Columns * context.PanelStepB;
            MatrixProductTiles<TVector, TSimd, T>.MultiplyStrip<TileOne, TileOne, TEnd>(Rows, (byte*)a, (byte*)(b + paired), (byte*)(c + paired), rest, perFirst == null ? null : (byte*)(perFirst + paired), in first);
        }

        MatrixProductTiles<TVector, TSimd, T>.MultiplyBlock<TEnd>(
            rows - Rows, columns, a + panelStepA, panelStepA, panels, (T*)((byte*)c + (Rows * context.RowStepC)), perColumn, in context);
    }

    /// <summary>All tiles of a block of C where op(B) is stored transposed: the tiles of a panel's first rows pack the next panel.</summary>
    /// <param name="rows">Rows of the block.</param>
    /// <param name="columns">Columns of the block.</param>
    /// <param name="a">First panel of A.</param>
    /// <param name="panelStepA">Elements from one panel of A to the next.</param>
    /// <param name="b">B, a column of op(B) after another.</param>
    /// <param name="columnStepB">Elements from a column of op(B) to the next.</param>
    /// <param name="panels">Where the panels go.</param>
    /// <param name="isNear">Whether A stays in the first cache, so that each panel is used up at once.</param>
    /// <param name="c">First element of the block.</param>
    /// <param name="perColumn">Bias of its first column, or what its sum is added to, or that of its squares in the first range of C's rows; null for none.</param>
    /// <param name="context">What all tiles share, with the distances of the panels.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyTransposed<TEnd>(
        int rows, int columns, T* a, nint panelStepA, T* b, nint columnStepB, T* panels, bool isNear, T* c, T* perColumn, in MatrixProductTileContext context)
        where TEnd : unmanaged, ITileEnd
    {
        MatrixProductTileContext packing = context;
        packing.SourceStep = columnStepB * sizeof(T);
        int strips = Columns / ColumnsTogether;
        nint panelStep = context.PanelStepB / sizeof(T);

        // Panels that are used up at once take turns in two places, which stay in the first cache.
        T* Panel(int index) => panels + ((isNear ? index & 1 : index) * panelStep);
        for (int j = 0; j < columns; j += Columns)
        {
            int width = Math.Min(Columns, columns - j), next = Math.Min(Columns, columns - j - width);
            T* panel = Panel(j / Columns), place = c + j, sums = perColumn == null ? null : perColumn + j;
            if (j == 0 || width < Columns)
            {
                // Any other was packed beside the one before it.
                MatrixProductPacking<T>.PackTransposed(b + (j * columnStepB), columnStepB, (int)context.Depth, width, Columns, panel);
            }

            T* rest = a;
            if (next == Columns)
            {
                packing.Source = (byte*)(b + ((j + width) * columnStepB));
                packing.Packed = (byte*)Panel((j / Columns) + 1);
                for (int strip = 0; strip < strips; strip++)
                {
                    T* perPlace = MatrixProductTiles<TVector, TSimd, T>.PerColumnOf(place, sums, in context);
                    MatrixProductTiles<TVector, TSimd, T>.MultiplyStrip<TileTwo, TileTwo, TEnd>(Rows, (byte*)rest, (byte*)panel, (byte*)place, width, (byte*)perPlace, in packing);
                    packing.Source += ColumnsTogether * packing.SourceStep;
                    packing.Packed += ColumnsTogether * sizeof(T);
                    rest += panelStepA;
                    place = (T*)((byte*)place + (Rows * context.RowStepC));
                }
            }
            else
            {
                MatrixProductTiles<TVector, TSimd, T>.MultiplyBlock<TEnd>(strips * Rows, width, a, panelStepA, panel, place, sums, in context);
                rest += strips * panelStepA;
                place = (T*)((byte*)place + (strips * Rows * context.RowStepC));
            }

            if (isNear)
            {
                MatrixProductTiles<TVector, TSimd, T>.MultiplyBlock<TEnd>(rows - (strips * Rows), width, rest, panelStepA, panel, place, sums, in context);
            }
        }

        if (!isNear)
        {
            MatrixProductTiles<TVector, TSimd, T>.MultiplyBlock<TEnd>(
                rows - (strips * Rows),
                columns,
                a + (strips * panelStepA),
                panelStepA,
                panels,
                (T*)((byte*)c + (strips * Rows * context.RowStepC)),
                perColumn,
                in context);
        }
    }

    /// <summary>Whether <see cref="MultiplyFewTransposed"/> can be used.</summary>
    /// <param name="rows">Rows of the block.</param>
    /// <param name="depth">Terms of the sums.</param>
    /// <param name="depthBlock">Terms of each block of them but the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool PacksFewTransposed(int rows, int depth, int depthBlock) =>
        Avx.IsSupported && typeof(T) == typeof(float) && TSimd.Count * sizeof(T) == 64 && rows is > 3 and < 24 && depth % 4 == 0 && depthBlock % 4 == 0;

    /// <summary>All tiles of a block of C with few rows where op(B) is stored transposed: panels of one vector, each packed by the tile of the one before it.</summary>
    /// <param name="rows">Rows of the block: four at least, since fewer leave little to hide the packing behind.</param>
    /// <param name="columns">Columns of the block.</param>
    /// <param name="a">First panel of A.</param>
    /// <param name="panelStepA">Elements from one panel of A to the next.</param>
    /// <param name="b">B, a column of op(B) after another.</param>
    /// <param name="columnStepB">Elements from a column of op(B) to the next.</param>
    /// <param name="panels">Where the panels go.</param>
    /// <param name="c">First element of the block.</param>
    /// <param name="perColumn">Bias of its first column, or what its sum is added to, or that of its squares in the first range of C's rows; null for none.</param>
    /// <param name="context">What all tiles share, with the distances of panels of one vector.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyFewTransposed<TEnd>(
        int rows, int columns, T* a, nint panelStepA, T* b, nint columnStepB, T* panels, T* c, T* perColumn, in MatrixProductTileContext context)
        where TEnd : unmanaged, ITileEnd
    {
        MatrixProductTileContext packing = context;
        packing.SourceStep = columnStepB * sizeof(T);
        int height = rows == 11 ? 6 : Math.Min(rows, Rows);
        T* restA = height == Rows ? a + panelStepA : (T*)((byte*)a + (height * context.RowStepA));
        MatrixProductPacking<T>.PackTransposed(b, columnStepB, (int)context.Depth, Math.Min(ColumnsTogether, columns), ColumnsTogether, panels);
        for (int j = 0; j < columns; j += ColumnsTogether)
        {
            int width = Math.Min(ColumnsTogether, columns - j), next = Math.Min(ColumnsTogether, columns - j - width);
            T* place = c + j, perPlace = perColumn == null ? null : perColumn + j;
            b += ColumnsTogether * columnStepB;
            if (next == ColumnsTogether)
            {
                packing.Source = (byte*)b;
                packing.Packed = (byte*)panels + context.PanelStepB;
                MatrixProductTiles<TVector, TSimd, T>.MultiplyStrip<TileOne, TileTwo, TEnd>(height, (byte*)a, (byte*)panels, (byte*)place, width, (byte*)perPlace, in packing);
            }
            else
            {
                MatrixProductTiles<TVector, TSimd, T>.MultiplyBlock<TEnd>(height, width, a, 0, panels, place, perPlace, in context);
            }

            if (rows > height)
            {
                T* restC = (T*)((byte*)place + (height * context.RowStepC));
                MatrixProductTiles<TVector, TSimd, T>.MultiplyBlock<TEnd>(rows - height, width, restA, 0, panels, restC, perPlace, in context);
            }

            panels = (T*)((byte*)panels + context.PanelStepB);
            if (next is > 0 and < ColumnsTogether)
            {
                MatrixProductPacking<T>.PackTransposed(b, columnStepB, (int)context.Depth, next, ColumnsTogether, panels);
            }
        }
    }
}
