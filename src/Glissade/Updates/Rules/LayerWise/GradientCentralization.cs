using Glissade.Differentiation;

namespace Glissade.Updates;

/// <summary>Takes from the update of each unit its mean over the unit's weights; scalars and vectors pass unchanged.</summary>
/// <remarks>
/// uᵢ − mean(uᵢ) for the weights of each unit i, as <see cref="ParameterScope"/> defines units. Stands first in a chain, where the update is the gradient.
/// Yong, Huang, Hua and Zhang (2020), Gradient Centralization: A New Optimization Technique for Deep Neural Networks.
/// </remarks>
public sealed record GradientCentralization : LayerWiseRule
{
    /// <inheritdoc/>
    public override string Name => "gradient-centralization";

    /// <inheritdoc/>
    public override string Formula => "uᵢ − mean(uᵢ) for each unit i of a matrix";

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, ParameterScope parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter.IsMatrix ? update - (parameter.SumByUnit(update) * (1.0 / parameter.FanIn)) : update;
    }
}
