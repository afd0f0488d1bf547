using System.Numerics;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Tests.Differentiation;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Compilation;

/// <summary>Convolutions, transposed ones and their gradients by every way of computing them, against plain loops over all elements in double.</summary>
public sealed class ConvolutionStepTests
{
    /// <summary>Channels beside and beyond whole vectors, windows wider than images, steps over and between pixels, groups of one channel and of several.</summary>
    public static TheoryData<string, int[], int[], int[], int[], int[], int> Cases() => new()
    {
        { "same", [2, 9, 11, 5], [3, 3, 7], [1, 1], [1, 1], [1, 1, 1, 1], 1 },
        { "two vectors and a rest", [2, 7, 7, 16], [3, 3, 37], [1, 1], [1, 1], [1, 1, 1, 1], 1 },
        { "two vectors from 33 channels", [1, 5, 14, 33], [3, 2, 32], [1, 1], [1, 1], [0, 0, 0, 1], 1 },
        { "one channel to many", [3, 13, 28, 1], [3, 3, 32], [1, 1], [1, 1], [1, 1, 1, 1], 1 },
        { "many channels to one", [2, 6, 19, 20], [3, 3, 1], [1, 1], [1, 1], [1, 1, 1, 1], 1 },
        { "channels of whole vectors to one by strides", [2, 9, 13, 32], [3, 4, 1], [2, 1], [1, 1], [1, 2, 2, 1], 1 },
        { "many channels to one with dilations", [1, 12, 40, 19], [3, 3, 1], [1, 1], [2, 2], [2, 2, 2, 2], 1 },
        { "high tiles with few and with many terms", [1, 5, 24, 3], [2, 3, 40], [1, 1], [1, 1], [1, 0, 1, 1], 1 },
        { "many channels to three", [2, 6, 30, 12], [3, 3, 3], [1, 1], [1, 1], [1, 1, 1, 1], 1 },
        { "strides", [2, 14, 13, 6], [3, 3, 18], [2, 2], [1, 1], [1, 1, 1, 1], 1 },
        { "strides longer than windows", [2, 11, 12, 3], [2, 1, 4], [3, 4], [1, 1], [0, 0, 0, 0], 1 },
        { "single elements by strides", [2, 8, 9, 17], [1, 1, 20], [2, 2], [1, 1], [0, 0, 0, 0], 1 },
        { "dilations", [2, 12, 13, 4], [3, 2, 9], [1, 1], [2, 3], [2, 2, 1, 2], 1 },
        { "dilations and strides", [1, 13, 15, 4], [3, 3, 8], [2, 3], [3, 2], [3, 1, 2, 2], 1 },
        { "padding beyond the windows", [1, 3, 3, 2], [2, 2, 5], [1, 1], [1, 1], [3, 4, 5, 3], 1 },
        { "windows wider than the image", [2, 2, 3, 4], [5, 7, 6], [1, 1], [1, 1], [2, 2, 3, 3], 1 },
        { "windows below wide images", [4, 2, 270, 2], [2, 2, 3], [1, 1], [1, 1], [0, 3, 1, 1], 1 },
        { "windows below wide images, each channel", [4, 2, 270, 2], [2, 2, 2], [1, 1], [1, 1], [0, 3, 1, 1], 2 },
        { "groups", [2, 7, 8, 12], [3, 3, 6], [1, 1], [1, 1], [1, 1, 1, 1], 3 },
        { "groups by strides and dilations", [1, 11, 9, 8], [3, 2, 40], [2, 1], [1, 2], [1, 0, 1, 1], 2 },
        { "each channel", [2, 9, 14, 21], [3, 3, 21], [1, 1], [1, 1], [1, 1, 1, 1], 21 },
        { "each channel, strides and dilations", [2, 12, 11, 16], [5, 3, 16], [2, 3], [2, 1], [2, 2, 1, 1], 16 },
        { "each channel, many elements", [2, 6, 13, 17], [5, 7, 17], [1, 1], [1, 1], [2, 2, 3, 3], 17 },
        { "each channel, strides as long as dilations", [1, 9, 17, 5], [3, 4, 5], [2, 2], [2, 2], [1, 2, 3, 3], 5 },
        { "each channel, padding beyond the windows", [1, 3, 3, 3], [2, 2, 3], [1, 1], [1, 1], [3, 4, 5, 3], 3 },
        { "each channel, rows of two blocks", [1, 3, 401, 3], [3, 3, 3], [1, 1], [1, 1], [1, 1, 1, 1], 3 },
        { "each channel to two", [2, 6, 7, 9], [3, 3, 18], [1, 1], [1, 1], [1, 1, 1, 1], 9 },
        { "one axis", [3, 50, 6], [5, 10], [1], [1], [2, 2], 1 },
        { "one long axis", [1, 1000, 3], [4, 9], [2], [3], [5, 0], 1 },
        { "one axis, each channel", [2, 30, 8], [4, 8], [1], [2], [6, 0], 8 },
        { "strides beyond everything", [2, 5, 4, 3], [2, 1, 4], [int.MaxValue, int.MaxValue - 1], [1, 1], [1, 0, 0, 0], 1 },
        { "no image", [0, 5, 5, 2], [3, 3, 4], [1, 1], [1, 1], [0, 0, 0, 0], 1 },
        { "no channels", [2, 5, 5, 0], [3, 3, 4], [1, 1], [1, 1], [1, 1, 1, 1], 1 },
        { "no channels in the result", [2, 5, 5, 3], [3, 3, 0], [1, 1], [1, 1], [1, 1, 1, 1], 1 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void ValuesAndGradientsAreThoseOfPlainLoops(string name, int[] image, int[] kernel, int[] strides, int[] dilations, int[] padding, int groups)
    {
        TracedFunction function = Function(image, kernel, strides, dilations, padding, groups);
        double[][] arguments = [.. function.Inputs.Select((x, i) => FunctionCheck.Numbers(x.Shape.Count, 3 + i, -1, 1))];
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i] = [.. arguments[i].Select(v => (double)(float)v)];
        }

        var reference = new ReferenceEvaluator(function.Inputs.Zip(arguments).ToDictionary(p => p.First, p => p.Second));
        double[][] expected = [.. function.Outputs.Select(reference.Evaluate)];
        AssertClose<double>(function, arguments, expected, 1e-13, name);
        AssertClose<float>(function, arguments, expected, 3e-6, name);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void BiasAndRectifierAtTheEndAreTheSameBits(string name, int[] image, int[] kernel, int[] strides, int[] dilations, int[] padding, int groups)
    {
        Shape[] shapes = [new(image), new([.. kernel[..^1], image[^1] / groups, kernel[^1]]), new(kernel[^1])];
        TracedFunction function = TracedFunction.Of(shapes, x =>
        {
            Tensor y = Apply(x[0], x[1], strides, dilations, padding, groups);
            return [Relu(y + x[2]), Relu(y * 0.5), Relu(Apply(x[0] - 1, x[1], strides, dilations, padding, groups)), Apply(x[0] + 1, x[1], strides, dilations, padding, groups) + x[2]];
        });
        double[][] arguments = [.. shapes.Select((s, i) => FunctionCheck.Numbers(s.Count, 7 + i, -1, 1))];
        float[][] fused = Run<float>(function, arguments, CompilerPasses.All), apart = Run<float>(function, arguments, CompilerPasses.All with { FuseProducts = false });
        for (int o = 0; o < fused.Length; o++)
        {
            Assert.True(fused[o].AsSpan().SequenceEqual(apart[o]), $"output {o} of {name}");
        }
    }

    /// <summary>From sixteen channels to one, each channel is a chain of fused multiply-adds over the kernel, and these are added in the order of the channels.</summary>
    [Fact]
    public void ManyChannelsToOneAreTheSumsOfTheirChains()
    {
        const int Size = 9, Channels = 21;
        TracedFunction function = TracedFunction.Of([new(Size, Size, Channels), new(3, 3, Channels, 1)], v => [Convolution2D(v[0], v[1], padding: WindowPadding.Of(1))]);
        double[][] arguments = [.. function.Inputs.Select((x, i) => FunctionCheck.Numbers(x.Shape.Count, 11 + i, -1, 1))];
        float[] x = [.. arguments[0].Select(v => (float)v)], kernel = [.. arguments[1].Select(v => (float)v)], expected = new float[Size * Size];
        for (int i = 0; i < expected.Length; i++)
        {
            for (int channel = 0; channel < Channels; channel++)
            {
                float chain = 0;
                for (int element = 0; element < 9; element++)
                {
                    int row = (i / Size) + (element / 3) - 1, column = (i % Size) + (element % 3) - 1;
                    bool inside = row is >= 0 and < Size && column is >= 0 and < Size;
                    chain = float.FusedMultiplyAdd(inside ? x[(((row * Size) + column) * Channels) + channel] : 0, kernel[(element * Channels) + channel], chain);
                }

                expected[i] = channel == 0 ? chain : expected[i] + chain;
            }
        }

        Assert.Equal(expected, Run<float>(function, arguments, CompilerPasses.All)[0]);
    }

    [Fact]
    public void AKernelOfAMillionRowsHasAGradient()
    {
        const int Rows = 1_000_000;
        TracedFunction function = TracedFunction.Of([new(Rows + 1, 1, 1), new(Rows, 1, 1, 1), new(2, 1, 1)], v => [VectorJacobianProduct(Convolution2D(v[0], v[1]), v[1], v[2])]);
        double[][] arguments = [.. function.Inputs.Select((x, i) => FunctionCheck.Numbers(x.Shape.Count, 5 + i, -1, 1))];
        double[] x = arguments[0], adjoint = arguments[2], expected = [.. Enumerable.Range(0, Rows).Select(k => (x[k] * adjoint[0]) + (x[k + 1] * adjoint[1]))];
        FunctionCheck.Close(expected, Run<double>(function, arguments, CompilerPasses.All)[0], 1e-15, "gradient by a kernel of a million rows");
    }

    [Fact]
    public void ALayerIsOneStep()
    {
        TracedFunction function = TracedFunction.Of([new(2, 8, 8, 4), new(3, 3, 4, 20), new(20), new(1, 1, 20, 8), new(8)], x =>
            [Relu(Convolution2D(Relu(Convolution2D(x[0], x[1]) + x[2]), x[3]) + x[4])]);
        Assert.Equal(["convolution+bias+relu", "matrix-product+bias+relu"], function.Compile<float>().Program.Steps[0].Select(s => s.Description!.Kind));
    }

    [Fact]
    public void WindowsAreNeverCopiedTogether()
    {
        // The windows would be nine times the images: 28.9 MB.
        TracedFunction function = TracedFunction.Of([new(32, 28, 28, 32), new(3, 3, 32, 64), new(32, 28, 28, 64)], x =>
        {
            Tensor y = Convolution2D(x[0], x[1], padding: WindowPadding.Of(1));
            return [y, VectorJacobianProduct(y, x[0], x[2]), VectorJacobianProduct(y, x[1], x[2])];
        });
        Assert.InRange(function.Compile<float>().Program.PeakBytes, 0, 6_000_000);
    }

    /// <summary>Convolution and transposed convolution of the same windows, each with the gradients by both factors.</summary>
    private static TracedFunction Function(int[] image, int[] kernel, int[] strides, int[] dilations, int[] padding, int groups)
    {
        Shape x = new(image), k = new([.. kernel[..^1], image[^1] / groups, kernel[^1]]);
        Shape y = TracedFunction.Of([x, k], v => [Apply(v[0], v[1], strides, dilations, padding, groups)]).Outputs[0].Shape;
        return TracedFunction.Of([x, k, y, x], v =>
        {
            Tensor forward = Apply(v[0], v[1], strides, dilations, padding, groups), back = VectorJacobianProduct(forward, v[0], v[2]);
            return
            [
                forward, back, VectorJacobianProduct(forward, v[1], v[2]),
                VectorJacobianProduct(back, v[2], v[3]), VectorJacobianProduct(back, v[1], v[3]),
            ];
        });
    }

    private static Tensor Apply(Tensor x, Tensor kernel, int[] strides, int[] dilations, int[] padding, int groups)
    {
        var ends = WindowPadding.Of([.. Enumerable.Range(0, padding.Length / 2).Select(i => (padding[2 * i], padding[(2 * i) + 1]))]);
        return strides.Length == 1 ? Convolution1D(x, kernel, strides, ends, dilations, groups) : Convolution2D(x, kernel, strides, ends, dilations, groups);
    }

    private static T[][] Run<T>(TracedFunction function, double[][] arguments, CompilerPasses passes)
        where T : unmanaged, IFloatingPointIeee754<T> => function.Compile<T>(passes).RunTwice(arguments);

    private static void AssertClose<T>(TracedFunction function, double[][] arguments, double[][] expected, double tolerance, string name)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[][] actual = Run<T>(function, arguments, CompilerPasses.All);
        for (int o = 0; o < expected.Length; o++)
        {
            FunctionCheck.Close(expected[o], [.. actual[o].Select(double.CreateTruncating)], tolerance, $"output {o} of '{name}' as {typeof(T).Name}");
        }
    }
}
