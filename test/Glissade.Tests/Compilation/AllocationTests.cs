using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Schedules;
using Glissade.Updates;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Compilation;

[Collection(RunsAlone.Name)]
public sealed class AllocationTests
{
    [Theory]
    [InlineData(1, 32)]
    [InlineData(2, 32)]
    [InlineData(2, 512)]
    public void TrainingANetworkAllocatesNothing(int threads, int batch)
    {
        var layout = new Layout(("w1", new Shape(64, 128)), ("b1", new Shape(128)), ("w2", new Shape(128, 10)), ("b2", new Shape(10)));
        FlatVector<float> theta = new(layout.Length), gradient = new(layout.Length);
        var random = new Random(1);
        foreach (ref float value in theta.Span)
        {
            value = (random.NextSingle() - 0.5f) / 5;
        }

        var builder = new ProgramBuilder<float>();
        Tensor x = builder.Input("x", new(batch, 64)), labels = builder.Input("labels", new(batch));
        IReadOnlyList<Tensor> p = builder.Views(layout, theta);
        Tensor logits = MatrixProduct(Relu(MatrixProduct(x, p[0]) + p[1]), p[2]) + p[3];
        Tensor loss = -Sum(OneHot(labels, 10) * LogSoftmax(logits)) / batch;
        builder.Output("loss", loss);
        builder.Gradient(loss, p, layout, gradient);
        Program<float> program = builder.Build();
        foreach (ref float value in program["x"])
        {
            value = random.NextSingle();
        }

        foreach (ref float value in program["labels"])
        {
            value = random.Next(10);
        }

        Chain chain = Chain.Of(
            Clip.ByGlobalNorm(1.0), Adam.Scaling(), WeightDecay.Decoupled(0.01).Except("b*"),
            LearningRate.Of(Schedule.Warmup(0.01, 20).Then(Schedule.Cosine(0.01, 0, 1000))));
        Updater<float> updater = chain.Compile(layout, theta, gradient, Glissade.Averaging.Ema.Of(0.99));
        RunsAlone.WithThreads(threads, () =>
        {
            void Step()
            {
                program.Run();
                updater.Step();
            }

            // Enough runs that every worker has its scratch memory.
            for (int warm = 0; warm < 50; warm++)
            {
                Step();
            }

            float early = program["loss"][0];
            Assert.Equal(0, AllocatedBytes.Of(() =>
            {
                for (int run = 0; run < 100; run++)
                {
                    Step();
                }
            }));
            Assert.True(program["loss"][0] < early, $"The loss went from {early} to {program["loss"][0]}.");
            return 0;
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void SortingAllocatesNothing(int threads) => RunsAlone.WithThreads(threads, () =>
    {
        CompiledFunction<float> function = TracedFunction.Of([new Shape(200, 500)], x => [ArgSort(x[0], 0), .. GradientOf(Sum(Square(TopK(x[0], 10).Values)), x[0]), CumulativeSum(x[0], 1), ArgMax(x[0], 1)]).Compile<float>();
        var random = new Random(3);
        foreach (ref float value in function.Inputs[0].Span)
        {
            value = random.Next(100);
        }

        for (int warm = 0; warm < 30; warm++)
        {
            function.Run();
        }

        Assert.Equal(0, AllocatedBytes.Of(() =>
        {
            for (int run = 0; run < 20; run++)
            {
                function.Run();
            }
        }));
        return 0;
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void IndexingSolvingConvolvingAndDrawingAllocateNothing(int threads)
    {
        // Large enough that every step is cut into chunks.
        TracedFunction function = TracedFunction.Of([new(500, 64), new(3000), new(4, 32, 32, 8), new(3, 3, 8, 16), new(40, 40), Shape.Scalar, new(3, 3, 1, 8), new(5, 5, 8, 2)], x =>
        {
            Tensor image = AveragePool2D(MaxPool2D(Relu(Convolution2D(x[2], x[3], padding: WindowPadding.Same)), [2]), [3], [2], WindowPadding.Of(1));
            Tensor solved = TriangularSolve(x[4] + 10, RandomNormal(x[5], 1, "sides", new(40, 300)), transposed: true);
            return [Sum(Square(Gather(x[0], x[1]))) + Sum(Dropout(image, 0.5, x[5], 1, "dropout")) + Sum(Square(solved)) + Sum(StridedSlice(x[0], 0, 1, 200, 2)) + Sum(Square(Convolution2D(x[2], x[6], groups: 8))) + Sum(Square(Convolution2D(x[2], x[7])))];
        }).WithGradient();
        CompiledFunction<float> compiled = function.Compile<float>();
        for (int i = 0; i < compiled.Inputs.Length; i++)
        {
            Span<float> input = compiled.Inputs[i].Span;
            for (int j = 0; j < input.Length; j++)
            {
                input[j] = i == 1 ? j * 7 % 500 : j % 13 / 13f;
            }
        }

        compiled.Inputs[5].Span[0] = 0;
        RunsAlone.WithThreads(threads, () =>
        {
            for (int warm = 0; warm < 50; warm++)
            {
                compiled.Run();
            }

            Assert.Equal(0, AllocatedBytes.Of(() =>
            {
                for (int run = 0; run < 20; run++)
                {
                    compiled.Inputs[5].Span[0]++;
                    compiled.Run();
                }
            }));
            Assert.True(float.IsFinite(compiled.Outputs[0][0]));
            return 0;
        });
    }
}
