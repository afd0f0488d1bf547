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

    /// <inheritdoc/>
    /// <remarks>(ŷ − y)² is the negative logarithm of the normal density of mean ŷ and variance ½, up to a constant, so y = ŷ + ξ/√2 with ξ standard normal.</remarks>
    public override Tensor? TraceDrawn(Tensor output, Tensor index, ulong seed, string purpose)
    {
        ArgumentNullException.ThrowIfNull(output);
        Tensor noise = Functions.RandomNormal(index, seed, purpose, new Numerics.Shape(output.Shape[0]), standardDeviation: Math.Sqrt(0.5));
        return Trace(output, Functions.StopGradient(Functions.Reshape(output, noise.Shape)) + noise);
    }
}
