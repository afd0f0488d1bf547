using System.Collections.Immutable;
using Glissade.Compilation;
using Glissade.Comparison.Measuring;
using Glissade.Differentiation;
using Glissade.Learning.Losses;
using Glissade.Learning.Networks;
using Glissade.Numerics;
using Glissade.Updates;

namespace Glissade.Comparison;

/// <summary>A network as the peers' scripts have it.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Widths">Width of the input and of each layer.</param>
/// <param name="Batch">Examples in a step.</param>
/// <param name="Activation">What stands between dense layers.</param>
/// <param name="Classifies">Cross-entropy against classes, or else the mean of squared differences against numbers.</param>
/// <param name="StepsPerRepeat">Steps that are timed together.</param>
internal sealed record NetworkCase(string Name, int[] Widths, int Batch, Layer Activation, bool Classifies, int StepsPerRepeat)
{
    public static IReadOnlyList<NetworkCase> All { get; } =
    [
        new("tiny-tanh", [4, 64, 64, 2], 64, new Tanh(), false, 300),
        new("digits-relu", [64, 128, 64, 10], 64, new Relu(), true, 300),
        new("mnist-relu", [784, 256, 128, 10], 128, new Relu(), true, 60),
        new("wide-gelu", [1024, 1024, 1024, 1024], 256, new Gelu(), false, 6),
    ];

    /// <summary>Operations of the matrix products alone: forward, by the weights, and by the inputs except the first layer's.</summary>
    public double MatrixOperations => Enumerable.Range(0, Widths.Length - 1).Sum(i => (i == 0 ? 4.0 : 6.0) * Batch * Widths[i] * Widths[i + 1]);

    public Network Network() => Learning.Networks.Network.Of(
        Enumerable.Range(1, Widths.Length - 1).SelectMany(i => i < Widths.Length - 1 ? new[] { new Dense(Widths[i]), Activation } : [new Dense(Widths[i])]));
}

/// <summary>A network with everything that one step of training needs.</summary>
internal sealed class NetworkStep
{
    private readonly FlatVector<float> _start, _parameters, _gradient;
    private readonly ImmutableSortedDictionary<string, double> _startCounters;

    public NetworkStep(NetworkCase @case)
    {
        BuiltNetwork network = @case.Network().Build(new Shape(@case.Widths[0]));
        _parameters = network.Initialize(seed: 0);
        _start = _parameters.Clone();
        _gradient = new FlatVector<float>(_parameters.Length);

        var builder = new ProgramBuilder<float>();
        int outputs = @case.Widths[^1];
        Tensor x = builder.Input("x", new Shape(@case.Batch, @case.Widths[0]));
        Tensor y = builder.Input("y", @case.Classifies ? new Shape(@case.Batch) : new Shape(@case.Batch, outputs));
        IReadOnlyList<Tensor> weights = builder.Views(network.Layout, _parameters);
        Tensor output = network.Trace(x, weights);
        Tensor loss = @case.Classifies ? new CrossEntropy().Trace(output, y) : Functions.Mean(Functions.Square(output - y));
        builder.Output("loss", loss);
        builder.Gradient(loss, weights, network.Layout, _gradient);
        Program = builder.Build();
        Updater = Optimizers.Adam(1e-3).Compile(network.Layout, _parameters, _gradient);
        _startCounters = Updater.Counters;

        RandomStream numbers = RandomStream.Of(1, "train-step");
        numbers.FillNormal(Program["x"], 0f, 1f);
        if (@case.Classifies)
        {
            foreach (ref float label in Program["y"])
            {
                label = numbers.NextInt32(outputs);
            }
        }
        else
        {
            numbers.FillNormal(Program["y"], 0f, 1f);
        }
    }

    /// <summary>Loss and gradient.</summary>
    public Program<float> Program { get; }

    /// <summary>Adam.</summary>
    public Updater<float> Updater { get; }

    /// <summary>Back to the first step.</summary>
    /// <remarks>Trained on one batch for thousands of steps, the loss reaches zero and means fade to subnormal numbers, whose arithmetic is slow.</remarks>
    public void Reset()
    {
        _start.Span.CopyTo(_parameters.Span);
        foreach (FlatVector<float> state in Updater.State.Select(s => s.Value))
        {
            state.Span.Clear();
        }

        Updater.Restore(_startCounters);
    }

    public void Run()
    {
        Program.Run();
        if (!Updater.Step().Applied)
        {
            throw new InvalidOperationException("A step was skipped. Its time means nothing.");
        }
    }

    /// <summary>Whether training did something sensible: finite numbers, parameters that moved.</summary>
    public void Check()
    {
        Sink.CheckFinite(Program["loss"], "the loss");
        Sink.CheckFinite(_gradient.Span, "the gradient");
        Sink.CheckFinite(_parameters.Span, "the parameters");
        if (_parameters.Span.SequenceEqual(_start.Span))
        {
            throw new InvalidOperationException("The parameters did not move.");
        }
    }
}
