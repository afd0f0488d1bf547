using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

/// <summary>Covers a block of C with tiles of the largest size its rows and columns allow, for one width of vector.</summary>
internal static unsafe class MatrixProductTiles<TVector, TSimd, T>
    where TVector : struct
    where TSimd : ISimd<TVector, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Rows of a whole tile: with two vectors of columns they fill the 32 registers of AVX-512 and of ARM, or the 16 of other processors.</summary>
    public static int Rows
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TSimd.Count * sizeof(T) == 64 || (TSimd.Count * sizeof(T) == 16 && VectorWidth.HasManyRegisters) ? 12 : 6;
    }

    /// <summary>Columns of a panel of B: two vectors, or where there is but one row eight, so that sums wait less for themselves.</summary>
    /// <remarks>Packed for one row they are 256 bytes: eight vectors of AVX-512 take longer to pack (64 columns of 64 terms 525 ns, with four 365, with two 405).</remarks>
    /// <param name="m">Rows of C.</param>
    /// <param name="isPacked">Whether B is packed, not read where it stands.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Columns(int m, bool isPacked = true) => m > 1 ? 2 * TSimd.Count : isPacked ? 256 / sizeof(T) : 8 * TSimd.Count;

    /// <summary>All tiles of a block of C.</summary>
    /// <param name="rows">Rows of the block.</param>
    /// <param name="columns">Columns of the block.</param>
    /// <param name="a">First panel of A.</param>
    /// <param name="panelStepA">Elements from one panel of A to the next.</param>
    /// <param name="b">First panel of B.</param>
    /// <param name="c">First element of the block.</param>
    /// <param name="perColumn">Bias of its first column, or what its sum is added to, or that of its squares in the first range of C's rows; null for none.</param>
    /// <param name="context">What all tiles share.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyBlock<TEnd>(int rows, int columns, T* a, nint panelStepA, T* b, T* c, T* perColumn, in MatrixProductTileContext context)
        where TEnd : unmanaged, ITileEnd
    {
        nint leftOfRange = nint.MaxValue;
        if (context.SquaredRows != 0)
        {
            leftOfRange = context.SquaredRows - (RowOf(c, in context) % context.SquaredRows);
            perColumn = PerColumnOf(c, perColumn, in context);
        }

        // Columns that only one vector of the last panel holds.
        int tileColumns = Columns(2), rest = columns % tileColumns;
        rest = rest > TSimd.Count ? 0 : rest;
        int paired = columns - rest;
        byte* restB = (byte*)b + (paired / tileColumns * context.PanelStepB), restPerColumn = perColumn == null ? null : (byte*)(perColumn + paired);
        for (; rows > 0; rows -= Rows)
        {
            if (paired > 0)
            {
                MultiplyStrip<TileTwo, TileNone, TEnd>(rows, (byte*)a, (byte*)b, (byte*)c, paired, (byte*)perColumn, in context);
            }

            if (rest > 0)
            {
                MultiplyStrip<TileOne, TileNone, TEnd>(rows, (byte*)a, restB, (byte*)(c + paired), rest, restPerColumn, in context);
            }

            a += panelStepA;
            c = (T*)((byte*)c + (Rows * context.RowStepC));
            leftOfRange -= Rows;
            if (leftOfRange == 0)
            {
                leftOfRange = context.SquaredRows;
                perColumn = (T*)((byte*)perColumn + context.RangeStep);
                restPerColumn += context.RangeStep;
            }
        }
    }

    /// <summary>What stands for each column of a row of C: as it is, or of sums of squares those of the row's range.</summary>
    /// <param name="c">Where the row begins, or one of its columns.</param>
    /// <param name="perColumn">What stands for that column, of sums of squares those of the first range.</param>
    /// <param name="context">What all tiles share.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T* PerColumnOf(T* c, T* perColumn, in MatrixProductTileContext context) =>
        context.SquaredRows == 0 ? perColumn : (T*)((byte*)perColumn + (RowOf(c, in context) / context.SquaredRows * context.RangeStep));

    private static nint RowOf(T* c, in MatrixProductTileContext context) => (nint)((byte*)c - context.FirstC) / context.RowStepC;

    /// <summary>The tiles of a panel of rows; where they pack (TPacks), not of eleven rows, which are two tiles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyStrip<TVectors, TPacks, TEnd>(int rows, byte* a, byte* b, byte* c, int columns, byte* perColumn, in MatrixProductTileContext context)
        where TVectors : unmanaged, ITileCount
        where TPacks : unmanaged, ITileCount
        where TEnd : unmanaged, ITileEnd
    {
        if (rows < Rows)
        {
            MultiplyRemainder<TVectors, TPacks, TEnd>(rows, a, b, c, columns, perColumn, in context);
        }
        else if (Rows == 12)
        {
            MatrixProductTile<TVector, TSimd, T, TileTwelve, TVectors, TPacks, TEnd>.Compute(a, b, c, columns, perColumn, in context);
        }
        else
        {
            MatrixProductTile<TVector, TSimd, T, TileSix, TVectors, TPacks, TEnd>.Compute(a, b, c, columns, perColumn, in context);
        }
    }

    /// <summary>An incomplete panel of rows: one tile of its height, since few rows in two would each wait for their own sums; eleven rows are six and five.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyRemainder<TVectors, TPacks, TEnd>(int rows, byte* a, byte* b, byte* c, int columns, byte* perColumn, in MatrixProductTileContext context)
        where TVectors : unmanaged, ITileCount
        where TPacks : unmanaged, ITileCount
        where TEnd : unmanaged, ITileEnd
    {
        switch (rows)
        {
            case 1:
                MatrixProductTile<TVector, TSimd, T, TileOne, TVectors, TPacks, TEnd>.Compute(a, b, c, columns, perColumn, in context);
                break;
            case 2:
                MatrixProductTile<TVector, TSimd, T, TileTwo, TVectors, TPacks, TEnd>.Compute(a, b, c, columns, perColumn, in context);
                break;
            case 3:
                MatrixProductTile<TVector, TSimd, T, TileThree, TVectors, TPacks, TEnd>.Compute(a, b, c, columns, perColumn, in context);
                break;
            case 4:
                MatrixProductTile<TVector, TSimd, T, TileFour, TVectors, TPacks, TEnd>.Compute(a, b, c, columns, perColumn, in context);
                break;
            case 5:
                MatrixProductTile<TVector, TSimd, T, TileFive, TVectors, TPacks, TEnd>.Compute(a, b, c, columns, perColumn, in context);
                break;
            case 6:
                MatrixProductTile<TVector, TSimd, T, TileSix, TVectors, TPacks, TEnd>.Compute(a, b, c, columns, perColumn, in context);
                break;
            case 7:
                MatrixProductTile<TVector, TSimd, T, TileSeven, TVectors, TPacks, TEnd>.Compute(a, b, c, columns, perColumn, in context);
                break;
            case 8:
                MatrixProductTile<TVector, TSimd, T, TileEight, TVectors, TPacks, TEnd>.Compute(a, b, c, columns, perColumn, in context);
                break;
            case 9:
                MatrixProductTile<TVector, TSimd, T, TileNine, TVectors, TPacks, TEnd>.Compute(a, b, c, columns, perColumn, in context);
                break;
            case 10:
                MatrixProductTile<TVector, TSimd, T, TileTen, TVectors, TPacks, TEnd>.Compute(a, b, c, columns, perColumn, in context);
                break;
            default:
                MatrixProductTile<TVector, TSimd, T, TileSix, TVectors, TPacks, TEnd>.Compute(a, b, c, columns, perColumn, in context);
                MatrixProductTile<TVector, TSimd, T, TileFive, TVectors, TPacks, TEnd>.Compute(
                    a + (6 * context.RowStepA), b, c + (6 * context.RowStepC), columns, perColumn, in context);
                break;
        }
    }

    /// <summary>A block of one row, in pieces of at most eight vectors, each within one panel of B, whose columns are a multiple of a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyRow(int columns, int panelColumns, T* a, T* b, T* c, T* perColumn, in MatrixProductTileContext context)
    {
        int most = panelColumns / TSimd.Count;
        for (int j = 0; j < columns;)
        {
            int left = columns - j;
            byte* pieceA = (byte*)a, pieceB = (byte*)b + (j / panelColumns * context.PanelStepB) + (j % panelColumns * sizeof(T));
            byte* pieceC = (byte*)(c + j), piecePerColumn = perColumn == null ? null : (byte*)(perColumn + j);
            int vectors = Math.Min(most, (left + TSimd.Count - 1) / TSimd.Count);
            if (vectors >= 8)
            {
                MatrixProductRow<TVector, TSimd, T, TileEight>.Compute(pieceA, pieceB, pieceC, left, piecePerColumn, in context);
                j += 8 * TSimd.Count;
            }
            else if (vectors >= 4)
            {
                MatrixProductRow<TVector, TSimd, T, TileFour>.Compute(pieceA, pieceB, pieceC, left, piecePerColumn, in context);
                j += 4 * TSimd.Count;
            }
            else if (vectors >= 2)
            {
                MatrixProductRow<TVector, TSimd, T, TileTwo>.Compute(pieceA, pieceB, pieceC, left, piecePerColumn, in context);
                j += 2 * TSimd.Count;
            }
            else
            {
                MatrixProductRow<TVector, TSimd, T, TileOne>.Compute(pieceA, pieceB, pieceC, left, piecePerColumn, in context);
                j += TSimd.Count;
            }
        }
    }
}
