using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Layer-wise adaptive rate scaling: makes the update of each parameter a share of the parameter's own length.</summary>
/// <remarks>
/// uₗ ← τ·‖θₗ‖/(‖uₗ‖ + β‖θₗ‖ + ε)·(uₗ + βθₗ) for each parameter l, with the ratio 1 where ‖θₗ‖ or ‖uₗ‖ is 0, of which the source says nothing.
/// The weight decay β belongs to the rule; rate and momentum follow in the chain, in this order as in the source.
/// You, Gitman and Ginsburg (2017), Large Batch Training of Convolutional Networks.
/// </remarks>
/// <param name="Trust">τ, 0.001 by default.</param>
/// <param name="Decay">β, 0 by default.</param>
/// <param name="Epsilon">ε, 0 by default as in the source.</param>
public sealed record Lars(Schedule Trust, Schedule Decay, double Epsilon = 0) : LayerWiseRule
{
    /// <summary>τ, 0 or more.</summary>
    public Schedule Trust { get; } = Hyperparameter.NotNegative(Trust);

    /// <summary>β, 0 or more.</summary>
    public Schedule Decay { get; } = Hyperparameter.NotNegative(Decay);

    /// <summary>ε, 0 or more.</summary>
    public double Epsilon { get; } = Hyperparameter.NotNegative(Epsilon);

    /// <inheritdoc/>
    public override string Name => "lars";

    /// <inheritdoc/>
    public override string Formula => "uₗ = τ‖θₗ‖/(‖uₗ‖ + β‖θₗ‖)·(uₗ + βθₗ) for each parameter l";

    /// <summary>The scaling as a link of a chain.</summary>
    /// <param name="trust">τ; 0.001 by default.</param>
    /// <param name="decay">β; 0 by default.</param>
    /// <param name="epsilon">ε, 0 by default.</param>
    public static Lars Scaling(Schedule? trust = null, Schedule? decay = null, double epsilon = 0) => new(trust ?? 0.001, decay ?? 0.0, epsilon);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, ParameterScope parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        Tensor decay = parameter.Scalar(Decay), weight = parameter.Norm(parameter.Value), length = parameter.Norm(update);
        Tensor ratio = parameter.Scalar(Trust) * weight / (length + (decay * weight) + Epsilon);
        return (update + (decay * parameter.Value)) * Functions.Select(Functions.Greater(Functions.Minimum(weight, length), 0), ratio, 1);
    }
}
