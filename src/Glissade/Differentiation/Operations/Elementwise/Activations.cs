using System.Numerics;
using System.Runtime.CompilerServices;
using Glissade.Numerics;
using Glissade.Numerics.Elementwise;

namespace Glissade.Differentiation.Operations;

/// <summary>tanh x</summary>
internal sealed record Tanh : UnaryOperation<Tanh.Operator>
{
    public override string Name => "tanh";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => adjoint * (1 - Functions.Square(y));

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => VectorFunctions.Tanh<TVector, T, TSimd>(x);
    }
}

/// <summary>σ(x) = 1/(1 + e⁻ˣ)</summary>
internal sealed record Sigmoid : UnaryOperation<Sigmoid.Operator>
{
    public override string Name => "sigmoid";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => adjoint * (y * (1 - y));

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => VectorFunctions.Sigmoid<TVector, T, TSimd>(x);
    }
}

/// <summary>ln(1 + eˣ)</summary>
internal sealed record Softplus : UnaryOperation<Softplus.Operator>
{
    public override string Name => "softplus";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => adjoint * Functions.Sigmoid(x);

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => VectorFunctions.Softplus<TVector, T, TSimd>(x);
    }
}

/// <summary>2/√π ∫₀ˣ e^(−t²) dt</summary>
internal sealed record Erf : UnaryOperation<Erf.Operator>
{
    public override string Name => "erf";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => adjoint * (2 / Math.Sqrt(Math.PI) * Functions.Node(new Gaussian(), x));

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => VectorFunctions.Erf<TVector, T, TSimd>(x);
    }
}

/// <summary>e^(−x²) with the square in two parts: rounded to one it would err by half a unit of its own last place, which is many of the result's where x is far from 0.</summary>
internal sealed record Gaussian : UnaryOperation<Gaussian.Operator>
{
    /// <summary>Beyond it the value is 0 in double, too, and its square and its product with the value stay finite.</summary>
    private const double Furthest = 40;

    public override string Name => "gaussian";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => adjoint * (-2 * Functions.Clamp(x, -Furthest, Furthest) * y);

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T>
        {
            TVector bound = TSimd.Constant(Furthest), magnitude = TSimd.Abs(x);
            magnitude = TSimd.Select(TSimd.GreaterThan(magnitude, bound), bound, magnitude);
            TVector square = TSimd.Multiply(magnitude, magnitude);
            TVector rest = TSimd.FusedMultiplyAdd(magnitude, magnitude, TSimd.Negate(square));
            TVector value = VectorFunctions.Exp<TVector, T, TSimd>(TSimd.Negate(square));
            return TSimd.FusedMultiplyAdd(TSimd.Negate(value), rest, value);
        }
    }
}

/// <summary>max(x, 0); NaN stays NaN and −0 stays −0. Its adjoint looks at the result, so x need not be kept.</summary>
internal sealed record Relu : UnaryOperation<Relu.Operator>
{
    public override string Name => "relu";

    protected override Tensor? Adjoint(Tensor y, Tensor x, Tensor adjoint) => Functions.Select(Functions.Greater(y, 0), adjoint, y.Trace.Constant(0));

    internal readonly struct Operator : IUnaryOperator
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Invoke<TVector, T, TSimd>(TVector x)
            where TVector : struct
            where T : unmanaged, IFloatingPointIeee754<T>
            where TSimd : struct, ISimd<TVector, T> => TSimd.Rectify(x);
    }
}
