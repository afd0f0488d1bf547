using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Updates;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Compilation;

[Collection(RunsAlone.Name)]
public sealed class MemoryTests
{
    /// <summary>θ, gradient and the two moments of Adam are four times the parameters; everything else must fit into the other six.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TrainingTenMillionParametersNeedsLessThanTenTimesTheirBytes(int threads)
    {
        int[] widths = [1024, 2048, 2048, 1024, 1024, 512, 10];
        const int Batch = 256;
        var layout = new Layout(Enumerable.Range(1, widths.Length - 1).SelectMany(l =>
            new[] { ($"w{l}", new Shape(widths[l - 1], widths[l])), ($"b{l}", new Shape(widths[l])) }));
        Assert.InRange(layout.Length, 9_900_000, 10_100_000);
        FlatVector<float> theta = new(layout.Length), gradient = new(layout.Length);
        var builder = new ProgramBuilder<float>();
        Tensor x = builder.Input("x", new(Batch, widths[0])), labels = builder.Input("labels", new(Batch));
        IReadOnlyList<Tensor> p = builder.Views(layout, theta);
        Tensor h = x;
        for (int l = 0; l < widths.Length - 1; l++)
        {
            h = MatrixProduct(h, p[2 * l]) + p[(2 * l) + 1];
            h = l < widths.Length - 2 ? Gelu(h) : h;
        }

        Tensor loss = -Sum(OneHot(labels, widths[^1]) * LogSoftmax(h)) / Batch;
        builder.Output("loss", loss);
        builder.Gradient(loss, p, layout, gradient);
        Program<float> program = builder.Build();
        Updater<float> updater = Optimizers.Adam(1e-3).Compile(layout, theta, gradient);

        long parameters = sizeof(float) * (long)layout.Length;
        long vectors = sizeof(float) * (theta.Length + gradient.Length + updater.State.Sum(s => (long)s.Value.Length));
        long inputs = sizeof(float) * (long)(program["x"].Length + program["labels"].Length);
        (long step, long update) = RunsAlone.WithThreads(threads, () => (program.PeakBytes, updater.Program.PeakBytes));
        double ratio = (vectors + inputs + step + update) / (double)parameters;
        Assert.True(ratio < 10, $"{ratio:0.00} times the parameters: {program.Describe()}\n{updater.Program.Describe()}");

        // Four copies of the parameters, and activations of a batch of 256, which are a fraction of them: 6 layers of at most 3 values each.
        Assert.InRange(ratio, 4, 5);
    }

    [Fact]
    public void WithoutSharingEveryValueHasAPlaceOfItsOwn()
    {
        TracedFunction function = TracedFunction.Of(new Shape(64, 64), x =>
        {
            for (int i = 0; i < 10; i++)
            {
                x = MatrixProduct(x, x);
            }

            return x;
        });
        const long Matrix = 64 * 64 * sizeof(double);
        Assert.Equal(2 * Matrix, function.Compile<double>().Program.ArenaBytes);
        Assert.Equal(10 * Matrix, function.Compile<double>(CompilerPasses.All with { ReuseMemory = false }).Program.ArenaBytes);
    }
}
