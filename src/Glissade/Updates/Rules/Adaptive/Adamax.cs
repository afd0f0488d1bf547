using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Adam's preconditioning with a decaying maximum in place of the root of the second moment.</summary>
/// <remarks>
/// m ← β₁m + (1−β₁)u, n ← max(β₂n, |u| + ε), u = m̂/n. The paper has no ε; it stands here where PyTorch has it.
/// Kingma and Ba (2015), Adam: A Method for Stochastic Optimization, section 7.1.
/// </remarks>
/// <param name="Beta1">β₁ in [0, 1).</param>
/// <param name="Beta2">β₂ in [0, 1).</param>
/// <param name="Epsilon">ε, above 0.</param>
public sealed record Adamax(Schedule Beta1, Schedule Beta2, double Epsilon = 1e-8) : UpdateRule
{
    /// <summary>β₁ in [0, 1).</summary>
    public Schedule Beta1 { get; } = Hyperparameter.Decay(Beta1);

    /// <summary>β₂ in [0, 1).</summary>
    public Schedule Beta2 { get; } = Hyperparameter.Decay(Beta2);

    /// <summary>ε, above 0: a parameter whose gradient was always 0 would divide 0 by 0.</summary>
    public double Epsilon { get; } = Hyperparameter.Positive(Epsilon);

    /// <inheritdoc/>
    public override string Name => "adamax";

    /// <inheritdoc/>
    public override string Formula => "m ← β₁m + (1−β₁)u, n ← max(β₂n, |u| + ε), u = m̂/n";

    /// <summary>The preconditioning as a link of a chain.</summary>
    /// <param name="beta1">β₁ in [0, 1); 0.9 by default.</param>
    /// <param name="beta2">β₂ in [0, 1); 0.999 by default.</param>
    /// <param name="epsilon">ε, above 0, 1e-8 by default.</param>
    public static Adamax Scaling(Schedule? beta1 = null, Schedule? beta2 = null, double epsilon = 1e-8) => new(beta1 ?? 0.9, beta2 ?? 0.999, epsilon);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        Tensor m = scope.RunningMean("first-moment", update, Beta1);
        Tensor n = scope.State("maximum", previous => Functions.Maximum(scope.Scalar(Beta2) * previous, Functions.Abs(update) + Epsilon));
        return scope.Debias(m, Beta1) / n;
    }
}
