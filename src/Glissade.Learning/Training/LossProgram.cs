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
    private readonly bool _hasStates;

    /// <summary>Compiles the loss, and its gradient if there is a vector for it.</summary>
    /// <param name="network">The network.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="batch">Examples of a batch.</param>
    /// <param name="parameters">θ.</param>
    /// <param name="states">The states of layers.</param>
    /// <param name="gradient">Where the gradient is written; null for none.</param>
    /// <param name="nextStates">Where the states after the batch are written by <see cref="FollowStates"/>; there must be one where there is one for the gradient.</param>
    /// <param name="format">The format to which parameters and outputs of layers are rounded; null for none.</param>
    /// <param name="isScaled">Whether the gradient is that of the loss times <see cref="Scale"/>.</param>
    public LossProgram(
        BuiltNetwork network,
        Loss loss,
        int batch,
        FlatVector<float> parameters,
        FlatVector<float> states,
        MeasuredGradient<float>? gradient = null,
        FlatVector<float>? nextStates = null,
        StorageFormat? format = null,
        bool isScaled = false)
    {
        var builder = new ProgramBuilder<float>();
        Tensor x = builder.Input("x", new Shape([batch, .. network.InputShape.Lengths]));
        Tensor y = builder.Input("y", new Shape(batch));
        IReadOnlyList<Tensor> weights = builder.Views(network.Layout, parameters);
        IReadOnlyList<Tensor> before = builder.Views(network.StateLayout, states);
        NetworkPass pass = gradient is null ? NetworkPass.Evaluation(before) : NetworkPass.Training(before);
        Tensor output = RoundedNetwork.Trace(network, x, weights, pass, format);
        Tensor value = loss.Trace(output, y);
        builder.Output("loss", value);
        if (gradient is null)
        {
            builder.Output("output", output);
        }
        else
        {
            if (isScaled)
            {
                // Its length would be that of the scaled gradient.
                builder.Gradient(value * builder.Input("scale", Shape.Scalar), weights, network.Layout, gradient.Vector);
            }
            else
            {
                builder.Gradient(value, weights, network.Layout, gradient);
            }

            for (int i = 0; i < before.Count; i++)
            {
                builder.Output(pass.States[i], nextStates!, network.StateLayout.Entries[i].Offset, stage: 1);
            }

            _hasStates = before.Count > 0;
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
        Program.RunStage(0);
        return _loss[0];
    }

    /// <summary>Writes the states after the batch; the loss must have been computed of it just before.</summary>
    public void FollowStates()
    {
        if (_hasStates)
        {
            Program.RunStage(1);
        }
    }
}
