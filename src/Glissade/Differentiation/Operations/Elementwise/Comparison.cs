using System.Numerics;
using System.Runtime.CompilerServices;
using Glissade.Numerics;
using Glissade.Numerics.Elementwise;

namespace Glissade.Differentiation.Operations;

/// <summary>1 where x &gt; y, else 0</summary>
internal sealed record Greater : BinaryOperation<Greater.Operator>
{
    public override string Name => "greater";

    protected override (Tensor? X, Tensor? Y) Adjoint(Tensor z, Tensor x, Tensor y, Tensor adjoint) =>
        (null, null);

    internal readonly struct Operator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x, TVector y)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => TSimd.Select(TSimd.GreaterThan(x, y), TSimd.Constant(1), TSimd.Constant(0));
    }
}

/// <summary>1 where x ≥ y, else 0</summary>
internal sealed record GreaterOrEqual : BinaryOperation<GreaterOrEqual.Operator>
{
    public override string Name => "greater-or-equal";

    protected override (Tensor? X, Tensor? Y) Adjoint(Tensor z, Tensor x, Tensor y, Tensor adjoint) =>
        (null, null);

    internal readonly struct Operator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x, TVector y)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => TSimd.Select(TSimd.GreaterThanOrEqual(x, y), TSimd.Constant(1), TSimd.Constant(0));
    }
}

/// <summary>1 where x = y, else 0</summary>
internal sealed record EqualTo : BinaryOperation<EqualTo.Operator>
{
    public override string Name => "equal";

    protected override (Tensor? X, Tensor? Y) Adjoint(Tensor z, Tensor x, Tensor y, Tensor adjoint) =>
        (null, null);

    internal readonly struct Operator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x, TVector y)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => TSimd.Select(TSimd.Equal(x, y), TSimd.Constant(1), TSimd.Constant(0));
    }
}

/// <summary>max(x, y), NaN if either is; at a tie each side gets half of the adjoint.</summary>
internal sealed record Maximum : BinaryOperation<Maximum.Operator>
{
    public override string Name => "maximum";

    protected override (Tensor? X, Tensor? Y) Adjoint(Tensor z, Tensor x, Tensor y, Tensor adjoint) =>
        (adjoint * (0.5 * (Functions.Greater(x, y) + Functions.GreaterOrEqual(x, y))), adjoint * (0.5 * (Functions.Greater(y, x) + Functions.GreaterOrEqual(y, x))));

    internal readonly struct Operator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x, TVector y)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => TSimd.Max(x, y);
    }
}

/// <summary>min(x, y), NaN if either is; at a tie each side gets half of the adjoint.</summary>
internal sealed record Minimum : BinaryOperation<Minimum.Operator>
{
    public override string Name => "minimum";

    protected override (Tensor? X, Tensor? Y) Adjoint(Tensor z, Tensor x, Tensor y, Tensor adjoint) =>
        (adjoint * (0.5 * (Functions.Greater(y, x) + Functions.GreaterOrEqual(y, x))), adjoint * (0.5 * (Functions.Greater(x, y) + Functions.GreaterOrEqual(x, y))));

    internal readonly struct Operator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x, TVector y)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => TSimd.Min(x, y);
    }
}

/// <summary>∣x∣; the derivative at 0 is 0</summary>
internal sealed record Abs : UnaryOperation<Abs.Operator>
{
    public override string Name => "abs";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => adjoint * Functions.Sign(x);

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => TSimd.Abs(x);
    }
}

/// <summary>−1, 0 or 1; NaN stays NaN</summary>
internal sealed record Sign : UnaryOperation<Sign.Operator>
{
    public override string Name => "sign";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => null;

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => TSimd.Select(TSimd.GreaterThan(TSimd.Abs(x), TSimd.Constant(0)), TSimd.CopySign(TSimd.Constant(1), x), x);
    }
}

/// <summary>the greatest whole number not above x</summary>
internal sealed record Floor : UnaryOperation<Floor.Operator>
{
    public override string Name => "floor";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => null;

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => TSimd.Floor(x);
    }
}

/// <summary>the nearest whole number, the even one of two equally near</summary>
internal sealed record Round : UnaryOperation<Round.Operator>
{
    public override string Name => "round";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => null;

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => VectorFunctions.Round<TVector, T, TSimd>(x);
    }
}
