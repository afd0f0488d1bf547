using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

/// <summary>One step of going over the elements of a window.</summary>
internal unsafe interface IPoolingFold
{
    /// <summary>What there is after the first element.</summary>
    /// <param name="element">The element.</param>
    /// <param name="beside">From there to the same of the second tensor.</param>
    /// <param name="greatest">The greatest of all elements.</param>
    static abstract TVector First<TVector, TSimd, T>(T* element, nint beside, TVector greatest)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>What there is after another element.</summary>
    /// <param name="state">What there was before.</param>
    /// <param name="element">The element.</param>
    /// <param name="beside">From there to the same of the second tensor.</param>
    /// <param name="greatest">The greatest of all elements.</param>
    static abstract TVector Next<TVector, TSimd, T>(TVector state, T* element, nint beside, TVector greatest)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IFloatingPointIeee754<T>;
}

/// <summary>What part of a window's number an element gets.</summary>
internal unsafe interface IPoolingShare
{
    /// <summary>The part.</summary>
    /// <param name="element">The element.</param>
    /// <param name="greatest">The greatest of all elements.</param>
    /// <param name="share">A share.</param>
    /// <param name="rest">What elements without a share get.</param>
    static abstract TVector Of<TVector, TSimd, T>(T* element, TVector greatest, TVector share, TVector rest)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IFloatingPointIeee754<T>;
}

/// <summary>The greatest so far, NaN if one was.</summary>
internal readonly unsafe struct GreatestOfAll : IPoolingFold
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector First<TVector, TSimd, T>(T* element, nint beside, TVector greatest)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IFloatingPointIeee754<T> => TSimd.Load(element);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Next<TVector, TSimd, T>(TVector state, T* element, nint beside, TVector greatest)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IFloatingPointIeee754<T> => TSimd.Max(state, TSimd.Load(element));
}

/// <summary>The sum so far.</summary>
internal readonly unsafe struct SumOfAll : IPoolingFold
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector First<TVector, TSimd, T>(T* element, nint beside, TVector greatest)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IFloatingPointIeee754<T> => TSimd.Load(element);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Next<TVector, TSimd, T>(TVector state, T* element, nint beside, TVector greatest)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IFloatingPointIeee754<T> => TSimd.Add(state, TSimd.Load(element));
}

/// <summary>How many elements so far are equal to the greatest.</summary>
internal readonly unsafe struct CountOfTies : IPoolingFold
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector First<TVector, TSimd, T>(T* element, nint beside, TVector greatest)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IFloatingPointIeee754<T> => TSimd.Select(TSimd.Equal(TSimd.Load(element), greatest), TSimd.Constant(1), TSimd.Constant(0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Next<TVector, TSimd, T>(TVector state, T* element, nint beside, TVector greatest)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IFloatingPointIeee754<T> => TSimd.Select(TSimd.Equal(TSimd.Load(element), greatest), TSimd.Add(state, TSimd.Constant(1)), state);
}

/// <summary>The sum so far, in the second tensor, of the places of elements equal to the greatest.</summary>
internal readonly unsafe struct SumOfTies : IPoolingFold
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector First<TVector, TSimd, T>(T* element, nint beside, TVector greatest)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IFloatingPointIeee754<T> => TSimd.Select(TSimd.Equal(TSimd.Load(element), greatest), TSimd.Load(element + beside), TSimd.Constant(0));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Next<TVector, TSimd, T>(TVector state, T* element, nint beside, TVector greatest)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IFloatingPointIeee754<T> => TSimd.Select(TSimd.Equal(TSimd.Load(element), greatest), TSimd.Add(state, TSimd.Load(element + beside)), state);
}

/// <summary>A share for each element.</summary>
internal readonly unsafe struct ShareOfAll : IPoolingShare
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TVector, TSimd, T>(T* element, TVector greatest, TVector share, TVector rest)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IFloatingPointIeee754<T> => share;
}

/// <summary>A share for each element equal to the greatest.</summary>
internal readonly unsafe struct ShareOfTies : IPoolingShare
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TVector, TSimd, T>(T* element, TVector greatest, TVector share, TVector rest)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IFloatingPointIeee754<T> => TSimd.Select(TSimd.Equal(TSimd.Load(element), greatest), share, rest);
}

/// <summary>A share for each element equal to the greatest, and nothing at all for those that are not positive.</summary>
internal readonly unsafe struct ShareOfPositiveTies : IPoolingShare
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TVector, TSimd, T>(T* element, TVector greatest, TVector share, TVector rest)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>
        where T : unmanaged, IFloatingPointIeee754<T> =>
        TSimd.WherePositive(TSimd.Load(element), ShareOfTies.Of<TVector, TSimd, T>(element, greatest, share, rest));
}
