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

    /// <summary>Compiles the loss, and its gradient if there is a vector for it.</summary>
    public LossProgram(BuiltNetwork network, Loss loss, int batch, FlatVector<float> parameters, FlatVector<float>? gradient)
    {
        var builder = new ProgramBuilder<float>();
        Tensor x = builder.Input("x", new Shape([batch, .. network.InputShape.Lengths]));
        Tensor y = builder.Input("y", new Shape(batch));
        IReadOnlyList<Tensor> weights = builder.Views(network.Layout, parameters);
        Tensor output = network.Trace(x, weights);
        Tensor value = loss.Trace(output, y);
        builder.Output("loss", value);
        if (gradient is null)
        {
            builder.Output("output", output);
        }
        else
        {
            builder.Gradient(value, weights, network.Layout, gradient);
        }

        Program = builder.Build();
        (_x, _y, _loss) = (Program.Buffer("x"), Program.Buffer("y"), Program.Buffer("loss"));
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
