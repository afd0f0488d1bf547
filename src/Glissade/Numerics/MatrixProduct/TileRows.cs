using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

/// <summary>What the tiles of matrix products and of convolutions do with one of their rows, held in one vector or two.</summary>
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
    /// <summary>Adds the product of an element of A and the columns of B to the sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected static void MultiplyAdd(int row, byte* a, TVector b0, TVector b1, ref TVector sum0, ref TVector sum1)
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
