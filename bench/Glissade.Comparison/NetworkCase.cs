using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Learning.Losses;
using Glissade.Learning.Networks;
using Glissade.Numerics;

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

/// <summary>The training step of a network of dense layers.</summary>
internal sealed class NetworkStep : TrainingStep
{
    public NetworkStep(NetworkCase @case)
        : this(@case, @case.Network().Build(new Shape(@case.Widths[0])))
    {
    }

    private NetworkStep(NetworkCase @case, BuiltNetwork network)
        : base(network.Layout, network.Initialize(seed: 0), (builder, weights) => Loss(@case, network, builder, weights))
    {
        RandomStream numbers = RandomStream.Of(1, "train-step");
        numbers.FillNormal(Program["x"], 0f, 1f);
        if (@case.Classifies)
        {
            FillClasses(Program["y"], @case.Widths[^1], numbers);
        }
        else
        {
            numbers.FillNormal(Program["y"], 0f, 1f);
        }
    }

    private static Tensor Loss(NetworkCase @case, BuiltNetwork network, ProgramBuilder<float> builder, IReadOnlyList<Tensor> weights)
    {
        Tensor x = builder.Input("x", new Shape(@case.Batch, @case.Widths[0]));
        Tensor y = builder.Input("y", @case.Classifies ? new Shape(@case.Batch) : new Shape(@case.Batch, @case.Widths[^1]));
        Tensor output = network.Trace(x, weights);
        return @case.Classifies ? new CrossEntropy().Trace(output, y) : Functions.Mean(Functions.Square(output - y));
    }
}
