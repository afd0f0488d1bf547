using System.Numerics;
using System.Runtime.CompilerServices;
using Glissade.Numerics;
using Glissade.Numerics.Elementwise;

namespace Glissade.Differentiation.Operations;

/// <summary>y where x is not 0, else z</summary>
internal sealed record Select : TernaryOperation<Select.Operator>
{
    public override string Name => "select";

    protected override (Tensor? X, Tensor? Y, Tensor? Z) Adjoint(Tensor x, Tensor y, Tensor z, Tensor adjoint) =>
        (null, Functions.Select(x, adjoint, adjoint.Trace.Constant(0)), Functions.Select(x, adjoint.Trace.Constant(0), adjoint));

    internal readonly struct Operator : ITernaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x, TVector y, TVector z)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => TSimd.Select(TSimd.Equal(x, TSimd.Constant(0)), z, y);
    }
}

/// <summary>The convex combination (1 − r)·x + r·y, with r the third operand: the one kernel of all averaging.</summary>
/// <remarks>
/// The product that is not rounded is that by r: a mean has its β there, and so errs by one rounding of what is large in it and not by two. Written as
/// x + r·(y − x) it would be a multiplication less, but lose what is small beside x, miss y at r = 1, and overflow between great numbers of two signs.
/// </remarks>
internal sealed record Blend : TernaryOperation<Blend.Operator>
{
    public override string Name => "blend";

    protected override (Tensor? X, Tensor? Y, Tensor? Z) Adjoint(Tensor x, Tensor y, Tensor z, Tensor adjoint) =>
        ((1 - z) * adjoint, z * adjoint, (y - x) * adjoint);

    internal readonly struct Operator : ITernaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x, TVector y, TVector z)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => TSimd.FusedMultiplyAdd(z, y, TSimd.Multiply(TSimd.Subtract(TSimd.Constant(1), z), x));
    }
}

/// <summary>x where it is a finite number, else y: one comparison, where asking and choosing would be several</summary>
internal sealed record FiniteOr : BinaryOperation<FiniteOr.Operator>
{
    public override string Name => "finite-or";

    protected override (Tensor? X, Tensor? Y) Adjoint(Tensor z, Tensor x, Tensor y, Tensor adjoint)
    {
        Tensor isFinite = Functions.IsFinite(x), zero = adjoint.Trace.Constant(0);
        return (Functions.Select(isFinite, adjoint, zero), Functions.Select(isFinite, zero, adjoint));
    }

    internal readonly struct Operator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x, TVector y)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => TSimd.FiniteOr(x, y);
    }
}
