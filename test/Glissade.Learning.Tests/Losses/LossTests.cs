using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Learning.Losses;
using Glissade.Numerics;

namespace Glissade.Learning.Tests.Losses;

public sealed class LossTests
{
    private static readonly double[] Logits = [2, -1, 0.5, -3, 4, 1];

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    [InlineData(0.7)]
    public void CrossEntropyIsItsDefinition(double smoothing)
    {
        (double loss, double[] gradient) = Run(new CrossEntropy(smoothing), new Shape(2, 3), Logits, [2, 1]);
        double expected = 0;
        double[] expectedGradient = new double[6];
        for (int row = 0; row < 2; row++)
        {
            double normalizer = Enumerable.Range(0, 3).Sum(k => Math.Exp(Logits[(row * 3) + k]));
            for (int k = 0; k < 3; k++)
            {
                double truth = ((k == 2 - row ? 1 : 0) * (1 - smoothing)) + (smoothing / 3);
                double p = Math.Exp(Logits[(row * 3) + k]) / normalizer;
                expected -= truth * Math.Log(p) / 2;
                expectedGradient[(row * 3) + k] = (p - truth) / 2;
            }
        }

        Assert.Equal(expected, loss, 1e-12);
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(expectedGradient[i], gradient[i], 1e-12);
        }
    }

    [Fact]
    public void CrossEntropyDoesNotOverflow()
    {
        (double loss, double[] gradient) = Run(new CrossEntropy(), new Shape(1, 3), [1000, -1000, 0], [1]);
        Assert.Equal(2000, loss, 1e-9);
        Assert.Equal([1.0, -1.0, 0.0], gradient);
    }

    [Fact]
    public void AClassThatIsRuledOutIsLeftOut()
    {
        (double loss, double[] gradient) = Run(new CrossEntropy(), new Shape(2, 3), [1, double.NegativeInfinity, 3, 0, 0, double.NegativeInfinity], [2, 0]);
        double p = 1 / (1 + Math.Exp(-2));
        Assert.Equal((Math.Log(2) - Math.Log(p)) / 2, loss, 1e-15);
        double[] expected = [(1 - p) / 2, 0, (p - 1) / 2, -0.25, 0.25, 0];
        Assert.All(expected.Zip(gradient), pair => Assert.Equal(pair.First, pair.Second, 1e-15));

        // What is impossible but true costs everything, and so does smoothing, which gives every class a share.
        Assert.Equal(double.PositiveInfinity, Run(new CrossEntropy(), new Shape(1, 2), [0, double.NegativeInfinity], [1]).Loss);
        Assert.Equal(double.PositiveInfinity, Run(new CrossEntropy(0.1), new Shape(1, 2), [0, double.NegativeInfinity], [0]).Loss);
    }

    [Fact]
    public void DrawnTargetsAreThoseOfTheModel()
    {
        // Smoothing plays no part; a class that is ruled out is never drawn; −log p of what is drawn is on average the entropy.
        double[] Drawn(Loss loss, double[] logits, int count)
        {
            CompiledFunction<double> function = TracedFunction.Of([new Shape(2, 3), Shape.Scalar], x => [loss.TraceDrawn(x[0], x[1], 5, "drawn")!]).Compile<double>();
            logits.CopyTo(function.Inputs[0].Span);
            double[] losses = new double[count];
            for (int i = 0; i < count; i++)
            {
                function.Inputs[1][0] = i;
                function.Run();
                losses[i] = function.Outputs[0][0];
            }

            return losses;
        }

        Assert.Equal(Drawn(new CrossEntropy(), Logits, 3), Drawn(new CrossEntropy(0.4), Logits, 3));
        double[] drawn = Drawn(new CrossEntropy(), [0, Math.Log(3), double.NegativeInfinity, 0, Math.Log(3), double.NegativeInfinity], 1500);
        double[] possible = [Math.Log(4), (Math.Log(4) + Math.Log(4 / 3.0)) / 2, Math.Log(4 / 3.0)];
        Assert.All(drawn, v => Assert.Contains(possible, p => Math.Abs(p - v) < 1e-12));

        // The mean of two costs ln 4 or ln 4/3 with chances ¼ and ¾ has the deviation √(3/32)·ln 3.
        double entropy = (0.25 * Math.Log(4)) + (0.75 * Math.Log(4 / 3.0));
        Assert.Equal(entropy, drawn.Average(), 5 * Math.Sqrt(3.0 / 32) * Math.Log(3) / Math.Sqrt(1500));
    }

    [Fact]
    public void SquaredErrorIsItsDefinition()
    {
        (double loss, double[] gradient) = Run(new SquaredError(), new Shape(3, 1), [1, 2, 4], [0, 4, 4]);
        Assert.Equal((1 + 4 + 0) / 3.0, loss, 1e-15);
        Assert.Equal([2.0 / 3, -4.0 / 3, 0], gradient);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.0)]
    [InlineData(double.NaN)]
    public void SmoothingOutsideItsRangeIsAnError(double smoothing) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new CrossEntropy(smoothing));

    private static (double Loss, double[] Gradient) Run(Loss loss, Shape shape, double[] output, double[] target)
    {
        CompiledFunction<double> function = TracedFunction.Of([shape, new Shape(target.Length)], x => [loss.Trace(x[0], x[1])]).WithGradient().Compile<double>();
        output.CopyTo(function.Inputs[0].Span);
        target.CopyTo(function.Inputs[1].Span);
        function.Run();
        return (function.Outputs[0][0], function.Outputs[1].Span.ToArray());
    }
}
