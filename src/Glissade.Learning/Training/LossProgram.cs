using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Learning.Losses;
using Glissade.Learning.Networks;
using Glissade.Numerics;

namespace Glissade.Learning.Training;

/// <summary>A network and its loss compiled for one batch size: with the gradient for training, with the outputs for evaluation.</summary>
internal sealed class LossProgram
{
    private readonly FlatVector<float> _x, _y, _loss;
    private readonly FlatVector<float>? _scale;

    /// <summary>Compiles the loss, and its gradient if there is a vector for it.</summary>
    /// <param name="network">The network.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="batch">Examples of a batch.</param>
    /// <param name="parameters">θ.</param>
    /// <param name="gradient">Where the gradient is written; null for none.</param>
    /// <param name="format">The format to which parameters and outputs of layers are rounded; null for none.</param>
    /// <param name="isScaled">Whether the gradient is that of the loss times <see cref="Scale"/>.</param>
    public LossProgram(
        BuiltNetwork network, Loss loss, int batch, FlatVector<float> parameters, FlatVector<float>? gradient, StorageFormat? format = null, bool isScaled = false)
    {
        var builder = new ProgramBuilder<float>();
        Tensor x = builder.Input("x", new Shape([batch, .. network.InputShape.Lengths]));
        Tensor y = builder.Input("y", new Shape(batch));
        IReadOnlyList<Tensor> weights = builder.Views(network.Layout, parameters);
        Tensor output = RoundedNetwork.Trace(network, x, weights, format);
        Tensor value = loss.Trace(output, y);
        builder.Output("loss", value);
        if (gradient is null)
        {
            builder.Output("output", output);
        }
        else
        {
            builder.Gradient(isScaled ? value * builder.Input("scale", Shape.Scalar) : value, weights, network.Layout, gradient);
        }

        Program = builder.Build();
        (_x, _y, _loss) = (Program.Buffer("x"), Program.Buffer("y"), Program.Buffer("loss"));
        _scale = isScaled ? Program.Buffer("scale") : null;
    }

    /// <summary>The factor of the loss of which the gradient is taken.</summary>
    public double Scale
    {
        set => _scale![0] = (float)value;
    }

    public Program<float> Program { get; }

    public Span<float> X => _x.Span;

    public Span<float> Y => _y.Span;

    /// <summary>The mean loss of the batch in the buffers.</summary>
    public double Run()
    {
        Program.Run();
        return _loss[0];
    }
}
