using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Adam with Nesterov's look ahead, its momentum warmed up.</summary>
/// <remarks>
/// μₜ = β₁(1 − ½·0.96^(ψt)), m ← β₁m + (1−β₁)u, v ← β₂v + (1−β₂)u²,
/// u = [(1−μₜ)/(1−Πₛ≤ₜ μₛ)·u + μₜ₊₁/(1−Πₛ≤ₜ₊₁ μₛ)·m] / (√v̂ + ε), t counted from 1.
/// Dozat (2016), Incorporating Nesterov Momentum into Adam; m decays by β₁ and not by μₜ, as in PyTorch.
/// PyTorch up to 1.13 took μₜ twice into the second product, against the paper and against its later versions; <see cref="CountsMomentumTwice"/> does the same.
/// </remarks>
/// <param name="Beta1">β₁ in [0, 1).</param>
/// <param name="Beta2">β₂ in [0, 1).</param>
/// <param name="MomentumDecay">ψ, 0 or more.</param>
/// <param name="Epsilon">ε.</param>
/// <param name="CountsMomentumTwice">Whether μₜ stands twice in the second product, as in PyTorch up to 1.13; false by default.</param>
public sealed record NAdam(Schedule Beta1, Schedule Beta2, Schedule MomentumDecay, double Epsilon = 1e-8, bool CountsMomentumTwice = false) : UpdateRule
{
    /// <summary>β₁ in [0, 1).</summary>
    public Schedule Beta1 { get; } = Hyperparameter.Decay(Beta1);

    /// <summary>β₂ in [0, 1).</summary>
    public Schedule Beta2 { get; } = Hyperparameter.Decay(Beta2);

    /// <summary>ψ, 0 or more: how fast the momentum is warmed up; 0 leaves it at β₁/2.</summary>
    public Schedule MomentumDecay { get; } = Hyperparameter.NotNegative(MomentumDecay);

    /// <summary>ε, 0 or more.</summary>
    public double Epsilon { get; } = Hyperparameter.NotNegative(Epsilon);

    /// <inheritdoc/>
    public override string Name => "nadam";

    /// <inheritdoc/>
    public override string Formula => "μₜ = β₁(1 − ½·0.96^(ψt)), u = [(1−μₜ)/(1−Πμₜ)·u + μₜ₊₁/(1−Πμₜ₊₁)·m]/(√v̂ + ε)";

    /// <summary>The preconditioning as a link of a chain.</summary>
    /// <param name="beta1">β₁ in [0, 1); 0.9 by default.</param>
    /// <param name="beta2">β₂ in [0, 1); 0.999 by default.</param>
    /// <param name="momentumDecay">ψ, 0 or more; 4e-3 by default.</param>
    /// <param name="epsilon">ε, 1e-8 by default.</param>
    /// <param name="countsMomentumTwice">As PyTorch up to 1.13; false by default.</param>
    public static NAdam Scaling(Schedule? beta1 = null, Schedule? beta2 = null, Schedule? momentumDecay = null, double epsilon = 1e-8, bool countsMomentumTwice = false) =>
        new(beta1 ?? 0.9, beta2 ?? 0.999, momentumDecay ?? 4e-3, epsilon, countsMomentumTwice);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        scope.ReportHyperparameter(MomentumDecay);
        Tensor m = scope.RunningMean("first-moment", update, Beta1);
        Tensor v = scope.RunningMean("second-moment", Functions.Square(update), Beta2);
        KeptNumber product = scope.Keep("momentum-product", 1, (step, previous) => previous * Momentum(step));
        Tensor present = scope.Scalar("weight of the update", product, (step, p) => (1 - Momentum(step)) / (1 - p));
        Tensor past = scope.Scalar("weight of the mean", product, (step, p) =>
            Momentum(step + 1) / (1 - (p * (CountsMomentumTwice ? Momentum(step) : 1) * Momentum(step + 1))));
        return ((present * update) + (past * m)) / (Functions.Sqrt(scope.Debias(v, Beta2)) + Epsilon);
    }

    /// <summary>μ of the step that follows so many.</summary>
    private double Momentum(long step) => Beta1.At(step) * (1 - (0.5 * Math.Pow(0.96, (step + 1) * MomentumDecay.At(step))));
}
