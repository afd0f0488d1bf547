using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

/// <summary>What follows the sums of a tile of a matrix product, for four rows at a time: see <see cref="MatrixProductEpilogue{T}"/>.</summary>
internal abstract unsafe class MatrixProductTileEnd<TVector, TSimd, T, TRows, TVectors, TEnd> : TileRows<TVector, TSimd, T, TRows, TVectors>
    where TVector : struct
    where TSimd : ISimd<TVector, T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TRows : unmanaged, ITileCount
    where TVectors : unmanaged, ITileCount
    where TEnd : unmanaged, ITileEnd
{
    /// <summary>Finishes four rows and stores them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static void FinishFour(
        int first, byte* c, int last, bool hasBias, in MatrixProductTileContext context, ref TVector p0, ref TVector p1,
        ref TVector c0x0, ref TVector c0x1, ref TVector c1x0, ref TVector c1x1, ref TVector c2x0, ref TVector c2x1, ref TVector c3x0, ref TVector c3x1)
    {
        nint row = context.RowStepC;
        if (context.AddsToC)
        {
            AddFrom(first, c, ref c0x0, ref c0x1);
            AddFrom(first + 1, c + row, ref c1x0, ref c1x1);
            AddFrom(first + 2, c + (2 * row), ref c2x0, ref c2x1);
            AddFrom(first + 3, c + (3 * row), ref c3x0, ref c3x1);
        }

        if (hasBias)
        {
            AddFour(first, p0, p1, ref c0x0, ref c0x1, ref c1x0, ref c1x1, ref c2x0, ref c2x1, ref c3x0, ref c3x1);
        }

        if (typeof(TEnd) == typeof(BiasedEnd) && context.Rectifies)
        {
            RectifyFour(first, ref c0x0, ref c0x1, ref c1x0, ref c1x1, ref c2x0, ref c2x1, ref c3x0, ref c3x1);
        }

        if (typeof(TEnd) == typeof(MaskedEnd))
        {
            Mask(first, c + context.MaskFromC, ref c0x0, ref c0x1, ref p0, ref p1);
            Mask(first + 1, c + row + context.MaskFromC, ref c1x0, ref c1x1, ref p0, ref p1);
            Mask(first + 2, c + (2 * row) + context.MaskFromC, ref c2x0, ref c2x1, ref p0, ref p1);
            Mask(first + 3, c + (3 * row) + context.MaskFromC, ref c3x0, ref c3x1, ref p0, ref p1);
        }

        if (typeof(TEnd) == typeof(SquaredEnd))
        {
            Square(first, ref c0x0, ref c0x1, ref p0, ref p1);
            Square(first + 1, ref c1x0, ref c1x1, ref p0, ref p1);
            Square(first + 2, ref c2x0, ref c2x1, ref p0, ref p1);
            Square(first + 3, ref c3x0, ref c3x1, ref p0, ref p1);
        }

        StoreFour(first, c, row, last, ref c0x0, ref c0x1, ref c1x0, ref c1x1, ref c2x0, ref c2x1, ref c3x0, ref c3x1);
    }

    // Like the rows' other methods, these do nothing for rows that the tile does not have, and without conditional expressions.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddFrom(int row, byte* c, ref TVector sum0, ref TVector sum1)
    {
        if (sizeof(TRows) > row)
        {
            sum0 = TSimd.Add(TSimd.Load((T*)c), sum0);
            if (sizeof(TVectors) > 1)
            {
                sum1 = TSimd.Add(TSimd.Load((T*)c + TSimd.Count), sum1);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mask(int row, byte* mask, ref TVector x0, ref TVector x1, ref TVector sum0, ref TVector sum1)
    {
        if (sizeof(TRows) <= row)
        {
            return;
        }

        x0 = TSimd.WherePositive(TSimd.Load((T*)mask), x0);
        sum0 = TSimd.Add(sum0, x0);
        if (sizeof(TVectors) > 1)
        {
            x1 = TSimd.WherePositive(TSimd.Load((T*)mask + TSimd.Count), x1);
            sum1 = TSimd.Add(sum1, x1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(int row, ref TVector x0, ref TVector x1, ref TVector sum0, ref TVector sum1)
    {
        if (sizeof(TRows) > row)
        {
            sum0 = TSimd.FusedMultiplyAdd(x0, x0, sum0);
            if (sizeof(TVectors) > 1)
            {
                sum1 = TSimd.FusedMultiplyAdd(x1, x1, sum1);
            }
        }
    }
}
