using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Adam whose step size is an estimate of the distance from the start to the solution, which only grows.</summary>
/// <remarks>
/// m ← β₁m + (1−β₁)du, v ← β₂v + (1−β₂)d²u², r ← √β₂r + (1−√β₂)γd²⟨u, θ₀ − θ⟩, s ← √β₂s + (1−√β₂)γd²u, d′ = max(d, r/‖s‖₁) for the next step,
/// γdm/(√v + dε). The rate γ stands in the rule, as the estimate depends on it; no learning rate follows in the chain. The rule begins at θ as it is before the
/// first applied step. The outcome's learning rate is γ without d, which is the state <c>distance</c>. Without correction of bias, as in the source's Algorithm 4.
/// Mishchenko and Defazio (2024), Prodigy: An Expeditiously Adaptive Parameter-Free Learner.
/// </remarks>
/// <param name="Rate">γ, 1 by default.</param>
/// <param name="Beta1">β₁ in [0, 1), 0.9 by default.</param>
/// <param name="Beta2">β₂ in [0, 1), 0.999 by default.</param>
/// <param name="Start">d₀, 1e-6 by default: much less than the distance.</param>
/// <param name="Epsilon">ε, 1e-8 by default.</param>
public sealed record Prodigy(Schedule Rate, Schedule Beta1, Schedule Beta2, double Start = 1e-6, double Epsilon = 1e-8) : UpdateRule
{
    /// <summary>γ, 0 or more.</summary>
    public Schedule Rate { get; } = Hyperparameter.NotNegative(Rate);

    /// <summary>β₁ in [0, 1).</summary>
    public Schedule Beta1 { get; } = Hyperparameter.Decay(Beta1);

    /// <summary>β₂ in [0, 1).</summary>
    public Schedule Beta2 { get; } = Hyperparameter.Decay(Beta2);

    /// <summary>d₀, above 0.</summary>
    public double Start { get; } = Hyperparameter.Positive(Start);

    /// <summary>ε, above 0: an element whose update was always 0 stays where it is.</summary>
    public double Epsilon { get; } = Hyperparameter.Positive(Epsilon);

    /// <inheritdoc/>
    public override string Name => "prodigy";

    /// <inheritdoc/>
    public override string Formula => "d ← max(d, r/‖s‖₁), r ← √β₂r + (1−√β₂)γd²⟨u, θ₀−θ⟩, s ← √β₂s + (1−√β₂)γd²u, γdm/(√v + dε) with Adam's m of du, v of d²u²";

    /// <summary>The rule as a link of a chain.</summary>
    /// <param name="rate">γ; 1 by default.</param>
    /// <param name="beta1">β₁ in [0, 1); 0.9 by default.</param>
    /// <param name="beta2">β₂ in [0, 1); 0.999 by default.</param>
    /// <param name="start">d₀, 1e-6 by default.</param>
    /// <param name="epsilon">ε, 1e-8 by default.</param>
    public static Prodigy Scaling(Schedule? rate = null, Schedule? beta1 = null, Schedule? beta2 = null, double start = 1e-6, double epsilon = 1e-8) =>
        new(rate ?? 1.0, beta1 ?? 0.9, beta2 ?? 0.999, start, epsilon);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        Tensor rate = scope.LearningRate(Rate), beta1 = scope.Scalar(Beta1), beta2 = scope.Scalar(Beta2), beta3 = scope.Scalar("root of beta2", step => Math.Sqrt(Beta2.At(step)));
        Tensor result = update;
        scope.State("distance", Shape.Scalar, d =>
        {
            Tensor scaled = d * update;
            Tensor m = scope.State("first-moment", previous => Functions.Blend(scaled, previous, beta1));
            Tensor v = scope.State("second-moment", previous => Functions.Blend(Functions.Square(scaled), previous, beta2));
            Tensor start = scope.StateFromParameters("start", previous => previous);
            Tensor progress = Functions.Dot(update, start - scope.Parameters);
            Tensor r = scope.State("numerator", Shape.Scalar, previous => Functions.Blend(rate * d * d * progress, previous, beta3));
            Tensor s = scope.State("weighted-sum", previous => Functions.Blend(rate * d * scaled, previous, beta3));
            result = rate * d * m / (Functions.Sqrt(v) + (d * Epsilon));
            return DAdaptation.Grown(d, r, Functions.Sum(Functions.Abs(s)));
        }, Start);
        return result;
    }
}
