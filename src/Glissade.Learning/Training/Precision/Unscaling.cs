using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;

namespace Glissade.Learning.Training;

/// <summary>Divides a gradient by the factor of the loss it belongs to, in place.</summary>
internal sealed class Unscaling
{
    private readonly Program<float> _program;
    private readonly FlatVector<float> _scale;

    public Unscaling(FlatVector<float> gradient)
    {
        var builder = new ProgramBuilder<float>();
        Tensor scaled = builder.View("gradient", new Shape(gradient.Length), gradient, 0);
        builder.Output(scaled / builder.Input("scale", Shape.Scalar), gradient, 0);
        _program = builder.Build();
        _scale = _program.Buffer("scale");
    }

    /// <summary>Divides.</summary>
    public void Divide(double scale)
    {
        _scale[0] = (float)scale;
        _program.Run();
    }
}
