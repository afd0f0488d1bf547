using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Adam's preconditioning, a running mean of updates over the root of a running mean of their squares, as a link of a chain.</summary>
public static class Adam
{
    /// <summary>The preconditioning alone; see <see cref="AdamScaling"/>.</summary>
    /// <param name="beta1">β₁ in [0, 1); 0.9 by default.</param>
    /// <param name="beta2">β₂ in [0, 1); 0.999 by default.</param>
    /// <param name="epsilon">ε, 1e-8 by default.</param>
    public static AdamScaling Scaling(Schedule? beta1 = null, Schedule? beta2 = null, double epsilon = 1e-8) => new(beta1 ?? 0.9, beta2 ?? 0.999, epsilon);
}

/// <summary>A running mean of updates over the root of a running mean of their squares.</summary>
/// <remarks>
/// m ← β₁m + (1−β₁)u, v ← β₂v + (1−β₂)u², u = (m/(1−β₁ᵗ)) / (√(v/(1−β₂ᵗ)) + ε).
/// Kingma and Ba (2015), Adam: A Method for Stochastic Optimization.
/// </remarks>
/// <param name="Beta1">β₁ in [0, 1).</param>
/// <param name="Beta2">β₂ in [0, 1).</param>
/// <param name="Epsilon">ε.</param>
public sealed record AdamScaling(Schedule Beta1, Schedule Beta2, double Epsilon = 1e-8) : UpdateRule
{
    /// <summary>β₁ in [0, 1).</summary>
    public Schedule Beta1 { get; } = Hyperparameter.Decay(Beta1);

    /// <summary>β₂ in [0, 1).</summary>
    public Schedule Beta2 { get; } = Hyperparameter.Decay(Beta2);

    /// <summary>ε, 0 or more.</summary>
    public double Epsilon { get; } = Hyperparameter.NotNegative(Epsilon);

    /// <inheritdoc/>
    public override string Name => "adam";

    /// <inheritdoc/>
    public override string Formula => "m ← β₁m + (1−β₁)u, v ← β₂v + (1−β₂)u², u = m̂/(√v̂ + ε)";

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        Tensor m = scope.RunningMean("first-moment", update, Beta1);
        Tensor v = scope.RunningMean("second-moment", Functions.Square(update), Beta2);
        return scope.Debias(m, Beta1) / (Functions.Sqrt(scope.Debias(v, Beta2)) + Epsilon);
    }
}
