using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Gradients of functions of gradients: the graph of a gradient is a graph like any other.</summary>
public sealed class SecondDerivativeTests
{
    public static TheoryData<string> Names() => [.. Losses.Keys];

    private static readonly Dictionary<string, Func<IReadOnlyList<Tensor>, Tensor>> Losses = new()
    {
        ["quartic"] = x => Sum(Square(Square(x[0]))),
        ["exponential"] = x => Sum(Exp(x[0]) * Sin(x[0]) / (2 + Cos(x[0]))),
        ["log-sum-exp"] = x => Sum(LogSumExp(x[0])),
        ["softmax entropy"] = x => -Sum(Softmax(x[0]) * LogSoftmax(x[0])),
        ["network"] = x => Mean(Square(MatrixProduct(Tanh(MatrixProduct(x[0], x[1]) + x[2]), x[1], transposeY: true))),
        ["gelu"] = x => Sum(Gelu(x[0]) * Softplus(x[0])),
        ["power"] = x => Sum(Power(2 + x[0], 1.5 + (0.1 * x[0]))),
        ["structure"] = x => Sum(Square(Concatenate(1, Slice(x[0], 1, 1, 2), Pad(Sin(x[0]), 1, 1, 1)))) + Mean(Sqrt(2 + Transpose(x[0]))),
        ["broadcast"] = x => Sum(Tanh(x[0] * Mean(x[0], 0)) + Square(x[0] / (3 + Sum(x[0], 1).KeepLast()))),
        ["fused multiply-add"] = x => Sum(FusedMultiplyAdd(x[0], Square(x[0]), Sigmoid(x[0]))),
        ["blend"] = x => Sum(Blend(x[0], Square(x[0]), Sigmoid(x[0]))),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void GradientOfTheSquaredGradientNorm(string name)
    {
        // The reference evaluator walks the gradient's graph; differences of it know nothing of second derivatives.
        FunctionCheck.Check([new(3, 4), new(4, 5), new(5)], x =>
        {
            Tensor loss = Losses[name](x);
            Tensor total = 0 * Sum(x[1]);
            foreach (Tensor gradient in Gradient.Of(loss, x))
            {
                total += Sum(Square(gradient));
            }

            return total;
        });
    }

    [Fact]
    public void ThirdDerivativeOfACubeRoot()
    {
        TracedFunction function = TracedFunction.Of(Shape.Scalar, x =>
        {
            Tensor y = Power(x, 1.0 / 3);
            for (int order = 0; order < 2; order++)
            {
                y = Gradient.Of(y, [x])[0];
            }

            return y;
        }).WithGradient();
        double expected = 1.0 / 3 * (-2.0 / 3) * (-5.0 / 3) * Math.Pow(2, -8.0 / 3);
        FunctionCheck.Close([expected], FunctionCheck.Run(function, [2])[1], 1e-14, "third derivative");
    }
}
