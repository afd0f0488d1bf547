using System.Numerics;
using Glissade.Compilation;
using Glissade.Compilation.Steps;
using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Tests.Differentiation;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Compilation;

/// <summary>Pooling, its gradient and its tangent by every kernel, against plain loops over all elements in double.</summary>
public sealed class PoolingStepTests
{
    /// <summary>Image, window, strides, dilations of maxima, padding before and after each axis.</summary>
    public static TheoryData<int[], int[], int[], int[], int[]> Cases() => new()
    {
        { [3, 9, 10, 0], [2, 2], [2, 2], [1, 1], [0, 0, 0, 0] },
        { [3, 9, 10, 0], [2, 2], [2, 2], [1, 1], [1, 0, 0, 1] },
        { [2, 8, 7, 0], [2, 2], [1, 1], [1, 1], [0, 0, 0, 0] },
        { [2, 8, 7, 0], [2, 2], [1, 2], [3, 2], [1, 1, 2, 1] },
        { [2, 9, 11, 0], [3, 3], [2, 2], [1, 1], [1, 1, 1, 1] },
        { [2, 9, 11, 0], [3, 3], [3, 3], [1, 1], [0, 0, 0, 0] },
        { [2, 9, 11, 0], [3, 3], [1, 1], [1, 1], [1, 1, 1, 1] },
        { [1, 13, 12, 0], [3, 3], [4, 5], [1, 1], [0, 0, 0, 0] },
        { [1, 6, 9, 0], [4, 1], [2, 1], [1, 1], [3, 0, 0, 0] },
        { [1, 6, 9, 0], [1, 5], [1, 3], [1, 1], [0, 0, 4, 4] },
        { [1, 6, 9, 0], [6, 9], [1, 1], [1, 1], [0, 0, 0, 0] },
        { [2, 40, 0], [2], [2], [1], [0, 0] },
        { [2, 41, 0], [5], [3], [2], [4, 4] },
        { [2, 41, 0], [4], [1], [1], [2, 1] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void ValuesAndDerivativesAreThoseOfPlainLoops(int[] image, int[] window, int[] strides, int[] dilations, int[] padding)
    {
        // Channels beside and beyond whole vectors of either width.
        foreach (int channels in new[] { 1, 3, 4, 7, 8, 9, 15, 16, 17, 33 })
        {
            image[^1] = channels;
            foreach (bool greatest in new[] { true, false })
            {
                TracedFunction function = Function(greatest, image, window, strides, dilations, padding);

                // Few different numbers, so that there are many ties.
                double[][] arguments = [.. function.Inputs.Select((x, i) => FunctionCheck.Numbers(x.Shape.Count, channels + i, -2, 2).Select(v => Math.Round(v * 2) / 2).ToArray())];
                var reference = new ReferenceEvaluator(function.Inputs.Zip(arguments).ToDictionary(p => p.First, p => p.Second));
                double[][] expected = [.. function.Outputs.Select(reference.Evaluate)];
                AssertClose<double>(function, arguments, expected, 1e-15, CompilerPasses.All);
                AssertClose<float>(function, arguments, expected, 5e-7, CompilerPasses.All);
                AssertClose<float>(function, arguments, expected, 5e-7, CompilerPasses.All with { Emit = false });
            }
        }
    }

    /// <summary>Images so large that several chunks of rows meet within one, beneath windows that lie over both.</summary>
    [Theory]
    [InlineData(true, 3, 1, 1)]
    [InlineData(true, 5, 2, 2)]
    [InlineData(true, 3, 4, 0)]
    [InlineData(false, 3, 2, 1)]
    public void ChunksMeetWithinAnImage(bool greatest, int window, int stride, int padding)
    {
        TracedFunction function = Function(greatest, [2, 90, 40, 17], [window, window], [stride, stride], [1, 1], [padding, padding, padding, padding]);
        double[][] arguments = [.. function.Inputs.Select((x, i) => FunctionCheck.Numbers(x.Shape.Count, i, -2, 2).Select(v => Math.Round(v * 2) / 2).ToArray())];
        var reference = new ReferenceEvaluator(function.Inputs.Zip(arguments).ToDictionary(p => p.First, p => p.Second));
        AssertClose<double>(function, arguments, [.. function.Outputs.Select(reference.Evaluate)], 1e-15, CompilerPasses.All);
    }

    [Fact]
    public void ThePassesAreOneStepEachAndNothingIsKept()
    {
        // Images of 25.7 MB, so that copies of the windows would show.
        TracedFunction function = TracedFunction.Of([new(64, 56, 56, 32), new(64, 28, 28, 32)], x =>
        {
            Tensor y = MaxPool2D(x[0], [3], [2], WindowPadding.Of(1)), mean = AveragePool2D(x[0], [3], [2], WindowPadding.Of(1));
            return [y, VectorJacobianProduct(y, x[0], x[1]), mean, VectorJacobianProduct(mean, x[0], x[1])];
        });
        Program<float> program = function.Compile<float>().Program;
        Assert.Equal(["average-pooling", "average-pooling-adjoint", "maximum-pooling", "maximum-pooling-adjoint"], program.Steps[0].Select(s => s.Description!.Kind).Order());
        Assert.InRange(program.PeakBytes, 0, 1000);
    }

    [Theory]
    [InlineData(2, 2, 0)]
    [InlineData(3, 2, 1)]
    [InlineData(4, 1, 2)]
    public void TheGradientThroughARectifierBeforeItIsTheSameBits(int window, int stride, int padding)
    {
        Shape shape = new(3, 9, 8, 19);
        TracedFunction function = TracedFunction.Of([shape, TracedFunction.Of(shape, x => MaxPool2D(x, [window], [stride], WindowPadding.Of(padding))).Outputs[0].Shape], x =>
        {
            Tensor rectified = Relu(x[0]), y = MaxPool2D(rectified, [window], [stride], WindowPadding.Of(padding));
            return [VectorJacobianProduct(y, x[0], x[1])];
        });

        // Both kinds of zero, ties above zero, windows without anything positive, NaN and infinity.
        double[] numbers = [.. FunctionCheck.Numbers(shape.Count, 4, -3, 2).Select(v => Math.Round(v * 2) / 2)];
        (numbers[40], numbers[2000], numbers[3000]) = (double.NaN, double.PositiveInfinity, double.NegativeZero);
        double[] adjoint = FunctionCheck.Numbers(function.Inputs[1].Shape.Count, 6, -1, 1);
        CompiledFunction<float>[] both = [function.Compile<float>(), function.Compile<float>(CompilerPasses.All with { FuseProducts = false })];
        foreach (CompiledFunction<float> compiled in both)
        {
            numbers.Select(v => (float)v).ToArray().CopyTo(compiled.Inputs[0].Span);
            adjoint.Select(v => (float)v).ToArray().CopyTo(compiled.Inputs[1].Span);
            compiled.Run();
        }

        Assert.Equal(["loop", "maximum-pooling-adjoint+masked"], both[0].Program.Steps[0].Select(s => Kind(s)));
        Assert.Equal(["loop", "maximum-pooling-adjoint", "loop"], both[1].Program.Steps[0].Select(s => Kind(s)));
        Assert.Equal(both[1].Outputs[0].Span.ToArray().Select(BitConverter.SingleToInt32Bits), both[0].Outputs[0].Span.ToArray().Select(BitConverter.SingleToInt32Bits));

        // Whichever executor runs the loops.
        static string Kind(Step<float> step) => step.Description!.Kind.Split(',')[0];
    }

    /// <summary>Value, gradient for a given adjoint, and change along a given direction.</summary>
    private static TracedFunction Function(bool greatest, int[] image, int[] window, int[] strides, int[] dilations, int[] padding)
    {
        var ends = WindowPadding.Of([.. Enumerable.Range(0, padding.Length / 2).Select(i => (padding[2 * i], padding[(2 * i) + 1]))]);
        Tensor Apply(Tensor x) => (greatest, window.Length) switch
        {
            (true, 1) => MaxPool1D(x, window[0], strides[0], ends, dilations[0]),
            (true, _) => MaxPool2D(x, window, strides, ends, dilations),
            (false, 1) => AveragePool1D(x, Math.Max(window[0], padding.Max() + 1), strides[0], ends),
            (false, _) => AveragePool2D(x, window, strides, WindowPadding.Of([.. Enumerable.Range(0, 2).Select(i => (Math.Min(padding[2 * i], window[i] - 1), Math.Min(padding[(2 * i) + 1], window[i] - 1)))])),
        };
        Shape shape = new(image), result = TracedFunction.Of(shape, Apply).Outputs[0].Shape;
        return TracedFunction.Of([shape, result, shape], x => [Apply(x[0]), VectorJacobianProduct(Apply(x[0]), x[0], x[1]), JacobianVectorProduct(Apply(x[0]), x[0], x[2])]);
    }

    private static void AssertClose<T>(TracedFunction function, double[][] arguments, double[][] expected, double tolerance, CompilerPasses passes)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[][] actual = function.Compile<T>(passes).RunTwice(arguments);
        for (int o = 0; o < expected.Length; o++)
        {
            FunctionCheck.Close(expected[o], [.. actual[o].Select(double.CreateTruncating)], tolerance, $"output {o} of {function.Outputs[o]} as {typeof(T).Name}");
        }
    }
}
