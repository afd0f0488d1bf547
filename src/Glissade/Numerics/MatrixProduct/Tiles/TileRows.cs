using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

/// <summary>What the tiles of matrix products and of convolutions do with their rows, held in one vector or two, four at a time.</summary>
/// <remarks>
/// Nothing is done for a row that the tile does not have; which they are is known when the machine code is made. Conditional expressions would each take a
/// local, of which the compiler allows a method so many, and beyond them it would call what is to be inlined.
/// </remarks>
internal abstract unsafe class TileRows<TVector, TSimd, T, TRows, TVectors>
    where TVector : struct
    where TSimd : ISimd<TVector, T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TRows : unmanaged, ITileCount
    where TVectors : unmanaged, ITileCount
{
    /// <summary>The last terms of the sum, which each four rows add by themselves before they are stored.</summary>
    /// <remarks>
    /// A store of 64 bytes takes two cycles, and more than a dozen in a row are not hidden behind the multiply-adds around them: 24 cost 25 to 30 cycles a tile.
    /// With multiply-adds between every eight of them they cost 5 (12 × 32 floats, Zen 4).
    /// </remarks>
    protected const int TermsApart = 8;

    /// <summary>Whether the tile ends so: those of eight, ten and twelve rows, whose stores are 16 and more.</summary>
    protected static bool EndsApart
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => sizeof(TRows) is 8 or 10 or 12 && sizeof(TVectors) == 2 && TSimd.Count * sizeof(T) == 64;
    }

    /// <summary>Adds the products of four rows of A with a row of B.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static void MultiplyFour(
        int first, byte* a, nint row, TVector b0, TVector b1,
        ref TVector c0x0, ref TVector c0x1, ref TVector c1x0, ref TVector c1x1, ref TVector c2x0, ref TVector c2x1, ref TVector c3x0, ref TVector c3x1)
    {
        MultiplyAdd(first, a, b0, b1, ref c0x0, ref c0x1);
        MultiplyAdd(first + 1, a + row, b0, b1, ref c1x0, ref c1x1);
        MultiplyAdd(first + 2, a + (2 * row), b0, b1, ref c2x0, ref c2x1);
        MultiplyAdd(first + 3, a + (3 * row), b0, b1, ref c3x0, ref c3x1);
    }

    /// <summary>Adds one number for each column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static void AddFour(
        int first, TVector x0, TVector x1,
        ref TVector c0x0, ref TVector c0x1, ref TVector c1x0, ref TVector c1x1, ref TVector c2x0, ref TVector c2x1, ref TVector c3x0, ref TVector c3x1)
    {
        Add(first, x0, x1, ref c0x0, ref c0x1);
        Add(first + 1, x0, x1, ref c1x0, ref c1x1);
        Add(first + 2, x0, x1, ref c2x0, ref c2x1);
        Add(first + 3, x0, x1, ref c3x0, ref c3x1);
    }

    /// <summary>Max(x, 0); NaN and −0 stay what they are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static void RectifyFour(
        int first,
        ref TVector c0x0, ref TVector c0x1, ref TVector c1x0, ref TVector c1x1, ref TVector c2x0, ref TVector c2x1, ref TVector c3x0, ref TVector c3x1)
    {
        Rectify(first, ref c0x0, ref c0x1);
        Rectify(first + 1, ref c1x0, ref c1x1);
        Rectify(first + 2, ref c2x0, ref c2x1);
        Rectify(first + 3, ref c3x0, ref c3x1);
    }

    /// <summary>Stores the rows, of the last vector of each only so many lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static void StoreFour(
        int first, byte* c, nint row, int last,
        ref TVector c0x0, ref TVector c0x1, ref TVector c1x0, ref TVector c1x1, ref TVector c2x0, ref TVector c2x1, ref TVector c3x0, ref TVector c3x1)
    {
        Store(first, c, last, c0x0, c0x1);
        Store(first + 1, c + row, last, c1x0, c1x1);
        Store(first + 2, c + (2 * row), last, c2x0, c2x1);
        Store(first + 3, c + (3 * row), last, c3x0, c3x1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAdd(int row, byte* a, TVector b0, TVector b1, ref TVector sum0, ref TVector sum1)
    {
        if (sizeof(TRows) > row)
        {
            TVector x = TSimd.Create(*(T*)a);
            sum0 = TSimd.FusedMultiplyAdd(x, b0, sum0);
            if (sizeof(TVectors) > 1)
            {
                sum1 = TSimd.FusedMultiplyAdd(x, b1, sum1);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(int row, TVector x0, TVector x1, ref TVector sum0, ref TVector sum1)
    {
        if (sizeof(TRows) > row)
        {
            sum0 = TSimd.Add(x0, sum0);
            if (sizeof(TVectors) > 1)
            {
                sum1 = TSimd.Add(x1, sum1);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rectify(int row, ref TVector sum0, ref TVector sum1)
    {
        if (sizeof(TRows) > row)
        {
            sum0 = TSimd.Rectify(sum0);
            if (sizeof(TVectors) > 1)
            {
                sum1 = TSimd.Rectify(sum1);
            }
        }
    }

    /// <summary>Stores the row, of its last vector only so many lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static void Store(int row, byte* c, int last, TVector sum0, TVector sum1)
    {
        if (sizeof(TRows) <= row)
        {
            return;
        }

        if (sizeof(TVectors) == 1)
        {
            StoreLast((T*)c, last, sum0);
        }
        else
        {
            TSimd.Store(sum0, (T*)c);
            StoreLast((T*)c + TSimd.Count, last, sum1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreLast(T* place, int last, TVector sum)
    {
        if (last == TSimd.Count)
        {
            TSimd.Store(sum, place);
        }
        else
        {
            TSimd.StoreFirst(sum, place, last);
        }
    }
}
