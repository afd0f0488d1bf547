using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

/// <summary>Goes over the elements of one window, a vector of channels each.</summary>
internal static unsafe class PoolingElements<TVector, TSimd, T, TSide>
    where TVector : struct
    where TSimd : struct, ISimd<TVector, T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TSide : unmanaged, ITileCount
{
    /// <summary>The greatest, NaN if any is; −∞ of none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Greatest(in PoolingRow<T> row, T* image)
    {
        TVector none = TSimd.Constant(double.NegativeInfinity);
        return Fold<GreatestOfAll>(in row, image, 0, none, none);
    }

    /// <summary>What comes of one element after the other.</summary>
    /// <typeparam name="TFold">What is done with each.</typeparam>
    /// <param name="row">The elements.</param>
    /// <param name="image">The first of them.</param>
    /// <param name="beside">From an element to the same of the second tensor.</param>
    /// <param name="greatest">The greatest element.</param>
    /// <param name="none">What comes of none.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Fold<TFold>(in PoolingRow<T> row, T* image, nint beside, TVector greatest, TVector none)
        where TFold : struct, IPoolingFold
    {
        nint down = row.RowStep, across = row.ColumnStep;
        TVector state = none;
        if (typeof(TSide) == typeof(TileNone))
        {
            for (int i = row.Rows; i > 0; i--, image += down)
            {
                T* element = image;
                for (int j = row.Columns; j > 0; j--, element += across)
                {
                    state = TFold.Next<TVector, TSimd, T>(state, element, beside, greatest);
                }
            }

            return state;
        }

        state = FoldRow<TFold>(image, across, beside, greatest, TFold.First<TVector, TSimd, T>(image, beside, greatest));
        image += down;
        state = FoldRow<TFold>(image, across, beside, greatest, TFold.Next<TVector, TSimd, T>(state, image, beside, greatest));
        image += down;
        return sizeof(TSide) > 2 ? FoldRow<TFold>(image, across, beside, greatest, TFold.Next<TVector, TSimd, T>(state, image, beside, greatest)) : state;
    }

    /// <summary>Gives each element a part, or adds it to what it has.</summary>
    /// <typeparam name="TShare">Which part.</typeparam>
    /// <param name="row">The elements.</param>
    /// <param name="image">The first of them.</param>
    /// <param name="beside">From an element to where its part belongs.</param>
    /// <param name="greatest">The greatest element.</param>
    /// <param name="share">A share.</param>
    /// <param name="rest">What elements without a share get.</param>
    /// <param name="lanes">Channels.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Give<TShare>(in PoolingRow<T> row, T* image, nint beside, TVector greatest, TVector share, TVector rest, int lanes)
        where TShare : struct, IPoolingShare
    {
        nint down = row.RowStep, across = row.ColumnStep;
        bool adds = row.Adds;
        if (typeof(TSide) == typeof(TileNone))
        {
            image += row.FirstRow * down;
            for (int i = row.EndRow - row.FirstRow; i > 0; i--, image += down)
            {
                T* element = image;
                for (int j = row.Columns; j > 0; j--, element += across)
                {
                    GiveOne<TShare>(element, beside, greatest, share, rest, adds, lanes);
                }
            }

            return;
        }

        GiveRow<TShare>(image, across, beside, greatest, share, rest, adds, lanes);
        GiveRow<TShare>(image + down, across, beside, greatest, share, rest, adds, lanes);
        if (sizeof(TSide) > 2)
        {
            GiveRow<TShare>(image + (2 * down), across, beside, greatest, share, rest, adds, lanes);
        }
    }

    /// <summary>Stores the first lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(TVector value, T* to, int lanes)
    {
        if (lanes == TSimd.Count)
        {
            TSimd.Store(value, to);
        }
        else
        {
            TSimd.StoreFirst(value, to, lanes);
        }
    }

    /// <summary>The elements of a row after its first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector FoldRow<TFold>(T* first, nint across, nint beside, TVector greatest, TVector state)
        where TFold : struct, IPoolingFold
    {
        state = TFold.Next<TVector, TSimd, T>(state, first + across, beside, greatest);
        return sizeof(TSide) > 2 ? TFold.Next<TVector, TSimd, T>(state, first + (2 * across), beside, greatest) : state;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GiveRow<TShare>(T* element, nint across, nint beside, TVector greatest, TVector share, TVector rest, bool adds, int lanes)
        where TShare : struct, IPoolingShare
    {
        GiveOne<TShare>(element, beside, greatest, share, rest, adds, lanes);
        GiveOne<TShare>(element + across, beside, greatest, share, rest, adds, lanes);
        if (sizeof(TSide) > 2)
        {
            GiveOne<TShare>(element + (2 * across), beside, greatest, share, rest, adds, lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void GiveOne<TShare>(T* element, nint beside, TVector greatest, TVector share, TVector rest, bool adds, int lanes)
        where TShare : struct, IPoolingShare
    {
        TVector part = TShare.Of<TVector, TSimd, T>(element, greatest, share, rest);
        Store(adds ? TSimd.Add(TSimd.Load(element + beside), part) : part, element + beside, lanes);
    }
}
