using Glissade.Differentiation;
using Glissade.Learning.Data;

namespace Glissade.Learning.Losses;

/// <summary>The mean of squared differences.</summary>
/// <remarks>(ŷ − y)², averaged over the batch.</remarks>
public sealed record SquaredError : Loss
{
    /// <inheritdoc/>
    public override string Name => "squared-error";

    /// <inheritdoc/>
    public override string Formula => "(ŷ − y)²";

    /// <inheritdoc/>
    public override TargetKind Targets => TargetKind.Regression;

    /// <inheritdoc/>
    public override Tensor Trace(Tensor output, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(output);
        return Functions.Mean(Functions.Square(Functions.Reshape(output, new Numerics.Shape(output.Shape[0])) - target));
    }
}
