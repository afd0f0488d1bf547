using System.Numerics;
using System.Runtime.CompilerServices;
using Glissade.Numerics;
using Glissade.Numerics.Elementwise;

namespace Glissade.Differentiation.Operations;

/// <summary>tan x</summary>
internal sealed record Tan : UnaryOperation<Tan.Operator>
{
    public override string Name => "tan";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => adjoint * (1 + Functions.Square(y));

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => VectorFunctions.Tan<TVector, T, TSimd>(x);
    }
}

/// <summary>arctan x</summary>
internal sealed record Atan : UnaryOperation<Atan.Operator>
{
    public override string Name => "atan";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => adjoint / (1 + Functions.Square(x));

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => VectorFunctions.Atan<TVector, T, TSimd>(x);
    }
}

/// <summary>The angle of the point (y, x) given as its operands in this order</summary>
internal sealed record Atan2 : BinaryOperation<Atan2.Operator>
{
    public override string Name => "atan2";

    /// <summary>(u, −v)/((u² + v²)·m) with u = x/m, v = y/m and m the larger of |x| and |y|, which cancels exactly; so no square overflows or vanishes.</summary>
    protected override (Tensor? X, Tensor? Y) Adjoint(Tensor z, Tensor x, Tensor y, Tensor adjoint)
    {
        Tensor scale = Functions.StopGradient(Functions.Maximum(Functions.Abs(x), Functions.Abs(y)));
        (Tensor rise, Tensor run) = (x / scale, y / scale);
        Tensor share = adjoint / scale / (Functions.Square(rise) + Functions.Square(run));
        return (run * share, -(rise * share));
    }

    internal readonly struct Operator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x, TVector y)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => VectorFunctions.Atan2<TVector, T, TSimd>(x, y);
    }
}

/// <summary>arcsin x; its derivative is 1/√(1 − x²) with the difference rounded once, so that neither it near ±1 nor its own derivative near 0 loses anything</summary>
internal sealed record Asin : UnaryOperation<Asin.Operator>
{
    public override string Name => "asin";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => adjoint * Functions.ReciprocalSqrt(Functions.FusedMultiplyAdd(-x, x, x.Trace.Constant(1)));

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => VectorFunctions.Asin<TVector, T, TSimd>(x);
    }
}

/// <summary>arccos x</summary>
internal sealed record Acos : UnaryOperation<Acos.Operator>
{
    public override string Name => "acos";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => -(adjoint * Functions.ReciprocalSqrt(Functions.FusedMultiplyAdd(-x, x, x.Trace.Constant(1))));

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => VectorFunctions.Acos<TVector, T, TSimd>(x);
    }
}
