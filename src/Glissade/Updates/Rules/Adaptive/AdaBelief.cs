using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Adam that divides by how far updates stray from their running mean, not by how large they are.</summary>
/// <remarks>
/// m ← β₁m + (1−β₁)u, s ← β₂s + (1−β₂)(u − m)² + ε, u = m̂/(√ŝ + ε).
/// Zhuang et al. (2020), AdaBelief Optimizer: Adapting Stepsizes by the Belief in Observed Gradients.
/// </remarks>
/// <param name="Beta1">β₁ in [0, 1).</param>
/// <param name="Beta2">β₂ in [0, 1).</param>
/// <param name="Epsilon">ε.</param>
public sealed record AdaBelief(Schedule Beta1, Schedule Beta2, double Epsilon = 1e-16) : UpdateRule
{
    /// <summary>β₁ in [0, 1).</summary>
    public Schedule Beta1 { get; } = Hyperparameter.Decay(Beta1);

    /// <summary>β₂ in [0, 1).</summary>
    public Schedule Beta2 { get; } = Hyperparameter.Decay(Beta2);

    /// <summary>ε, above 0: updates that never change stray from their mean by nothing.</summary>
    public double Epsilon { get; } = Hyperparameter.Positive(Epsilon);

    /// <inheritdoc/>
    public override string Name => "adabelief";

    /// <inheritdoc/>
    public override string Formula => "m ← β₁m + (1−β₁)u, s ← β₂s + (1−β₂)(u − m)² + ε, u = m̂/(√ŝ + ε)";

    /// <summary>The preconditioning as a link of a chain.</summary>
    /// <param name="beta1">β₁ in [0, 1); 0.9 by default.</param>
    /// <param name="beta2">β₂ in [0, 1); 0.999 by default.</param>
    /// <param name="epsilon">ε, above 0, 1e-16 by default.</param>
    public static AdaBelief Scaling(Schedule? beta1 = null, Schedule? beta2 = null, double epsilon = 1e-16) => new(beta1 ?? 0.9, beta2 ?? 0.999, epsilon);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        Tensor m = scope.RunningMean("first-moment", update, Beta1);
        Tensor beta2 = scope.Scalar(Beta2);
        Tensor s = scope.State("deviation", previous => Functions.Blend(Functions.Square(update - m), previous, beta2) + Epsilon);
        return scope.Debias(m, Beta1) / (Functions.Sqrt(scope.Debias(s, Beta2)) + Epsilon);
    }
}
