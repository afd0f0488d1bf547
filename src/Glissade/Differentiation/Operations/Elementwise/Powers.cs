using System.Numerics;
using System.Runtime.CompilerServices;
using Glissade.Numerics;
using Glissade.Numerics.Elementwise;

namespace Glissade.Differentiation.Operations;

/// <summary>xʸ</summary>
internal sealed record Power : BinaryOperation<Power.Operator>
{
    public override string Name => "power";

    protected override (Tensor? X, Tensor? Y) Adjoint(Tensor z, Tensor x, Tensor y, Tensor adjoint) =>
        (adjoint * ScaledPower.Slope(null, x, y), adjoint * (z * LogarithmOf(x, y)));

    /// <summary>ln x, and 0 where x is 0 and y is not negative: what xʸ is multiplied by in its derivative by y.</summary>
    /// <remarks>The limit of xʸ ln x at x = 0 is 0 where y is positive, −∞ where it is negative; at y = 0, where the two meet, it counts as 0.</remarks>
    public static Tensor LogarithmOf(Tensor x, Tensor y) =>
        Functions.Log(Functions.Select(Functions.And(Functions.EqualTo(x, 0), Functions.GreaterOrEqual(y, 0)), 1, x));

    internal readonly struct Operator : IBinaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x, TVector y)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => VectorFunctions.Power<TVector, T, TSimd>(x, y);
    }
}

/// <summary>c·xʸ with the operands c, x, y, and 0 where c is 0, even if xʸ is infinite or NaN: the derivatives of a power.</summary>
/// <remarks>
/// The n-th derivative of xʸ by x is y·(y − 1)···(y − n + 1)·xʸ⁻ⁿ. For a whole y below n it is 0, at x = 0 too, where the power alone is infinite.
/// </remarks>
internal sealed record ScaledPower : TernaryOperation<ScaledPower.Operator>
{
    public override string Name => "scaled-power";

    /// <summary>The derivative of c·xʸ by x.</summary>
    /// <param name="c">The factor; null for 1.</param>
    /// <param name="x">The base.</param>
    /// <param name="y">The exponent.</param>
    public static Tensor Slope(Tensor? c, Tensor x, Tensor y)
    {
        // A number is decided beforehand: it needs no choice when it runs, and small whole and half powers no logarithm.
        Tensor factor = c is null ? y : c * y;
        return y.Operation is not Constant number ? Functions.Node(new ScaledPower(), factor, x, y - 1)
            : number.Value == 0 ? x.Trace.Constant(0)
            : factor * Functions.Power(x, number.Value - 1);
    }

    protected override (Tensor? X, Tensor? Y, Tensor? Z) Adjoint(Tensor x, Tensor y, Tensor z, Tensor adjoint) =>
        (adjoint * Functions.Power(y, z), adjoint * Slope(x, y, z), adjoint * Functions.Select(Functions.EqualTo(x, 0), 0, Functions.Node(this, x, y, z) * Power.LogarithmOf(y, z)));

    internal readonly struct Operator : ITernaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x, TVector y, TVector z)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> =>
            TSimd.Select(TSimd.Equal(x, TSimd.Constant(0)), TSimd.Constant(0), TSimd.Multiply(x, VectorFunctions.Power<TVector, T, TSimd>(y, z)));
    }
}
