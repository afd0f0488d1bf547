using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Learning.Networks;
using Glissade.Numerics;

namespace Glissade.Learning.Tests.Networks;

public sealed class NetworkTests
{
    [Fact]
    public void ParametersAreNamedByLayerAndStandWithoutGaps()
    {
        BuiltNetwork network = Network.Of(new Dense(5), new Relu(), new Dense(2, bias: false)).Build(new Shape(3));
        Assert.Equal(["dense1.weight", "dense1.bias", "dense2.weight"], network.Layout.Entries.Select(e => e.Name));
        Assert.Equal([0, 15, 20], network.Layout.Entries.Select(e => e.Offset));
        Assert.Equal(30, network.Layout.Length);
        Assert.Equal(new Shape(2), network.OutputShape);
    }

    [Fact]
    public void OutputIsThatOfPlainLoops()
    {
        BuiltNetwork network = Network.Of(new Dense(4), new Tanh(), new Dense(2)).Build(new Shape(3));
        FlatVector<float> theta = network.Initialize(7);
        network.Layout.Entries.Where(e => e.Name.EndsWith("bias", StringComparison.Ordinal)).ToList().ForEach(e => theta.Span.Slice(e.Offset, e.Length).Fill(0.25f));
        var builder = new ProgramBuilder<float>();
        Tensor x = builder.Input("x", new Shape(2, 3));
        builder.Output("y", network.Trace(x, builder.Views(network.Layout, theta)));
        Program<float> program = builder.Build();
        float[] input = [0.5f, -1, 2, 3, 0.25f, -0.75f];
        input.CopyTo(program["x"]);
        program.Run();
        for (int row = 0; row < 2; row++)
        {
            double[] hidden = Dense(input.AsSpan(row * 3, 3).ToArray().Select(v => (double)v).ToArray(), theta.Span[..12], theta.Span[12..16]);
            double[] expected = Dense([.. hidden.Select(Math.Tanh)], theta.Span[16..24], theta.Span[24..26]);
            Assert.Equal(expected[0], program["y"][row * 2], 1e-5);
            Assert.Equal(expected[1], program["y"][(row * 2) + 1], 1e-5);
        }
    }

    [Fact]
    public void WithoutNonlinearityADeepNetworkIsALinearMap()
    {
        BuiltNetwork linear = Network.Of(new Dense(6), new Dense(5), new Dense(2)).Build(new Shape(3));
        Assert.Equal(0, LargestDepartureFromLinearity(linear), 1e-5);
        BuiltNetwork bent = Network.Of(new Dense(6), new Tanh(), new Dense(5), new Dense(2)).Build(new Shape(3));
        Assert.True(LargestDepartureFromLinearity(bent) > 1e-2);
    }

    [Fact]
    public void WeightsBeginAsTheirInitializerSays()
    {
        BuiltNetwork network = Network.Of(new Dense(300), new Relu(), new Dense(200), new Tanh(), new Dense(100)).Build(new Shape(400));
        FlatVector<float> theta = network.Initialize(3);
        float[] Of(string name) => theta.Span.Slice(network.Layout[name].Offset, network.Layout[name].Length).ToArray();
        double Variance(float[] v) => v.Average(x => (double)x * x);
        Assert.Equal(2.0 / 400, Variance(Of("dense1.weight")), 2.0 / 400 * 0.03);
        double bound = Math.Sqrt(6.0 / (300 + 200));
        Assert.Equal(bound * bound / 3, Variance(Of("dense2.weight")), bound * bound / 3 * 0.03);
        Assert.InRange(Of("dense2.weight").Max(), bound * 0.99, bound);
        Assert.All(Of("dense1.bias"), b => Assert.Equal(0, b));
        Assert.Equal(Of("dense1.weight"), network.Initialize(3).Span[..120_000].ToArray());
        Assert.NotEqual(Of("dense1.weight"), network.Initialize(4).Span[..120_000].ToArray());
    }

    [Fact]
    public void ALayerThatDoesNotFitIsNamed()
    {
        ArgumentException fault = Assert.Throws<ArgumentException>(() => Network.Of(new Dense(3)).Build(new Shape(2, 2)));
        Assert.Contains("Layer 1", fault.Message, StringComparison.Ordinal);
        Assert.Contains("[2, 2]", fault.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Dense(0));
    }

    /// <summary>|f(x+y) − f(x) − f(y) + f(0)|, which is 0 for all x and y exactly if f is affine.</summary>
    private static double LargestDepartureFromLinearity(BuiltNetwork network)
    {
        FlatVector<float> theta = network.Initialize(1);
        var builder = new ProgramBuilder<float>();
        Tensor x = builder.Input("x", new Shape(4, 3));
        builder.Output("y", network.Trace(x, builder.Views(network.Layout, theta)));
        Program<float> program = builder.Build();
        float[] a = [1, -0.5f, 0.75f], b = [-0.25f, 1.5f, 0.5f];
        float[] rows = [.. a.Zip(b, (p, q) => p + q), .. a, .. b, 0, 0, 0];
        rows.CopyTo(program["x"]);
        program.Run();
        Span<float> y = program["y"];
        return Math.Max(Math.Abs(y[0] - y[2] - y[4] + y[6]), Math.Abs(y[1] - y[3] - y[5] + y[7]));
    }

    private static double[] Dense(double[] x, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias)
    {
        double[] y = new double[bias.Length];
        for (int j = 0; j < y.Length; j++)
        {
            y[j] = bias[j];
            for (int i = 0; i < x.Length; i++)
            {
                y[j] += x[i] * weight[(i * y.Length) + j];
            }
        }

        return y;
    }
}
