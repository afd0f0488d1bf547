using System.Numerics;
using System.Runtime.CompilerServices;
using Glissade.Numerics;
using Glissade.Numerics.Elementwise;

namespace Glissade.Differentiation.Operations;

/// <summary>sinh x</summary>
internal sealed record Sinh : UnaryOperation<Sinh.Operator>
{
    public override string Name => "sinh";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => adjoint * Functions.Cosh(x);

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => VectorFunctions.Sinh<TVector, T, TSimd>(x);
    }
}

/// <summary>cosh x</summary>
internal sealed record Cosh : UnaryOperation<Cosh.Operator>
{
    public override string Name => "cosh";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => adjoint * Functions.Sinh(x);

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => VectorFunctions.Cosh<TVector, T, TSimd>(x);
    }
}

/// <summary>arsinh x</summary>
internal sealed record Asinh : UnaryOperation<Asinh.Operator>
{
    public override string Name => "asinh";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint)
    {
        // 1/√(1 + x²) without overflow of the square: the scale cancels exactly.
        Tensor magnitude = Functions.Maximum(Functions.Abs(x), 1);
        Tensor scale = Functions.StopGradient(Functions.Select(Functions.IsFinite(magnitude), magnitude, 1));
        return adjoint / scale * Functions.ReciprocalSqrt(Functions.Square(1 / scale) + Functions.Square(x / scale));
    }

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => VectorFunctions.Asinh<TVector, T, TSimd>(x);
    }
}

/// <summary>arcosh x; its derivative is 1/(√(x − 1)·√(x + 1)), which neither overflows nor loses anything near 1</summary>
internal sealed record Acosh : UnaryOperation<Acosh.Operator>
{
    public override string Name => "acosh";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => adjoint * (Functions.ReciprocalSqrt(x - 1) * Functions.ReciprocalSqrt(x + 1));

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => VectorFunctions.Acosh<TVector, T, TSimd>(x);
    }
}

/// <summary>artanh x; its derivative is 1/(1 − x²) with the difference rounded once, as that of <see cref="Asin"/></summary>
internal sealed record Atanh : UnaryOperation<Atanh.Operator>
{
    public override string Name => "atanh";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => adjoint / Functions.FusedMultiplyAdd(-x, x, x.Trace.Constant(1));

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => VectorFunctions.Atanh<TVector, T, TSimd>(x);
    }
}
