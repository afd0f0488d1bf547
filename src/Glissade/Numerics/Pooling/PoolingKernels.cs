using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

/// <summary>What pooling does with a vector of channels of one window.</summary>
internal unsafe interface IPoolingKernel
{
    /// <summary>Takes or gives the number of one window.</summary>
    /// <typeparam name="TVector">The vector.</typeparam>
    /// <typeparam name="TSimd">What it can do.</typeparam>
    /// <typeparam name="T">The element.</typeparam>
    /// <typeparam name="TSide">Rows and columns of the window if it has as many of both and they are known; 0 if not.</typeparam>
    /// <param name="row">The elements of the window.</param>
    /// <param name="image">The first of them.</param>
    /// <param name="second">The same of the second tensor.</param>
    /// <param name="window">The window's number.</param>
    /// <param name="lanes">Channels, at most those of a vector.</param>
    static abstract void Invoke<TVector, TSimd, T, TSide>(in PoolingRow<T> row, T* image, T* second, T* window, int lanes)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSide : unmanaged, ITileCount;
}

/// <summary>The greatest element, NaN if any is; −∞ of none.</summary>
internal readonly unsafe struct MaximumKernel : IPoolingKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Invoke<TVector, TSimd, T, TSide>(in PoolingRow<T> row, T* image, T* second, T* window, int lanes)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSide : unmanaged, ITileCount =>
        PoolingElements<TVector, TSimd, T, TSide>.Store(PoolingElements<TVector, TSimd, T, TSide>.Greatest(in row, image), window, lanes);
}

/// <summary>The mean of the second tensor over the places of the greatest element; 0 of none.</summary>
internal readonly unsafe struct MaximumTangentKernel : IPoolingKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Invoke<TVector, TSimd, T, TSide>(in PoolingRow<T> row, T* image, T* second, T* window, int lanes)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSide : unmanaged, ITileCount
    {
        TVector greatest = PoolingElements<TVector, TSimd, T, TSide>.Greatest(in row, image), zero = TSimd.Constant(0);
        TVector ties = PoolingElements<TVector, TSimd, T, TSide>.Fold<CountOfTies>(in row, image, 0, greatest, zero);
        TVector sum = PoolingElements<TVector, TSimd, T, TSide>.Fold<SumOfTies>(in row, image, (nint)(second - image), greatest, zero);
        PoolingElements<TVector, TSimd, T, TSide>.Store(row.Rows * row.Columns == 0 ? zero : TSimd.Divide(sum, ties), window, lanes);
    }
}

/// <summary>Gives the window's number to the places of the greatest element in equal shares; NaN to all if an element is NaN.</summary>
/// <typeparam name="TShare">Which of them take it.</typeparam>
internal readonly unsafe struct MaximumAdjointKernel<TShare> : IPoolingKernel
    where TShare : struct, IPoolingShare
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Invoke<TVector, TSimd, T, TSide>(in PoolingRow<T> row, T* image, T* second, T* window, int lanes)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSide : unmanaged, ITileCount
    {
        TVector greatest = PoolingElements<TVector, TSimd, T, TSide>.Greatest(in row, image), zero = TSimd.Constant(0);
        TVector ties = PoolingElements<TVector, TSimd, T, TSide>.Fold<CountOfTies>(in row, image, 0, greatest, zero);

        // With a NaN nothing is equal to the greatest, and a share among none is infinite or NaN. A quotient of subnormal numbers would be slow.
        TVector share = TSimd.Multiply(TSimd.Load(window), TSimd.Divide(TSimd.Constant(1), ties));
        PoolingElements<TVector, TSimd, T, TSide>.Give<TShare>(in row, image, (nint)(second - image), greatest, share, TSimd.Multiply(share, zero), lanes);
    }
}

/// <summary>The mean of the elements; 0 of none.</summary>
internal readonly unsafe struct AverageKernel : IPoolingKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Invoke<TVector, TSimd, T, TSide>(in PoolingRow<T> row, T* image, T* second, T* window, int lanes)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSide : unmanaged, ITileCount
    {
        TVector zero = TSimd.Constant(0), sum = PoolingElements<TVector, TSimd, T, TSide>.Fold<SumOfAll>(in row, image, 0, zero, zero);
        PoolingElements<TVector, TSimd, T, TSide>.Store(TSimd.Divide(sum, TSimd.Constant(Math.Max(1.0, (double)row.Rows * row.Columns))), window, lanes);
    }
}

/// <summary>Gives the window's number to its elements in equal shares.</summary>
internal readonly unsafe struct AverageAdjointKernel : IPoolingKernel
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Invoke<TVector, TSimd, T, TSide>(in PoolingRow<T> row, T* image, T* second, T* window, int lanes)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSide : unmanaged, ITileCount
    {
        TVector share = TSimd.Divide(TSimd.Load(window), TSimd.Constant((double)row.Rows * row.Columns));
        PoolingElements<TVector, TSimd, T, TSide>.Give<ShareOfAll>(in row, second, 0, share, share, share, lanes);
    }
}
