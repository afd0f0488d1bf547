using System.Text.Json;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Convolutions and pooling: against PyTorch, against plain loops, and each derivative against differences.</summary>
public sealed class ConvolutionTests
{
    public static TheoryData<int, string> TorchCases()
    {
        var data = new TheoryData<int, string>();
        using JsonDocument document = Reference.Read("torch-windows.json");
        int index = 0;
        foreach (JsonElement item in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            data.Add(index++, $"{item.GetProperty("operation")} {item.GetProperty("x")} {item.GetProperty("kernel")} {item.GetProperty("strides")} {item.GetProperty("padding")}");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(TorchCases))]
    public void ValueAndGradientsAreThoseOfPyTorch(int index, string what)
    {
        using JsonDocument document = Reference.Read("torch-windows.json");
        JsonElement item = document.RootElement.GetProperty("cases")[index];
        int[] Integers(string name) => [.. item.GetProperty(name).EnumerateArray().Select(v => v.GetInt32())];
        string operation = item.GetProperty("operation").GetString()!;
        int[] strides = Integers("strides"), dilations = Integers("dilations"), kernel = Integers("kernel");
        WindowPadding padding = item.GetProperty("padding").ValueKind == JsonValueKind.Null ? WindowPadding.Same : WindowPadding.Of([.. Integers("padding").Select(p => (p, p))]);
        int groups = item.GetProperty("groups").GetInt32();
        Tensor Apply(IReadOnlyList<Tensor> v) => operation switch
        {
            "convolution-1d" => Convolution1D(v[0], v[1], strides, padding, dilations, groups),
            "convolution-2d" => Convolution2D(v[0], v[1], strides, padding, dilations, groups),
            "transposed-convolution-1d" => TransposedConvolution1D(v[0], v[1], strides, padding, dilations),
            "transposed-convolution-2d" => TransposedConvolution2D(v[0], v[1], strides, padding, dilations),
            "max-pool-1d" => MaxPool1D(v[0], kernel[0], strides[0], padding, dilations[0]),
            "max-pool-2d" => MaxPool2D(v[0], kernel, strides, padding, dilations),
            "average-pool-1d" => AveragePool1D(v[0], kernel[0], strides[0], padding),
            "average-pool-2d" => AveragePool2D(v[0], kernel, strides, padding),
            _ => throw new NotSupportedException(operation),
        };
        Shape x = new(Integers("x"));
        Shape[] shapes = operation.Contains("pool", StringComparison.Ordinal) ? [x] : [x, new Shape(kernel)];
        double[][] arguments = [Waves(x.Count, i => Math.Sin((1.7 * i) + 0.3)), .. shapes[1..].Select(k => Waves(k.Count, i => Math.Cos((0.9 * i) + 0.1)))];
        TracedFunction plain = TracedFunction.Of(shapes, v => [Apply(v)]);
        Assert.Equal(new Shape(Integers("shape")), plain.Outputs[0].Shape);
        FunctionCheck.Close(Doubles(item.GetProperty("value")), FunctionCheck.Run(plain, arguments)[0], 1e-13, $"value of {what}");
        TracedFunction loss = TracedFunction.Of(shapes, v =>
        {
            Tensor y = Apply(v);
            return [Sum(y * y.Trace.Constant(Waves(y.Shape.Count, i => Math.Sin((0.7 * i) + 1)), y.Shape))];
        });
        double[][] gradient = FunctionCheck.Run(loss.WithGradient(), arguments)[1..];
        for (int i = 0; i < shapes.Length; i++)
        {
            FunctionCheck.Close(Doubles(item.GetProperty("gradients")[i]), gradient[i], 1e-13, $"gradient {i} of {what}");
        }

        FunctionCheck.Check(shapes, Apply, arguments);
    }

    [Fact]
    public void ShapesWithoutElementsAndWithMoreAxes()
    {
        FunctionCheck.Check([new(0, 5, 5, 2), new(3, 3, 2, 4)], v => Convolution2D(v[0], v[1]));
        FunctionCheck.Check([new(2, 5, 5, 0), new(3, 3, 0, 4)], v => Convolution2D(v[0], v[1], padding: WindowPadding.Same));
        FunctionCheck.Check([new(2, 4, 3), new(3, 3, 0)], v => Convolution1D(v[0], v[1]));
        FunctionCheck.Check([new(5, 2), new(3, 2, 4)], v => Convolution1D(v[0], v[1], padding: WindowPadding.Of((2, 0))));
        FunctionCheck.Check([new(2, 1, 4, 4, 2), new(2, 2, 2, 1)], v => Convolution2D(v[0], v[1], [2]));
        FunctionCheck.Check([new(2, 3, 2), new(3, 4, 2)], v => TransposedConvolution1D(v[0], v[1], [2], WindowPadding.Same));
    }

    [Fact]
    public void PaddingIsAsDocumented()
    {
        // Five elements by strides of two are three windows; a kernel of four needs three elements more, two of them after.
        double[] x = [1, 2, 3, 4, 5];
        TracedFunction same = TracedFunction.Of([new(5, 1), new(4, 1, 1)], v => [Convolution1D(v[0], v[1], [2], WindowPadding.Same)]);
        Assert.Equal([1 + 2 + 3, 2 + 3 + 4 + 5, 4 + 5], FunctionCheck.Run(same, x, [1, 1, 1, 1])[0]);
        Assert.Equal([3, 5, 5], FunctionCheck.Run(TracedFunction.Of(new Shape(5, 1), v => MaxPool1D(v, 4, 2, WindowPadding.Same)), x)[0]);
        Assert.Equal([-1, -2, -4], FunctionCheck.Run(TracedFunction.Of(new Shape(5, 1), v => MaxPool1D(-v, 3, 2, WindowPadding.Of(1))), x)[0]);
        FunctionCheck.Close([2, 3.5, 4.5], FunctionCheck.Run(TracedFunction.Of(new Shape(5, 1), v => AveragePool1D(v, 4, 2, WindowPadding.Same)), x)[0], 1e-15, "mean");
        Assert.Equal(double.NaN, FunctionCheck.Run(TracedFunction.Of(new Shape(2, 1), v => MaxPool1D(v, 2)), [1, double.NaN])[0][0]);
    }

    [Fact]
    public void SecondDerivativesOfAConvolution() =>
        FunctionCheck.Check([new(1, 4, 4, 2), new(3, 3, 2, 2)], v => Sum(Square(GradientOf(Sum(Tanh(Convolution2D(v[0], v[1], padding: WindowPadding.Same))), v)[1])));

    private static double[] Waves(int count, Func<int, double> wave) => [.. Enumerable.Range(0, count).Select(wave)];

    private static double[] Doubles(JsonElement numbers) => [.. numbers.EnumerateArray().Select(v => v.GetDouble())];
}
