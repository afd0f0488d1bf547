using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Nesterov's look ahead made of the difference of two gradients, preconditioned by its own second moment.</summary>
/// <remarks>
/// d = u − u′ with the update before, 0 in the first step; m ← β₁m + (1−β₁)u, v ← β₂v + (1−β₂)d, n ← β₃n + (1−β₃)(u + β₂d)²,
/// u = (m̂ + β₂v̂)/(√n̂ + ε). Xie, Zhou, Li, Lin and Yan (2022), Adan: Adaptive Nesterov Momentum Algorithm for Faster Optimizing Deep Models.
/// The paper's coefficients are one minus these, and its box begins the means at the first gradient; here they begin at 0 and their bias is removed.
/// </remarks>
/// <param name="Beta1">β₁ in [0, 1).</param>
/// <param name="Beta2">β₂ in [0, 1).</param>
/// <param name="Beta3">β₃ in [0, 1).</param>
/// <param name="Epsilon">ε.</param>
public sealed record Adan(Schedule Beta1, Schedule Beta2, Schedule Beta3, double Epsilon = 1e-8) : UpdateRule
{
    /// <summary>β₁ in [0, 1).</summary>
    public Schedule Beta1 { get; } = Hyperparameter.Decay(Beta1);

    /// <summary>β₂ in [0, 1).</summary>
    public Schedule Beta2 { get; } = Hyperparameter.Decay(Beta2);

    /// <summary>β₃ in [0, 1).</summary>
    public Schedule Beta3 { get; } = Hyperparameter.Decay(Beta3);

    /// <summary>ε, 0 or more.</summary>
    public double Epsilon { get; } = Hyperparameter.NotNegative(Epsilon);

    /// <inheritdoc/>
    public override string Name => "adan";

    /// <inheritdoc/>
    public override string Formula => "d = u − u′, m ← β₁m + (1−β₁)u, v ← β₂v + (1−β₂)d, n ← β₃n + (1−β₃)(u + β₂d)², u = (m̂ + β₂v̂)/(√n̂ + ε)";

    /// <summary>The preconditioning as a link of a chain.</summary>
    /// <param name="beta1">β₁ in [0, 1); 0.98 by default.</param>
    /// <param name="beta2">β₂ in [0, 1); 0.92 by default.</param>
    /// <param name="beta3">β₃ in [0, 1); 0.99 by default.</param>
    /// <param name="epsilon">ε, 1e-8 by default.</param>
    public static Adan Scaling(Schedule? beta1 = null, Schedule? beta2 = null, Schedule? beta3 = null, double epsilon = 1e-8) =>
        new(beta1 ?? 0.98, beta2 ?? 0.92, beta3 ?? 0.99, epsilon);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        Tensor difference = update;
        scope.State("previous-update", previous =>
        {
            difference = Functions.Select(scope.IsFirstStep, scope.Constant(0), update - previous);
            return update;
        });
        Tensor m = scope.RunningMean("first-moment", update, Beta1);
        Tensor beta2 = scope.Scalar(Beta2);
        Tensor v = scope.RunningMean("difference", difference, Beta2);
        Tensor n = scope.RunningMean("second-moment", Functions.Square(update + (beta2 * difference)), Beta3);
        return (scope.Debias(m, Beta1) + (beta2 * scope.Debias(v, Beta2))) / (Functions.Sqrt(scope.Debias(n, Beta3)) + Epsilon);
    }
}
