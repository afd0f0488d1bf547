using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Tests.Differentiation;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Compilation;

/// <summary>The same bits whatever the number of threads, and in every run.</summary>
[Collection(RunsAlone.Name)]
public sealed class ThreadCountTests
{
    public static TheoryData<string> Names() => [.. Programs.Keys];

    private static readonly Dictionary<string, (Shape[] Shapes, Func<IReadOnlyList<Tensor>, Tensor[]> Function)> Programs = new()
    {
        ["long vector"] = ([new(300_001), Shape.Scalar], x => [(Tanh(x[0]) * x[1]) + 1, Sum(Exp(x[0])), Max(x[0] * x[1])]),
        ["rows"] = ([new(3001, 100), new(100), new(3001, 1), Shape.Scalar], x => [(x[0] * x[1]) + (x[2] * x[3]), Sum(x[0] * x[3], 1), Max(x[0] + x[1], 1)]),
        ["columns"] = ([new(3001, 100), new(100), new(3001, 1)], x => [Sum(x[0] * x[2], 0), Max(x[0] + x[1], 0), Sum(x[0])]),
        ["long rows"] = ([new(5, 70_001), new(70_001), new(5, 1)], x => [Sum(x[0] * x[1], 0), Sum(x[0] - x[2], 1), Sum(x[0] * x[2])]),
        ["one long column"] = ([new(200_003, 1), new(1, 1)], x => [Sum(x[0] * x[1], 0), x[0] + x[1]]),
        ["softmax"] = ([new(2000, 130)], x => [Softmax(x[0]), Mean(LogSumExp(x[0]))]),
        ["running sums"] = ([new(700, 90, 3)], x => [CumulativeSum(x[0], 0), CumulativeSum(x[0], 1, true), CumulativeSum(x[0], 2, false, true), ArgMax(x[0], 1), ArgMin(x[0], 2)]),
        ["sorted rows"] = ([new(400, 300)], x => [ArgSort(x[0]), Sort(x[0], 0, true), ScatterAddAlongAxis(x[0], Floor(Abs(x[0]) * 7), 1, 8)]),
        ["product of elements"] = ([new(300, 301)], x => [Product(1 + (0.1 * x[0]), 0), Product(1 + (0.1 * x[0]), 1), LogSumExp(x[0], 0)]),
        ["product"] = ([new(200, 300), new(300, 150), new(150)], x => [Relu(MatrixProduct(x[0], x[1]) + x[2])]),
        ["product with one row over"] = ([new(97, 300), new(300, 200)], x => [MatrixProduct(x[0], x[1])]),
        ["narrow product"] = ([new(1000, 700), new(700, 3)], x => [MatrixProduct(x[0], x[1])]),
        ["gather and scatter"] = ([new(300, 200), new(2000)], x => [Gather(x[0], Floor(Abs(299 * x[1]))), ScatterAdd(Floor(Abs(9 * x[1])), Gather(x[0], Floor(Abs(299 * x[1]))), 0, 10), ScatterAdd(Floor(Abs(5 * x[1])), BroadcastTo(x[1], new(90, 2000)), 1, 6)]),
        ["triangular solutions"] = ([new(20, 60, 60), new(60, 500)], x => [TriangularSolve(x[0] + 9, x[1]), TriangularSolve(x[0][3] - 9, x[1], true, true)]),
        ["convolution"] = ([new(6, 33, 31, 8), new(3, 3, 8, 12)], x => [.. GradientOf(Sum(Square(MaxPool2D(Convolution2D(x[0], x[1], [2, 1], WindowPadding.Same), [2, 3]))), x), AveragePool2D(x[0], [3], [1], WindowPadding.Same)]),
        ["convolution of groups and channels"] = ([new(9, 21, 23, 24), new(3, 3, 8, 36), new(5, 3, 1, 24)], x => [.. GradientOf(Sum(Square(Convolution2D(x[0], x[1], [1, 2], WindowPadding.Same, groups: 3))) + Sum(Square(Convolution2D(x[0], x[2], dilations: [1, 3], groups: 24))), x)]),
        ["convolution of many and few channels"] = ([new(2, 60, 70, 40), new(3, 3, 40, 40), new(2, 2, 40, 2), new(3, 5000, 3), new(9, 3, 7)], x => [.. GradientOf(Sum(Square(Convolution2D(x[0], x[1]))) + Sum(Square(Convolution2D(x[0], x[2]))) + Sum(Square(Convolution1D(x[3], x[4]))), x)]),
        ["pooling"] = ([new(7, 61, 30, 20), new(3, 9000, 5)], x => [.. GradientOf(Sum(Square(MaxPool2D(x[0], [3], [2], WindowPadding.Of(1)))) + Sum(Square(AveragePool2D(x[0], [5, 3], [2, 1], WindowPadding.Same))) + Sum(Square(MaxPool1D(x[1], 2))), x), MaxPool2D(x[0], [2]), AveragePool1D(x[1], 7, 3)]),
        ["random numbers"] = ([new(3), new(3000)], x => [RandomNormal(Floor(9 * x[0]), 1, "a", new(20_001)), RandomUniform(Floor(9 * x[1]), 1, "a", new(17))]),
        ["transposed products"] = ([new(300, 193), new(200, 300)], x => [MatrixProduct(x[0], x[1], true, true), MatrixProduct(x[1], x[0], false, false)]),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void BitsDoNotDependOnThreads(string name)
    {
        Compare<double>(name);
        Compare<float>(name);
    }

    [Fact]
    public void ColumnSumsOfLongRowsTakeLittleMemory()
    {
        // A row of partial results for each chunk must not add up to a copy of the matrix.
        long before = GC.GetAllocatedBytesForCurrentThread();
        TracedFunction function = TracedFunction.Of(new Shape(400, 20_000), x => Sum(x, 0));
        CompiledFunction<float> compiled = function.Compile<float>();
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(bytes, 0, (400 * 20_000 * 4) + (40 * 20_000 * 4));
        compiled.Inputs[0].Span.Fill(1);
        compiled.Run();
        Assert.All(compiled.Outputs[0].Span.ToArray(), v => Assert.Equal(400, v));
    }

    /// <summary>The end of the last chunk lies beyond the greatest int. Nothing is stored, so it takes no memory.</summary>
    [Theory]
    [InlineData(int.MaxValue, false)]
    [InlineData(int.MaxValue - 60_000, false)]
    [InlineData(int.MaxValue, true)]
    public void LoopsMayBeAsLongAsAnyShape(int length, bool isColumn)
    {
        Shape shape = isColumn ? new(length, 1) : new(length);
        CompiledFunction<double> compiled = TracedFunction.Of([Shape.Scalar, Shape.Scalar], x => [Sum(Maximum(BroadcastTo(x[0], shape), x[1]), 0)]).Compile<double>();
        compiled.Inputs[0][0] = 3;
        compiled.Run();
        Assert.Equal(3.0 * length, compiled.Outputs[0][0]);
    }

    private static void Compare<T>(string name)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        (Shape[] shapes, Func<IReadOnlyList<Tensor>, Tensor[]> function) = Programs[name];
        CompiledFunction<T> compiled = TracedFunction.Of(shapes, x => function(x)).Compile<T>();
        T[][][] runs = [.. new[] { 1, 2, 3, 7, 3 }.Select((threads, run) => RunsAlone.WithThreads(threads, () =>
        {
            // Every run has other arguments before the compared ones, so that nothing may be left over from a run before.
            for (int seed = run + 2; seed > 0; seed = seed > 1 ? 1 : 0)
            {
                for (int i = 0; i < shapes.Length; i++)
                {
                    FunctionCheck.Numbers(shapes[i].Count, (100 * seed) + i, -1, 1).Select(T.CreateTruncating).ToArray().CopyTo(compiled.Inputs[i].Span);
                }

                compiled.Run();
            }

            return compiled.Outputs.Select(o => o.Span.ToArray()).ToArray();
        }))];
        for (int run = 1; run < runs.Length; run++)
        {
            for (int output = 0; output < runs[0].Length; output++)
            {
                Assert.True(runs[0][output].AsSpan().SequenceEqual(runs[run][output]), $"{name}, run {run}, output {output} of {typeof(T).Name} differs from that of one thread.");
            }
        }
    }
}
