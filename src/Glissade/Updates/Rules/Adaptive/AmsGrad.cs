using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Adam's preconditioning with the largest second moment seen so far, so that a step size never grows again.</summary>
/// <remarks>
/// m ← β₁m + (1−β₁)u, v ← β₂v + (1−β₂)u², w ← max(w, v), u = m̂/(√(w/(1−β₂ᵗ)) + ε): the maximum is taken before the bias is removed.
/// Reddi, Kale and Kumar (2018), On the Convergence of Adam and Beyond.
/// </remarks>
/// <param name="Beta1">β₁ in [0, 1).</param>
/// <param name="Beta2">β₂ in [0, 1).</param>
/// <param name="Epsilon">ε.</param>
public sealed record AmsGrad(Schedule Beta1, Schedule Beta2, double Epsilon = 1e-8) : UpdateRule
{
    /// <summary>β₁ in [0, 1).</summary>
    public Schedule Beta1 { get; } = Hyperparameter.Decay(Beta1);

    /// <summary>β₂ in [0, 1).</summary>
    public Schedule Beta2 { get; } = Hyperparameter.Decay(Beta2);

    /// <summary>ε, 0 or more.</summary>
    public double Epsilon { get; } = Hyperparameter.NotNegative(Epsilon);

    /// <inheritdoc/>
    public override string Name => "amsgrad";

    /// <inheritdoc/>
    public override string Formula => "m ← β₁m + (1−β₁)u, v ← β₂v + (1−β₂)u², w ← max(w, v), u = m̂/(√ŵ + ε)";

    /// <summary>The preconditioning as a link of a chain.</summary>
    /// <param name="beta1">β₁ in [0, 1); 0.9 by default.</param>
    /// <param name="beta2">β₂ in [0, 1); 0.999 by default.</param>
    /// <param name="epsilon">ε, 1e-8 by default.</param>
    public static AmsGrad Scaling(Schedule? beta1 = null, Schedule? beta2 = null, double epsilon = 1e-8) => new(beta1 ?? 0.9, beta2 ?? 0.999, epsilon);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        Tensor m = scope.RunningMean("first-moment", update, Beta1);
        Tensor v = scope.RunningMean("second-moment", Functions.Square(update), Beta2);
        Tensor w = scope.State("largest-second-moment", previous => Functions.Maximum(previous, v));
        return scope.Debias(m, Beta1) / (Functions.Sqrt(scope.Debias(w, Beta2)) + Epsilon);
    }
}
