using System.Text.Json;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Pooling: against PyTorch to the second derivative, against differences, and what happens to ties, NaN and what is beside the image.</summary>
public sealed class PoolingTests
{
    public static TheoryData<int, string> TorchCases()
    {
        var data = new TheoryData<int, string>();
        using JsonDocument document = Reference.Read("torch-pooling.json");
        int index = 0;
        foreach (JsonElement item in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            data.Add(index++, $"{item.GetProperty("kind")} {item.GetProperty("x")} {item.GetProperty("window")} {item.GetProperty("strides")} {item.GetProperty("padding")} {item.GetProperty("dilations")}");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(TorchCases))]
    public void ValueAndTwoDerivativesAreThoseOfPyTorch(int index, string what)
    {
        using JsonDocument document = Reference.Read("torch-pooling.json");
        JsonElement item = document.RootElement.GetProperty("cases")[index];
        int[] Integers(string name) => [.. item.GetProperty(name).EnumerateArray().Select(v => v.GetInt32())];
        double[] Doubles(string name) => [.. item.GetProperty(name).EnumerateArray().Select(v => v.GetDouble())];
        Shape shape = new(Integers("x")), result = new(Integers("shape"));
        int[] window = Integers("window"), strides = Integers("strides"), padding = Integers("padding"), dilations = Integers("dilations");
        Tensor Apply(Tensor x) => Pool(x, item.GetProperty("kind").GetString() == "max", window, strides, WindowPadding.Of([.. padding.Select(p => (p, p))]), dilations);
        double[] x = [.. Enumerable.Range(0, shape.Count).Select(i => Math.Sin((2.3 * i) + 0.7))], weights = [.. Enumerable.Range(0, result.Count).Select(i => Math.Cos((0.9 * i) + 0.2))];
        TracedFunction function = TracedFunction.Of([shape], v =>
        {
            Tensor y = Apply(v[0]), gradient = GradientOf(Sum(y.Trace.Constant(weights, y.Shape) * y * y * y), v)[0];
            return [y, gradient, GradientOf(Sum(Square(gradient)), v)[0]];
        });
        Assert.Equal(result, function.Outputs[0].Shape);
        double[][] actual = FunctionCheck.Run(function, x);
        FunctionCheck.Close(Doubles("value"), actual[0], 1e-14, $"value of {what}");
        FunctionCheck.Close(Doubles("gradient"), actual[1], 1e-13, $"gradient of {what}");
        FunctionCheck.Close(Doubles("second"), actual[2], 1e-13, $"second derivative of {what}");
    }

    /// <summary>Windows beyond what is left, beside the image, between pixels, of single elements; images of one pixel and of none.</summary>
    [Theory]
    [InlineData("2 5 6 2", "2 3", "1 1", "1 1", "0 0 0 0")]
    [InlineData("5 6 2", "2 3", "2 3", "1 1", "1 1 0 1")]
    [InlineData("1 1 1 1", "1 1", "1 1", "1 1", "0 0 0 0")]
    [InlineData("1 1 1 1", "3 3", "2 1", "1 1", "1 1 1 1")]
    [InlineData("2 1 1 4 5 1", "3 2", "1 2", "2 3", "3 0 2 2")]
    [InlineData("1 7 7 9", "2 2", "3 3", "1 1", "0 0 0 0")]
    [InlineData("1 7 7 9", "2 2", "2 2", "1 1", "1 0 0 1")]
    [InlineData("2 4 4 17", "3 3", "1 2", "1 1", "1 1 1 1")]
    [InlineData("0 3 3 2", "2 2", "1 1", "1 1", "0 0 0 0")]
    [InlineData("2 3 3 0", "2 2", "1 1", "1 1", "0 0 0 0")]
    [InlineData("2 0 3 2", "2 2", "1 1", "1 1", "1 1 1 1")]
    [InlineData("2 2 7 3", "3", "2", "1", "1 1")]
    [InlineData("7 1", "2", "1", "4", "4 3")]
    [InlineData("2 3 40", "5", "1", "1", "2 2")]
    [InlineData("1 33", "1", "3", "1", "0 0")]
    public void AllDerivativesAndOverABatch(string image, string window, string strides, string dilations, string padding)
    {
        int[] ends = Parse(padding);
        Shape shape = new(Parse(image));
        var around = WindowPadding.Of([.. Enumerable.Range(0, ends.Length / 2).Select(i => (ends[2 * i], ends[(2 * i) + 1]))]);
        foreach (bool greatest in new[] { true, false })
        {
            // Means know no dilations.
            Tensor Apply(Tensor x) => Where(Pool(x, greatest, Parse(window), Parse(strides), around, greatest ? Parse(dilations) : [1]));
            if (greatest || dilations.Split(' ').All(d => d == "1"))
            {
                FunctionCheck.Check([shape], x => Square(Apply(x[0])), [Apart(shape.Count)]);
                FunctionCheck.Check([shape, TracedFunction.Of(shape, Apply).Outputs[0].Shape], x => VectorJacobianProduct(Apply(x[0]), x[0], Sin(x[1])), [Apart(shape.Count), FunctionCheck.Numbers(TracedFunction.Of(shape, Apply).Outputs[0].Shape.Count, 3, -1, 1)]);
                FunctionCheck.Check([shape, shape], x => JacobianVectorProduct(Apply(x[0]), x[0], Sin(x[1])), [Apart(shape.Count), FunctionCheck.Numbers(shape.Count, 3, -1, 1)]);
                FunctionCheck.Check([shape], x => GradientOf(Sum(Apply(x[0]) * Square(Apply(x[0]))), x)[0], [Apart(shape.Count)]);
            }
        }

        // A window of padding alone is −∞, of which no difference is a number.
        static Tensor Where(Tensor y) => Select(IsFinite(y), y, y.Trace.Constant(0));
    }

    [Fact]
    public void TiesShareTheGradientEqually()
    {
        // Windows [5 5 1], [1 5 5] and [5 2 5] over five elements.
        TracedFunction function = TracedFunction.Of([new(7, 1), new(3, 1)], v =>
            [MaxPool1D(v[0], 3, 2), VectorJacobianProduct(MaxPool1D(v[0], 3, 2), v[0], v[1]), JacobianVectorProduct(MaxPool1D(v[0], 3, 2), v[0], Square(v[0]) + v[0])]);
        double[][] actual = FunctionCheck.Run(function, [5, 5, 1, 5, 5, 2, 5], [6, 60, 600]);
        Assert.Equal([5, 5, 5], actual[0]);
        Assert.Equal([3, 3, 0, 30, 30 + 300, 0, 300], actual[1]);
        Assert.Equal([30, 30, 30], actual[2]);
        TracedFunction square = TracedFunction.Of([new(3, 3, 1), new(1, 1, 1)], v => [VectorJacobianProduct(MaxPool2D(v[0], [3]), v[0], v[1])]);
        Assert.Equal([0, 2, 0, 2, 0, 0, 0, 0, 2], FunctionCheck.Run(square, [0, 1, 0, 1, 0, 0, 0, 0, 1], [6])[0]);
        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 0, 0], FunctionCheck.Run(square, [double.PositiveInfinity, 1, 0, 1, 0, 0, 0, 0, 1], [1])[0]);
    }

    [Fact]
    public void NaNIsGreatestAndSpoilsItsWindowsAlone()
    {
        TracedFunction function = TracedFunction.Of([new(6, 1), new(3, 1)], v => [MaxPool1D(v[0], 2), VectorJacobianProduct(MaxPool1D(v[0], 2), v[0], v[1]), JacobianVectorProduct(MaxPool1D(v[0], 2), v[0], v[0] * 0 + 1)]);
        foreach (double[] x in new double[][] { [1, 2, double.NaN, 3, 5, 4], [1, 2, 3, double.NaN, 5, 4] })
        {
            double[][] actual = FunctionCheck.Run(function, x, [7, 0, 9]);
            Assert.Equal([2, double.NaN, 5], actual[0]);
            Assert.Equal([0, 7, double.NaN, double.NaN, 9, 0], actual[1]);
            Assert.Equal([1, double.NaN, 1], actual[2]);
        }
    }

    [Fact]
    public void PaddingIsNeitherGreatestNorCounted()
    {
        // By a dilation of four, the window in the middle has one element before the image of three and one behind it.
        TracedFunction beside = TracedFunction.Of([new(3, 1), new(7, 1)], v =>
        {
            Tensor y = MaxPool1D(v[0], 2, 1, WindowPadding.Of(4), 4);
            return [y, VectorJacobianProduct(y, v[0], v[1]), JacobianVectorProduct(y, v[0], v[0] + 1)];
        });
        double[][] actual = FunctionCheck.Run(beside, [-3, double.NegativeInfinity, -5], [1, 10, 100, 1000, 10_000, 100_000, 1_000_000]);
        Assert.Equal([-3, double.NegativeInfinity, -5, double.NegativeInfinity, -3, double.NegativeInfinity, -5], actual[0]);
        Assert.Equal([10_001, 100_010, 1_000_100], actual[1]);
        Assert.Equal([-2, double.NegativeInfinity, -4, 0, -2, double.NegativeInfinity, -4], actual[2]);
        TracedFunction mean = TracedFunction.Of([new(2, 2, 1), new(1, 1, 1)], v =>
            [AveragePool2D(v[0], [2], [2], WindowPadding.Of(1)), VectorJacobianProduct(AveragePool2D(v[0], [3], [3], WindowPadding.Of(1)), v[0], v[1])]);
        actual = FunctionCheck.Run(mean, [1, 2, 3, 4], [8]);
        Assert.Equal([1, 2, 3, 4], actual[0]);
        Assert.Equal([2, 2, 2, 2], actual[1]);
    }

    private static Tensor Pool(Tensor x, bool greatest, int[] window, int[] strides, WindowPadding padding, int[] dilations) => (greatest, window.Length) switch
    {
        (true, 1) => MaxPool1D(x, window[0], strides[0], padding, dilations[0]),
        (true, _) => MaxPool2D(x, window, strides, padding, dilations),
        (false, 1) => AveragePool1D(x, window[0], strides[0], padding),
        (false, _) => AveragePool2D(x, window, strides, padding),
    };

    /// <summary>Numbers from −1 to 1 in no order, so far apart that the small steps of differences change no order.</summary>
    private static double[] Apart(int count)
    {
        double[] numbers = [.. Enumerable.Range(0, count).Select(i => ((2.0 * i) + 1 - count) / Math.Max(1, count))];
        new Random(5).Shuffle(numbers);
        return numbers;
    }

    private static int[] Parse(string text) => [.. text.Split(' ').Select(int.Parse)];
}
