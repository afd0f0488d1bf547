using System.Numerics;

namespace Glissade.Numerics.Elementwise;

/// <summary>A function of one element, for vectors of any width. Written once, used by every executor.</summary>
internal interface IUnaryOperator
{
    static abstract TVector Invoke<TVector, T, TSimd>(TVector x)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : struct, ISimd<TVector, T>;
}

/// <summary>A function of two elements.</summary>
internal interface IBinaryOperator
{
    static abstract TVector Invoke<TVector, T, TSimd>(TVector x, TVector y)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : struct, ISimd<TVector, T>;
}

/// <summary>A function of three elements.</summary>
internal interface ITernaryOperator
{
    static abstract TVector Invoke<TVector, T, TSimd>(TVector x, TVector y, TVector z)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : struct, ISimd<TVector, T>;
}
