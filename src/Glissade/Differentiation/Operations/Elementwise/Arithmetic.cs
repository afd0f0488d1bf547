using System.Numerics;
using System.Runtime.CompilerServices;
using Glissade.Numerics;
using Glissade.Numerics.Elementwise;

namespace Glissade.Differentiation.Operations;

/// <summary>x + y</summary>
internal sealed record Add : BinaryOperation<Add.Operator>
{
    public override string Name => "add";

    protected override (Tensor? X, Tensor? Y) Adjoint(Tensor z, Tensor x, Tensor y, Tensor adjoint) =>
        (adjoint, adjoint);

    internal readonly struct Operator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x, TVector y)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => TSimd.Add(x, y);
    }
}

/// <summary>x − y</summary>
internal sealed record Subtract : BinaryOperation<Subtract.Operator>
{
    public override string Name => "subtract";

    protected override (Tensor? X, Tensor? Y) Adjoint(Tensor z, Tensor x, Tensor y, Tensor adjoint) =>
        (adjoint, -adjoint);

    internal readonly struct Operator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x, TVector y)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => TSimd.Subtract(x, y);
    }
}

/// <summary>x · y</summary>
internal sealed record Multiply : BinaryOperation<Multiply.Operator>
{
    public override string Name => "multiply";

    protected override (Tensor? X, Tensor? Y) Adjoint(Tensor z, Tensor x, Tensor y, Tensor adjoint) =>
        (adjoint * y, adjoint * x);

    internal readonly struct Operator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x, TVector y)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => TSimd.Multiply(x, y);
    }
}

/// <summary>x / y</summary>
internal sealed record Divide : BinaryOperation<Divide.Operator>
{
    public override string Name => "divide";

    protected override (Tensor? X, Tensor? Y) Adjoint(Tensor z, Tensor x, Tensor y, Tensor adjoint) =>
        (adjoint / y, -(adjoint * z / y));

    internal readonly struct Operator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x, TVector y)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => TSimd.Divide(x, y);
    }
}

/// <summary>x · y + z, rounded once</summary>
internal sealed record FusedMultiplyAdd : TernaryOperation<FusedMultiplyAdd.Operator>
{
    public override string Name => "fused-multiply-add";

    protected override (Tensor? X, Tensor? Y, Tensor? Z) Adjoint(Tensor x, Tensor y, Tensor z, Tensor adjoint) =>
        (adjoint * y, adjoint * x, adjoint);

    internal readonly struct Operator : ITernaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x, TVector y, TVector z)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => TSimd.FusedMultiplyAdd(x, y, z);
    }
}

/// <summary>−x</summary>
internal sealed record Negate : UnaryOperation<Negate.Operator>
{
    public override string Name => "negate";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => -adjoint;

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => TSimd.Negate(x);
    }
}

/// <summary>x²</summary>
internal sealed record Square : UnaryOperation<Square.Operator>
{
    public override string Name => "square";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => adjoint * (2 * x);

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => TSimd.Multiply(x, x);
    }
}

/// <summary>x itself; what a value is called where it must be stored, or where no gradient passes.</summary>
internal sealed record Identity : UnaryOperation<Identity.Operator>
{
    public override string Name => "copy";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => adjoint;

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => x;
    }
}
