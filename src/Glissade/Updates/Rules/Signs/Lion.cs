using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>The sign of a mean of updates that weighs the newest more than the mean it keeps does.</summary>
/// <remarks>
/// u = sign(β₁m + (1−β₁)u), then m ← β₂m + (1−β₂)u of the incoming update. Every element moves by the learning rate, so that wants to be
/// 3 to 10 times smaller than Adam's, and a decay after it as much larger.
/// Chen et al. (2023), Symbolic Discovery of Optimization Algorithms.
/// </remarks>
/// <param name="Beta1">β₁ in [0, 1).</param>
/// <param name="Beta2">β₂ in [0, 1).</param>
public sealed record Lion(Schedule Beta1, Schedule Beta2) : UpdateRule
{
    /// <summary>β₁ in [0, 1): weight of the kept mean in the step.</summary>
    public Schedule Beta1 { get; } = Hyperparameter.Decay(Beta1);

    /// <summary>β₂ in [0, 1): decay of the kept mean.</summary>
    public Schedule Beta2 { get; } = Hyperparameter.Decay(Beta2);

    /// <inheritdoc/>
    public override string Name => "lion";

    /// <inheritdoc/>
    public override string Formula => "u′ = sign(β₁m + (1−β₁)u), m ← β₂m + (1−β₂)u";

    /// <summary>The rule as a link of a chain.</summary>
    /// <param name="beta1">β₁ in [0, 1); 0.9 by default.</param>
    /// <param name="beta2">β₂ in [0, 1); 0.99 by default.</param>
    public static Lion Scaling(Schedule? beta1 = null, Schedule? beta2 = null) => new(beta1 ?? 0.9, beta2 ?? 0.99);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        Tensor direction = update;
        scope.State("first-moment", previous =>
        {
            direction = Functions.Sign(Functions.Blend(update, previous, scope.Scalar(Beta1)));
            return Functions.Blend(update, previous, scope.Scalar(Beta2));
        });
        return direction;
    }
}
