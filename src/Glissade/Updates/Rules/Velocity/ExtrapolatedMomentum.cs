using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Nesterov's momentum as he wrote it: the gradient is taken where the velocity alone would lead.</summary>
/// <remarks>
/// The gradient of a step is that at θ − ρs; s ← ρs + u, and the update becomes s. It stands after the learning rate, which is inside the velocity.
/// <see cref="NesterovMomentum"/> follows the extrapolated points themselves: with a constant ρ and rate, θ there is θ − ρs here, step for step.
/// Nesterov (1983), A Method of Solving a Convex Programming Problem with Convergence Rate O(1/k²);
/// Sutskever, Martens, Dahl and Hinton (2013), On the Importance of Initialization and Momentum in Deep Learning.
/// </remarks>
/// <param name="Coefficient">ρ in [0, 1).</param>
public sealed record ExtrapolatedMomentum(Schedule Coefficient) : UpdateRule
{
    /// <summary>ρ in [0, 1).</summary>
    public Schedule Coefficient { get; } = Hyperparameter.Decay(Coefficient);

    /// <inheritdoc/>
    public override string Name => "extrapolated-momentum";

    /// <inheritdoc/>
    public override string Formula => "g taken at θ − ρs; s ← ρs + u, u = s";

    /// <inheritdoc/>
    public override GradientPlace GradientPlace => GradientPlace.Ahead;

    /// <summary>Nesterov's momentum with the gradient at the extrapolated point, as a link after the learning rate.</summary>
    /// <param name="coefficient">ρ in [0, 1).</param>
    public static ExtrapolatedMomentum Of(Schedule coefficient) => new(coefficient);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope) =>
        scope.State("velocity", previous => (scope.Scalar(Coefficient) * previous) + update);

    /// <inheritdoc/>
    protected internal override Tensor TraceGradientPoint(Tensor gradient, GradientPointScope scope) =>
        scope.Parameters - (scope.Scalar(Coefficient) * scope.State("velocity"));
}
