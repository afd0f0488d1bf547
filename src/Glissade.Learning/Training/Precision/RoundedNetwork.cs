using Glissade.Differentiation;
using Glissade.Learning.Networks;

namespace Glissade.Learning.Training;

/// <summary>A network traced with everything that its layers give, and the parameters as they read them, rounded to a format of 16 bits.</summary>
/// <remarks>
/// The gradient passes by the rounding of parameters as it is, so it arrives at the float parameters as the float sums of the products; adjoints of
/// what layers give are rounded as these are. The last layer's output is rounded too, and the loss computed of it in float.
/// </remarks>
internal static class RoundedNetwork
{
    /// <summary>The format of a precision; null for floats.</summary>
    public static StorageFormat? FormatOf(TrainingPrecision precision) => precision switch
    {
        TrainingPrecision.BFloat16 => StorageFormat.BFloat16,
        TrainingPrecision.Half => StorageFormat.Half,
        _ => null,
    };

    /// <summary>The output for a batch.</summary>
    public static Tensor Trace(BuiltNetwork network, Tensor x, IReadOnlyList<Tensor> parameters, NetworkPass pass, StorageFormat? format)
    {
        if (format is not { } known)
        {
            return network.Trace(x, parameters, pass);
        }

        // A row of biases is added to float sums and is as small as it is: it need not be rounded.
        Tensor[] read = [.. parameters.Select(p => p.Shape.Rank >= 2 ? Functions.RoundTo(p, known, roundAdjoint: false) : p)];

        // A rectifier gives numbers that it was given.
        return network.Trace(Functions.RoundTo(x, known), read, pass, (layer, output) => layer is Relu ? output : Functions.RoundTo(output, known));
    }
}
