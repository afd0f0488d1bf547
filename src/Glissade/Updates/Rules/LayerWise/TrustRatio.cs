using Glissade.Differentiation;

namespace Glissade.Updates;

/// <summary>LAMB's scaling: gives the update of each parameter the length of the parameter.</summary>
/// <remarks>
/// uₗ ← uₗ·‖θₗ‖/‖uₗ‖ for each parameter l, and uₗ where either norm is 0. Behind Adam's preconditioning and decoupled decay, and before the learning rate, it makes
/// LAMB with φ(z) = z. You, Li, Reddi, Hseu, Kumar, Bhojanapalli, Song, Demmel, Keutzer and Hsieh (2020), Large Batch Optimization for Deep Learning: Training
/// BERT in 76 Minutes.
/// </remarks>
public sealed record TrustRatio : LayerWiseRule
{
    /// <inheritdoc/>
    public override string Name => "trust-ratio";

    /// <inheritdoc/>
    public override string Formula => "uₗ·‖θₗ‖/‖uₗ‖ for each parameter l";

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, ParameterScope parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        Tensor weight = parameter.Norm(parameter.Value), length = parameter.Norm(update);
        Tensor isDefined = Functions.Greater(Functions.Minimum(weight, length), 0);
        return update * Functions.Select(isDefined, weight / length, 1);
    }
}
