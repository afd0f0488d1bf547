using System.Numerics;
using System.Runtime.CompilerServices;
using Glissade.Numerics;
using Glissade.Numerics.Elementwise;

namespace Glissade.Differentiation.Operations;

/// <summary>A rounding of each element to a narrower format, in which the compiler then keeps the value.</summary>
internal interface IRounding
{
    /// <summary>The format.</summary>
    StorageFormat Format { get; }
}

/// <summary>the nearest number of bfloat16, the even one of two equally near</summary>
/// <param name="RoundsAdjoint">Whether the derivative is rounded too, or passes as it is.</param>
internal sealed record RoundToBFloat16(bool RoundsAdjoint) : UnaryOperation<RoundToBFloat16.Operator>, IRounding
{
    public override string Name => "round-to-bfloat16";

    public StorageFormat Format => StorageFormat.BFloat16;

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => RoundsAdjoint ? Functions.Node(this, adjoint) : adjoint;

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => VectorFunctions.RoundToFormat<TVector, T, TSimd>(x, fraction: 7, least: -126, beyond: 128);
    }
}

/// <summary>the nearest number of IEEE binary16, the even one of two equally near</summary>
/// <param name="RoundsAdjoint">Whether the derivative is rounded too, or passes as it is.</param>
internal sealed record RoundToHalf(bool RoundsAdjoint) : UnaryOperation<RoundToHalf.Operator>, IRounding
{
    public override string Name => "round-to-half";

    public StorageFormat Format => StorageFormat.Half;

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => RoundsAdjoint ? Functions.Node(this, adjoint) : adjoint;

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => VectorFunctions.RoundToFormat<TVector, T, TSimd>(x, fraction: 10, least: -14, beyond: 16);
    }
}
