using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Takes the gradient at the worst point nearby, so that flat minima are preferred to sharp ones.</summary>
/// <remarks>
/// The gradient of a step is that at θ + ρg/‖g‖₂, with g the gradient at θ; the update passes unchanged. Two gradients a step.
/// Where g is zero the point is θ. The norm is over all parameters, or over those the rule is for.
/// Foret, Kleiner, Mobahi and Neyshabur (2021), Sharpness-Aware Minimization for Efficiently Improving Generalization.
/// </remarks>
/// <param name="Radius">ρ, 0 or more; 0.05 in the paper.</param>
public sealed record SharpnessAware(Schedule Radius) : UpdateRule
{
    /// <summary>ρ, 0 or more.</summary>
    public Schedule Radius { get; } = Hyperparameter.NotNegative(Radius);

    /// <inheritdoc/>
    public override string Name => "sharpness-aware";

    /// <inheritdoc/>
    public override string Formula => "g taken at θ + ρg/‖g‖₂";

    /// <inheritdoc/>
    public override GradientPlace GradientPlace => GradientPlace.AlongGradient;

    /// <summary>Sharpness-aware minimisation as a link of a chain.</summary>
    /// <param name="radius">ρ, 0 or more; 0.05 by default.</param>
    public static SharpnessAware Of(Schedule? radius = null) => new(radius ?? 0.05);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        scope.ReportHyperparameter(Radius);
        return update;
    }

    /// <inheritdoc/>
    protected internal override Tensor TraceGradientPoint(Tensor gradient, GradientPointScope scope)
    {
        // Scaled by the greatest element first: the square of a long gradient would overflow.
        Tensor greatest = Functions.Max(Functions.Abs(gradient));
        Tensor direction = gradient / greatest;
        Tensor step = scope.Scalar(Radius) / Functions.Norm(direction) * direction;
        return scope.Parameters + Functions.Select(Functions.Greater(greatest, 0), step, 0);
    }
}
