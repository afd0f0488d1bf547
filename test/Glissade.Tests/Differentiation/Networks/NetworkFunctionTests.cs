using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Layer normalization, attention and cross-entropy: against figures of PyTorch 1.13 in double, against differences, and misfit shapes.</summary>
public sealed class NetworkFunctionTests
{
    [Fact]
    public void LayerNormalizationIsPyTorchs()
    {
        TracedFunction function = TracedFunction.Of([new(2, 4), new(2, 4)], x =>
        {
            Tensor y = LayerNormalization(x[0]);
            return [y, GradientOf(Sum(y * x[1]), x[0])[0]];
        });
        double[][] results = FunctionCheck.Run(function, Pattern(8, 5), Pattern(8, 3));
        Close(
            [
                -1.341635419968927, -0.4472118066563089, 0.4472118066563091, 1.3416354199689269,
                -0.6978725429149844, 0.37577752310806845, 1.4494275891311212, -1.1273325693242053,
            ],
            results[0]);
        Close(
            [
                -6.439798497570592e-06, -2.1465994992642123e-06, 2.1465994990421677e-06, 6.439798497348548e-06,
                0.6417172694648834, 1.6200654373149592, -1.0519966193133439, -1.2097860874664992,
            ],
            results[1]);
    }

    [Fact]
    public void AttentionIsPyTorchs()
    {
        double[][] free = Attend(causal: false), causal = Attend(causal: true);
        Close([-1.3274026127662764, -0.14482112711537606, -1.0515980216266505, -0.9416138063114876, 0.5506816600737665, -1.061561433410651], free[0]);
        Close([-3.367404594203779, -0.32053113392409377, -0.5687026383019758, -0.7910051565867569, 0.331828564544966, 0.30129932744789173, -1.859708507785105, -1.6784065435044966], free[3]);
        Close([-1.6, -1.2703981514440987, -1.3508659711674544, 0.8, 1.0872797091974198, -1.2353193547464087], causal[0]);
        Close(
            [
                0, 0, -0.7472311858010869, 0.16012096838594717, -0.8172783791565281, 0.38217310178574504,
                0, 0, -0.138139313984165, -0.13813931398416499, 0.6676301403287687, -0.24478200925806848,
            ],
            causal[1]);
        Close(
            [
                -0.24603253507866435, 0.3736155929005436, -0.038142787228280725, -0.3736155929005434, 0.2841753223069454, 0, 0, 0,
                -0.13128872536375708, -0.02644851330756476, -0.2980816979712252, 0.24113372497505592, 0.42937042333498215, -0.21468521166749108, 0, 0,
            ],
            causal[2]);

        double[][] Attend(bool causal) => FunctionCheck.Run(
            TracedFunction.Of([new(2, 3, 2), new(2, 4, 2), new(2, 4, 1)], x =>
            {
                Tensor y = Attention(x[0], x[1], x[2], causal: causal);
                return [y, .. GradientOf(Sum(Square(y)), x)];
            }),
            Pattern(12, 5),
            Pattern(16, 7),
            Pattern(8, 3));
    }

    [Fact]
    public void CrossEntropyIsPyTorchsAlsoWhereAClassIsRuledOut()
    {
        double[] logits = Pattern(8, 5);
        logits[1] = double.NegativeInfinity;
        double[][] results = FunctionCheck.Run(
            TracedFunction.Of([new(2, 4), new(2)], x =>
            {
                Tensor y = CrossEntropy(x[0], x[1]);
                return [y, GradientOf(Sum(y), x[0])[0]];
            }),
            logits,
            [2, 0]);
        Close([1.3490122167681864, 2.4662043446564517], results[0]);
        Close(
            [0.035119026959339716, 0, -0.7405035396575809, 0.7053845126982411, -0.915093475947734, 0.2307998614488954, 0.6273790693873976, 0.056914545111441034],
            results[1]);
    }

    [Theory]
    [InlineData(0, 1.907608280712319, 0.017559513479669858, 0.0, -0.37025176982879043, 0.35269225634912055, -0.457546737973867, 0.1153999307244477, 0.3136895346936988, 0.028457272555720517)]
    [InlineData(0.1, 1.9456970216088236, 0.0035293016400424933, 0.031072159371016286, -0.34405859095504493, 0.30945712994398616, -0.42004673797386705, 0.1028999307244477, 0.3011895346936988, 0.015957272555720516)]
    public void MeanCrossEntropyIsPyTorchs(double smoothing, double mean, params double[] gradient)
    {
        double[] logits = Pattern(8, 5);
        logits[1] = smoothing == 0 ? double.NegativeInfinity : logits[1];
        double[][] results = FunctionCheck.Run(
            TracedFunction.Of([new(2, 4), new(2)], x =>
            {
                Tensor y = MeanCrossEntropy(x[0], x[1], smoothing);
                return [y, GradientOf(y, x[0])[0]];
            }),
            logits,
            [2, 0]);
        Close([mean], results[0]);
        Close(gradient, results[1]);
    }

    [Fact]
    public void LogSoftmaxOfLargeLogitsKeepsItsDigits()
    {
        double[][] results = FunctionCheck.Run(TracedFunction.Of([new(3)], x => [LogSoftmax(x[0])]), [1e8, 1e8 - 20, 1e8 - 30]);
        Assert.Equal(-Math.Exp(-20) - Math.Exp(-30), results[0][0], 2e-16);
    }

    [Fact]
    public void DerivativesAndBatchesAreThoseOfTheValues()
    {
        FunctionCheck.Check([new(3, 5)], x => LayerNormalization(x[0]));
        FunctionCheck.Check([new(5)], x => LayerNormalization(x[0], 0.5));
        FunctionCheck.Check([new(2, 3, 2), new(4, 2), new(2, 4, 3)], x => Attention(x[0], x[1], x[2]));
        FunctionCheck.Check([new(3, 2), new(4, 2), new(4, 3)], x => Attention(x[0], x[1], x[2], causal: true));
        FunctionCheck.Check([new(3, 2), new(4, 2), new(4, 3)], x => Attention(x[0], x[1], x[2], mask: x[0].Trace.Constant([1, 0, 0, 1], new Shape(4))));
        FunctionCheck.Check([new(2, 3, 4)], x => MeanCrossEntropy(x[0], x[0].Trace.Constant([0, 1, 2, 3, 3, 0], new Shape(2, 3)), 0.3));
        FunctionCheck.Check([new(2, 3, 4)], x => CrossEntropy(x[0], x[0].Trace.Constant([0, 1, 2, 3, 3, 0], new Shape(2, 3))));
    }

    [Fact]
    public void MisfitsAreNamed()
    {
        Refused("'layer-normalization'", Shape.Scalar, x => LayerNormalization(x));
        Refused("'layer-normalization'", new(3, 0), x => LayerNormalization(x));
        Refused("'layer-normalization'", new(3), x => LayerNormalization(x, 0));
        Refused("'attention'", new(3), x => Attention(x, x, x));
        Refused("'attention'", new(3, 2), x => Attention(x, Transpose(x), x));
        Refused("'attention'", new(3, 2), x => Attention(x, x, x, mask: x));
        Refused("'cross-entropy'", new(3, 2), x => CrossEntropy(x, x));
        Refused("'cross-entropy'", Shape.Scalar, x => CrossEntropy(x, x));
        Refused("'mean-cross-entropy'", new(3, 2), x => MeanCrossEntropy(x, x));
        Refused("'mean-cross-entropy'", new(3), x => MeanCrossEntropy(x, Sum(x), 1));

        static void Refused(string name, Shape shape, Func<Tensor, Tensor> function)
        {
            string message = Assert.ThrowsAny<ArgumentException>(() => TracedFunction.Of(shape, function)).Message;
            Assert.Contains(name, message);
            Assert.Contains($"{shape}", message);
        }
    }

    private static double[] Pattern(int count, int step) => [.. Enumerable.Range(0, count).Select(i => (((i * step) % 17) - 8) / 5.0)];

    private static void Close(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, 1e-13));
    }
}
