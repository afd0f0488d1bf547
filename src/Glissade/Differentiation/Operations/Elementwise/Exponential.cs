using System.Numerics;
using System.Runtime.CompilerServices;
using Glissade.Numerics;
using Glissade.Numerics.Elementwise;

namespace Glissade.Differentiation.Operations;

/// <summary>eˣ</summary>
internal sealed record Exp : UnaryOperation<Exp.Operator>
{
    public override string Name => "exp";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => adjoint * y;

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => VectorFunctions.Exp<TVector, T, TSimd>(x);
    }
}

/// <summary>eˣ − 1, exact for small x</summary>
internal sealed record ExpMinusOne : UnaryOperation<ExpMinusOne.Operator>
{
    public override string Name => "expm1";

    /// <summary>Not y + 1, of which nothing is left where x is far below 0.</summary>
    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => adjoint * Functions.Exp(x);

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => VectorFunctions.ExpMinusOne<TVector, T, TSimd>(x);
    }
}

/// <summary>ln x</summary>
internal sealed record Log : UnaryOperation<Log.Operator>
{
    public override string Name => "log";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => adjoint / x;

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => VectorFunctions.Log<TVector, T, TSimd>(x);
    }
}

/// <summary>ln(1 + x), exact for small x</summary>
internal sealed record LogOnePlus : UnaryOperation<LogOnePlus.Operator>
{
    public override string Name => "log1p";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => adjoint / (1 + x);

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => VectorFunctions.LogOnePlus<TVector, T, TSimd>(x);
    }
}

/// <summary>√x</summary>
internal sealed record Sqrt : UnaryOperation<Sqrt.Operator>
{
    public override string Name => "sqrt";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => adjoint / (2 * y);

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => TSimd.Sqrt(x);
    }
}

/// <summary>1/√x; its derivative −y/2x is halved before it is divided, since y/x may overflow where the half of it does not</summary>
internal sealed record ReciprocalSqrt : UnaryOperation<ReciprocalSqrt.Operator>
{
    public override string Name => "reciprocal-sqrt";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => adjoint * ((-0.5 * y) / x);

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => TSimd.Divide(TSimd.Constant(1), TSimd.Sqrt(x));
    }
}

/// <summary>sin x</summary>
internal sealed record Sin : UnaryOperation<Sin.Operator>
{
    public override string Name => "sin";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => adjoint * Functions.Cos(x);

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => VectorFunctions.Sin<TVector, T, TSimd>(x);
    }
}

/// <summary>cos x</summary>
internal sealed record Cos : UnaryOperation<Cos.Operator>
{
    public override string Name => "cos";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => -(adjoint * Functions.Sin(x));

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => VectorFunctions.Cos<TVector, T, TSimd>(x);
    }
}
