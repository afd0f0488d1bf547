using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Learning.Networks;
using Glissade.Numerics;

namespace Glissade.Learning.Tests.Networks;

/// <summary>Batch normalisation against figures of PyTorch 1.13.</summary>
public sealed class BatchNormalizationTests
{
    private static readonly float[] First = [0.5f, -1, 2, 1.5f, 0.25f, -3, -0.75f, 2, 0.125f, 3, 1, 1, 0.1f, -2, 4];
    private static readonly float[] Second = [1, 2, 3, 0.25f, -0.5f, -0.75f, 4, 0, 0.5f];
    private static readonly double[] Weights = [1, -2, 0.5, 0.25, 1, -1, 2, 0.75, 0.3, -1, 0.6, 0.2, 0.4, -0.9, 1.1];
    private static readonly float[] GainAndBias = [1.5f, 0.5f, -2, 0.1f, -0.2f, 0.3f];

    [Fact]
    public void OutputGradientAndRunningStatisticsAreThoseOfPyTorch()
    {
        BuiltNetwork network = Network.Of(new BatchNormalization(momentum: 0.3, epsilon: 1e-3)).Build(new Shape(3));
        FlatVector<float> states = network.InitializeStates(), gradient = new(6);
        Assert.Equal([0, 0, 0, 1, 1, 1], states.Span.ToArray());
        var theta = new FlatVector<float>(GainAndBias);

        var builder = new ProgramBuilder<float>();
        Tensor x = builder.Input("x", new Shape(5, 3));
        IReadOnlyList<Tensor> parameters = builder.Views(network.Layout, theta);
        NetworkPass pass = NetworkPass.Training(builder.Views(network.StateLayout, states));
        Tensor y = network.Trace(x, parameters, pass);
        builder.Output("y", y);
        IReadOnlyList<Tensor> adjoints = Functions.GradientOf(Functions.Sum(y * builder.Input("w", y.Shape)), [x, .. parameters]);
        builder.Output("dx", adjoints[0]);
        builder.Output(adjoints[1], gradient, 0);
        builder.Output(adjoints[2], gradient, 3);
        Store(builder, network, pass, states);
        Program<float> program = builder.Build();
        First.CopyTo(program["x"]);
        Weights.Select(w => (float)w).ToArray().CopyTo(program["w"]);
        program.Run();

        Same([-0.330945253f, -0.570214391f, -0.71851933f, 0.833771706f, -0.129482985f, 3.61560535f, -1.78684139f, 0.48754096f, 0.906777382f, 2.58084726f, 0.134955853f, 0.148305595f, -0.796832025f, -0.922799468f, -2.45216918f], program["y"]);
        Same([0.241317451f, -0.438936889f, 0.0530776605f, 0.195075661f, 0.348045856f, 0.094639957f, 0.371914566f, -0.119182006f, -0.245560512f, -0.019876508f, 0.0445482992f, 0.061390128f, -0.788431168f, 0.165524751f, 0.0364527591f], program["dx"]);
        Same([-4.57384396f, 4.35618877f, 3.35027814f, 2.6500001f, -0.549999952f, 1.10000002f], gradient.Span);
        Same([0.261000007f, 0.0150000006f, 0.247500002f, 1.32160008f, 1.45375001f, 2.6959374f], states.Span);

        Train(network, theta, states, Second);
        Same([0.707700014f, 0.160500005f, 0.448249996f, 2.10637021f, 1.54262495f, 2.98090625f], states.Span);
        Same([-0.114613652f, -0.667029381f, -1.49723458f, 0.918673038f, -0.16398178f, 4.29375839f, -1.40622199f, 0.540284872f, 0.674387693f, 2.46860313f, 0.137846798f, -0.339036047f, -0.527928352f, -1.06946754f, -3.81363177f], Evaluate(network, theta, states, First));

        // A row by itself is what it is among others.
        Same([-0.114613652f, -0.667029381f, -1.49723458f], Evaluate(network, theta, states, First[..3]));
    }

    [Fact]
    public void TheChannelsOfAPictureAreItsLastAxis()
    {
        BuiltNetwork network = Network.Of(new BatchNormalization()).Build(new Shape(2, 2, 2));
        Assert.Equal(1, network.LeastBatch);
        FlatVector<float> states = network.InitializeStates();
        float[] pictures = [0, 1.927f, 1.031f, -1.376f, -1.767f, 0.43f, 1.997f, 0.638f, -1.656f, -1.524f, 0.84f, 1.974f, 0.216f, -1.858f, -1.21f, 1.211f];
        float[] y = Train(network, network.Initialize(1), states, pictures);
        Same([0.0536395721f, 1.1970253f, 0.859503269f, -1.06324303f, -1.32750607f, 0.172616646f, 1.61456084f, 0.314952642f, -1.24074483f, -1.16452062f, 0.710211337f, 1.22918773f, 0.222472325f, -1.3930794f, -0.892136455f, 0.707060933f], y);
        Same([-0.00686250022f, 0.0177749973f, 1.08706105f, 1.14405465f], states.Span);
    }

    [Fact]
    public void ABatchWithOneNumberForAChannelIsComputedWithTheStatesAndLeavesThem()
    {
        BuiltNetwork network = Network.Of(new BatchNormalization(momentum: 0.3, epsilon: 1e-3)).Build(new Shape(3));
        Assert.Equal(2, network.LeastBatch);
        var theta = new FlatVector<float>(GainAndBias);
        FlatVector<float> states = network.InitializeStates();
        Train(network, theta, states, First);
        float[] before = states.Span.ToArray();
        Assert.Equal(Evaluate(network, theta, states, First[..3]), Train(network, theta, states, First[..3]));
        Assert.Equal(before, states.Span.ToArray());
    }

    [Fact]
    public void AStatisticThatIsNotFiniteStaysAsItWas()
    {
        BuiltNetwork network = Network.Of(new BatchNormalization()).Build(new Shape(2));
        FlatVector<float> states = network.InitializeStates();

        // The squares of the first channel are too great for a float.
        Train(network, network.Initialize(1), states, [3e20f, 1, -3e20f, 3]);
        Assert.Equal(1, states[2]);
        Assert.Equal(0.2f, states[1], 1e-6f);
        Assert.Equal(0.9f + 0.2f, states[3], 1e-6f);
        Train(network, network.Initialize(1), states, [float.NaN, 1, 1, 3]);
        Assert.Equal([0, 1], [states[0], states[2]]);
    }

    [Fact]
    public void ParametersAndStatesHaveNamesOfTheirOwn()
    {
        BuiltNetwork network = Network.Of(new Dense(4, bias: false), new BatchNormalization(), new Tanh(), new Dense(3), new BatchNormalization()).Build(new Shape(2));
        Assert.Equal(
            ["dense1.weight", "batch-normalization1.gain", "batch-normalization1.bias", "dense2.weight", "dense2.bias", "batch-normalization2.gain", "batch-normalization2.bias"],
            network.Layout.Entries.Select(e => e.Name));
        Assert.Equal(
            ["batch-normalization1.running-mean", "batch-normalization1.running-variance", "batch-normalization2.running-mean", "batch-normalization2.running-variance"],
            network.StateLayout.Entries.Select(e => e.Name));
        LayoutEntry gain = network.Layout["batch-normalization2.gain"], bias = network.Layout["batch-normalization2.bias"];
        FlatVector<float> theta = network.Initialize(1);
        Assert.Equal([1, 1, 1, 0, 0, 0], (float[])[.. theta.Span.Slice(gain.Offset, 3), .. theta.Span.Slice(bias.Offset, 3)]);
        Assert.Equal("batch-normalization: momentum 0.1, epsilon 1E-05", new BatchNormalization().ToString());
    }

    [Fact]
    public void WhatDoesNotFitIsSaid()
    {
        foreach (double momentum in new[] { 0, -0.1, 1.5, double.NaN })
        {
            Assert.Contains("above 0 and at most 1", Assert.Throws<ArgumentOutOfRangeException>(() => new BatchNormalization(momentum)).Message, StringComparison.Ordinal);
        }

        foreach (double epsilon in new[] { 0, -1, 1e-60, 1e60, double.NaN })
        {
            Assert.Contains("epsilon", Assert.Throws<ArgumentOutOfRangeException>(() => new BatchNormalization(epsilon: epsilon)).Message, StringComparison.Ordinal);
        }

        Assert.Contains("last axis", Assert.Throws<ArgumentException>(() => Network.Of(new BatchNormalization()).Build(Shape.Scalar)).Message, StringComparison.Ordinal);
        BuiltNetwork network = Network.Of(new BatchNormalization()).Build(new Shape(3));
        var builder = new ProgramBuilder<float>();
        Tensor x = builder.Input("x", new Shape(4, 3)), wrong = builder.Input("wrong", new Shape(2));
        IReadOnlyList<Tensor> theta = builder.Views(network.Layout, network.Initialize(1));
        Assert.Contains("batch-normalization1.running-mean", Assert.Throws<ArgumentException>(() => network.Trace(x, theta)).Message, StringComparison.Ordinal);
        Assert.Contains("[3], not [2]", Assert.Throws<ArgumentException>(() => network.Trace(x, theta, NetworkPass.Training(wrong, wrong))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => NetworkPass.Measurement([], wrong));

        Tensor state = builder.Input("state", new Shape(3));
        var stateless = Network.Of(new Keeping(s => s.Follow("other", state, 0.1))).Build(new Shape(3));
        Assert.Contains("it has kept", Assert.Throws<ArgumentException>(() => stateless.Trace(x, [], NetworkPass.Training(state))).Message, StringComparison.Ordinal);
        var keeping = Network.Of(new Keeping(s => s.Become("kept", wrong))).Build(new Shape(3));
        Assert.Contains("[2] was to take its place", Assert.Throws<ArgumentException>(() => keeping.Trace(x, [], NetworkPass.Training(state))).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => keeping.Trace(x, [], NetworkPass.Evaluation(state)));
        Assert.Contains("'keeping1.kept' is both", Assert.Throws<ArgumentException>(() => Network.Of(new Keeping(_ => { }, "kept")).Build(new Shape(3))).Message, StringComparison.Ordinal);
    }

    private static float[] Train(BuiltNetwork network, FlatVector<float> theta, FlatVector<float> states, float[] rows)
    {
        var builder = new ProgramBuilder<float>();
        NetworkPass pass = NetworkPass.Training(builder.Views(network.StateLayout, states));
        return Run(builder, network, theta, pass, rows, () => Store(builder, network, pass, states));
    }

    private static float[] Evaluate(BuiltNetwork network, FlatVector<float> theta, FlatVector<float> states, float[] rows)
    {
        var builder = new ProgramBuilder<float>();
        return Run(builder, network, theta, NetworkPass.Evaluation(builder.Views(network.StateLayout, states)), rows, () => { });
    }

    private static float[] Run(ProgramBuilder<float> builder, BuiltNetwork network, FlatVector<float> theta, NetworkPass pass, float[] rows, Action store)
    {
        Tensor x = builder.Input("x", new Shape([rows.Length / network.InputShape.Count, .. network.InputShape.Lengths]));
        builder.Output("y", network.Trace(x, builder.Views(network.Layout, theta), pass));
        store();
        Program<float> program = builder.Build();
        rows.CopyTo(program["x"]);
        program.Run();
        return program["y"].ToArray();
    }

    private static void Store(ProgramBuilder<float> builder, BuiltNetwork network, NetworkPass pass, FlatVector<float> states)
    {
        foreach ((LayoutEntry entry, Tensor state) in network.StateLayout.Entries.Zip(pass.States))
        {
            builder.Output(state, states, entry.Offset, stage: 1);
        }
    }

    private static void Same(ReadOnlySpan<float> expected, ReadOnlySpan<float> found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], found[i], 3e-6f * Math.Max(1, Math.Abs(expected[i])));
        }
    }

    /// <summary>A layer that keeps a state and does with it what a test says.</summary>
    private sealed record Keeping(Action<LayerScope> Act, string? Parameter = null) : Layer
    {
        public override string Name => "keeping";

        public override string Formula => "";

        public override IReadOnlyList<LayerParameter> Parameters(Shape input, Layer? next) => Parameter is null ? [] : [new(Parameter, input, 1, 1, Initializer.Zeros)];

        public override IReadOnlyList<LayerState> States(Shape input) => [new("kept", input)];

        public override Tensor Trace(Tensor x, LayerScope scope)
        {
            Act(scope);
            return x;
        }
    }
}
