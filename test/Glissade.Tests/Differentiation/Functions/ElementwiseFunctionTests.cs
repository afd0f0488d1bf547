using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Every elementwise function, at lengths around the vector and the block, and under every kind of broadcast.</summary>
public sealed class ElementwiseFunctionTests
{
    private static readonly int[] Lengths = [0, 1, 7, 8, 9, 15, 16, 17, 1023, 1024, 1025, 4095, 4096, 4097];

    private static readonly Dictionary<string, (Func<Tensor, Tensor> Function, double Low, double High)> UnaryFunctions = new()
    {
        ["exp"] = (Exp, -2, 2),
        ["expm1"] = (ExpMinusOne, -2, 2),
        ["log"] = (Log, 0.5, 3),
        ["log1p"] = (LogOnePlus, -0.5, 3),
        ["sqrt"] = (Sqrt, 0.5, 3),
        ["square"] = (Square, -2, 2),
        ["sin"] = (Sin, -3, 3),
        ["cos"] = (Cos, -3, 3),
        ["tanh"] = (Tanh, -2, 2),
        ["sigmoid"] = (Sigmoid, -3, 3),
        ["softplus"] = (Softplus, -3, 3),
        ["erf"] = (Erf, -2, 2),
        ["gelu"] = (Gelu, -2, 2),
        ["relu above 0"] = (Relu, 0.1, 2),
        ["relu below 0"] = (Relu, -2, -0.1),
        ["abs above 0"] = (Abs, 0.1, 2),
        ["abs below 0"] = (Abs, -2, -0.1),
        ["sign"] = (x => Sign(x) * x, 0.1, 2),
        ["floor"] = (x => Floor(x) + x, 0.1, 0.9),
        ["negate"] = (Negate, -2, 2),
        ["power 0"] = (x => Power(x, 0), -2, 2),
        ["power 0.5"] = (x => Power(x, 0.5), 0.5, 2),
        ["power 1"] = (x => Power(x, 1), -2, 2),
        ["power 2"] = (x => Power(x, 2), -2, 2),
        ["power 3"] = (x => Power(x, 3), -2, 2),
        ["power 4"] = (x => Power(x, 4), -2, 2),
        ["power -1"] = (x => Power(x, -1), 0.5, 2),
        ["power 1.7"] = (x => Power(x, 1.7), 0.5, 2),
        ["clamp inside"] = (x => Clamp(x, Sum(0 * x) - 3, Sum(0 * x) + 3), -2, 2),
        ["clamp to numbers"] = (x => Clamp(x, -3, 3), -2, 2),
        ["clamp below"] = (x => Clamp(x, 3, 4) + x, -2, 2),
        ["reciprocal root"] = (ReciprocalSqrt, 0.5, 3),
        ["tan"] = (Tan, -1, 1),
        ["tan beyond"] = (Tan, 2, 4),
        ["atan"] = (Atan, -3, 3),
        ["asin"] = (Asin, -0.8, 0.8),
        ["acos"] = (Acos, -0.8, 0.8),
        ["sinh"] = (Sinh, -2, 2),
        ["cosh"] = (Cosh, -2, 2),
        ["asinh"] = (Asinh, -3, 3),
        ["acosh"] = (Acosh, 1.5, 3),
        ["atanh"] = (Atanh, -0.8, 0.8),
        ["ceiling"] = (x => Ceiling(x) + x, 0.1, 0.9),
        ["round"] = (x => Round(x) + x, 0.6, 1.4),
        ["conditions"] = (x => x * (IsFinite(x) + Less(x, 5) + LessOrEqual(x, 5) + NotEqual(x, 5) + GreaterOrEqual(x, -5) + EqualTo(x, 5)), -2, 2),
        ["leaky relu above 0"] = (x => LeakyRelu(x), 0.1, 2),
        ["leaky relu below 0"] = (x => LeakyRelu(x, 0.2), -2, -0.1),
        ["elu above 0"] = (x => Elu(x), 0.1, 2),
        ["elu below 0"] = (x => Elu(x, 1.5), -2, -0.1),
        ["elu"] = (x => Square(Elu(x)), -2, 2),
        ["silu"] = (Silu, -3, 3),
        ["mish"] = (Mish, -3, 3),
        ["affine"] = (x => 3 - ((2 * x) + 1) / 4, -2, 2),
        ["reciprocal"] = (x => 2 / x, 0.5, 2),
    };

    private static readonly Dictionary<string, Func<Tensor, Tensor, Tensor>> BinaryFunctions = new()
    {
        ["add"] = Add,
        ["subtract"] = Subtract,
        ["multiply"] = Multiply,
        ["divide"] = Divide,
        ["fused multiply-add"] = (x, y) => FusedMultiplyAdd(x, y, x - y),
        ["fused multiply-add of the left"] = (x, y) => FusedMultiplyAdd(x, Sin(x), y),
        ["fused multiply-add of the right"] = (x, y) => FusedMultiplyAdd(y, Sin(y), x),
        ["fused multiply-add of numbers"] = (x, y) => FusedMultiplyAdd(x, x.Trace.Constant(0.3), y) + FusedMultiplyAdd(x, y, y.Trace.Constant(-2)),
        ["power"] = Power,
        ["maximum"] = Maximum,
        ["minimum"] = Minimum,
        ["blend"] = (x, y) => Blend(x, y, x - y),
        ["finite-or"] = (x, y) => FiniteOr(x * y, y),
        ["blend coefficient"] = (x, y) => Blend(x, x + 1, y),
        ["select"] = (x, y) => Select(Greater(x, y), x * y, x + y),
        ["select broadcast"] = (x, y) => Select(Greater(x, 1), y, 2 * y),
        ["atan2"] = Atan2,
        ["atan2 of all quadrants"] = (x, y) => Atan2(Sin(4 * x), Cos(4 * y) - 2),
        ["log-add-exp"] = LogAddExp,
        ["less"] = (x, y) => Select(Less(x, y), x * y, x + y),
        ["less or equal"] = (x, y) => Select(LessOrEqual(x, y), x * y, x + y),
        ["not equal"] = (x, y) => NotEqual(x, y) * x,
        ["logic"] = (x, y) => (And(Less(x, y), Not(Less(x, 1))) + (2 * Or(Less(x, y), Less(y, 0.8)))) * x * y,
        ["clamp"] = (x, y) => Clamp(x, y - 0.1, y + 0.1),
    };

    private static readonly (int[] X, int[] Y)[] Broadcasts =
    [
        ([3, 4], [4]), ([3, 4], [1, 4]), ([3, 4], [3, 1]), ([3, 4], []), ([3, 4], [1]), ([3, 4], [1, 1]), ([3, 4], [3, 4]),
        ([2, 3, 4], [3, 1]), ([2, 3, 4], [1, 3, 1]), ([2, 3, 4], [2, 1, 4]), ([2, 3, 4], [4]), ([2, 3, 4], [3, 4]), ([2, 3, 4], [2, 1, 1]), ([2, 3, 4], [1, 1, 4]), ([2, 3, 4], [2, 3, 1]),
        ([1, 4], [3, 1]), ([4], [3, 1]), ([2, 1, 4], [1, 3, 1]), ([2, 1, 4], [3, 1]), ([1, 3, 1], [2, 1, 4]),
        ([1, 5], [5]), ([5, 1], [5, 1]), ([5, 1], [1]), ([5, 1], [5]), ([1, 5], [1, 1]), ([1, 1], [1]), ([1], []), ([1, 1, 1], []), ([1, 1], []),
        ([3, 1, 5], [5]), ([3, 1, 5], [1, 1, 5]), ([3, 1, 5], [3, 1, 1]), ([1, 3, 5], [3, 1]), ([3, 5, 1], [5, 1]), ([1, 3, 1], [3, 1]),
        ([0, 3], [3]), ([3, 0], [3, 1]), ([0], []), ([0], [1]), ([2, 0, 3], [1, 3]), ([0, 1], [1, 3]), ([0, 1], [1]),
        ([17, 33], [33]), ([33, 17], [33, 1]), ([2, 1025], [1025]), ([1025, 2], [1025, 1]), ([2, 2, 513], [2, 1, 513]), ([1030, 1], [1030, 1]), ([1030, 1], [1]), ([1, 1030], [1030]), ([3, 700], [3, 1]),
        ([2, 3, 1, 2], [3, 4, 1]), ([2, 3, 4, 5], [2, 1, 4, 1]), ([2, 3, 4, 5], [3, 1, 1]),
    ];

    public static TheoryData<string> Unary() => [.. UnaryFunctions.Keys];

    public static TheoryData<string> Binary() => [.. BinaryFunctions.Keys];

    [Fact]
    public void WhatIsNotFiniteIsReplacedAndHasNoPartInTheGradient()
    {
        TracedFunction function = TracedFunction.Of([new Shape(5), new Shape(5)], x => [FiniteOr(x[0], x[1]), .. GradientOf(Sum(Square(FiniteOr(x[0], x[1]))), x[0], x[1])]);
        double[][] found = FunctionCheck.Run(function, [1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, -double.MaxValue], [5, 6, 7, 8, 9]);
        Assert.Equal([1, 6, 7, 8, -double.MaxValue], found[0]);
        Assert.Equal([2, 0, 0, 0], found[1][..4]);
        Assert.Equal([0, 12, 14, 16, 0], found[2]);
    }

    [Theory]
    [MemberData(nameof(Unary))]
    public void OneArgumentAtEveryLength(string name)
    {
        (Func<Tensor, Tensor> function, double low, double high) = UnaryFunctions[name];
        foreach (int length in Lengths)
        {
            FunctionCheck.Check([new Shape(length)], x => function(x[0]), low, high);
        }

        FunctionCheck.Check([Shape.Scalar], x => function(x[0]), low, high);
        FunctionCheck.Check([new Shape(2, 1, 3)], x => function(x[0]), low, high);
    }

    [Theory]
    [MemberData(nameof(Unary))]
    public void FloatIsTheDoubleRounded(string name)
    {
        (Func<Tensor, Tensor> function, double low, double high) = UnaryFunctions[name];
        foreach (int length in Lengths)
        {
            TracedFunction traced = TracedFunction.Of(new Shape(length), function);
            double[] x = [.. FunctionCheck.Numbers(length, 3, low, high).Select(v => (double)(float)v)];
            CompiledFunction<float> rough = traced.Compile<float>();
            x.Select(v => (float)v).ToArray().CopyTo(rough.Inputs[0].Span);
            rough.Run();
            FunctionCheck.Close(FunctionCheck.Run(traced, x)[0], [.. rough.Outputs[0].Span.ToArray().Select(v => (double)v)], 1e-6, name);
        }
    }

    [Theory]
    [MemberData(nameof(Binary))]
    public void TwoArgumentsUnderEveryBroadcast(string name)
    {
        Func<Tensor, Tensor, Tensor> function = BinaryFunctions[name];
        foreach ((int[] x, int[] y) in Broadcasts)
        {
            CheckApart(new Shape(x), new Shape(y), function);
            CheckApart(new Shape(y), new Shape(x), function);
        }
    }

    [Theory]
    [MemberData(nameof(Binary))]
    public void TwoArgumentsAtEveryLength(string name)
    {
        Func<Tensor, Tensor, Tensor> function = BinaryFunctions[name];
        foreach (int length in Lengths)
        {
            CheckApart(new Shape(length), new Shape(length), function);
        }
    }

    /// <summary>Arguments that never come near each other, 1, or a distance of 0.1, where some of the functions have kinks.</summary>
    private static void CheckApart(Shape x, Shape y, Func<Tensor, Tensor, Tensor> function)
    {
        double[] Grid(int count, int seed, double shift) => [.. FunctionCheck.Numbers(count, seed, 10, 30).Select(v => (0.05 * Math.Floor(v)) + shift)];
        FunctionCheck.Check([x, y], v => function(v[0], v[1]), [Grid(x.Count, 1, 0.01), Grid(y.Count, 2, 0.03)]);
    }

    [Fact]
    public void SeveralBroadcastsInOneExpression()
    {
        // Row, column, scalar and middle axis in one sum, each also used alone, so that groups have to agree about rows and columns.
        FunctionCheck.Check(
            [new(2, 3, 4), new(4), new(3, 1), new(2, 1, 1), Shape.Scalar, new(2, 1, 4), new(1, 3, 1)],
            x => Tanh((x[0] * x[1]) + x[2] + (x[3] * x[4]) - x[5]) * Exp(x[6]) + Sum(x[0] * x[2], 2).KeepLast() * x[5]);
        FunctionCheck.Check(
            [new(5, 1), new(1, 6), new(6), Shape.Scalar],
            x => (x[0] * x[1]) + (Sin(x[0]) * x[2]) + Mean(x[0] + x[1], 0) + x[3]);
    }
}

internal static class TensorTestExtensions
{
    public static Tensor KeepLast(this Tensor x) => Reshape(x, new Shape([.. x.Shape.Lengths, 1]));
}
