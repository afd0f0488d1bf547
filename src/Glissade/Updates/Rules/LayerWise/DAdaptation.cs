using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Step sizes from an estimate d of the distance between the start and the solution, which only grows, as links of a chain.</summary>
/// <remarks>Defazio and Mishchenko (2023), Learning-Rate-Free Learning by D-Adaptation.</remarks>
public static class DAdaptation
{
    /// <summary>Gradient descent with D-Adaptation; see <see cref="DAdaptedDescent"/>.</summary>
    /// <param name="rate">γ; 1 by default.</param>
    /// <param name="momentum">β in [0, 1); 0.9 by default.</param>
    /// <param name="start">d₀, 1e-6 by default.</param>
    public static DAdaptedDescent Descent(Schedule? rate = null, Schedule? momentum = null, double start = 1e-6) => new(rate ?? 1.0, momentum ?? 0.9, start);

    /// <summary>Adam with D-Adaptation; see <see cref="DAdaptedAdam"/>.</summary>
    /// <param name="rate">γ; 1 by default.</param>
    /// <param name="beta1">β₁ in [0, 1); 0.9 by default.</param>
    /// <param name="beta2">β₂ in [0, 1); 0.999 by default.</param>
    /// <param name="start">d₀, 1e-6 by default.</param>
    /// <param name="epsilon">ε, 1e-8 by default.</param>
    public static DAdaptedAdam Adam(Schedule? rate = null, Schedule? beta1 = null, Schedule? beta2 = null, double start = 1e-6, double epsilon = 1e-8) =>
        new(rate ?? 1.0, beta1 ?? 0.9, beta2 ?? 0.999, start, epsilon);

    /// <summary>max(d, numerator/denominator), and d where the denominator is 0.</summary>
    internal static Tensor Grown(Tensor d, Tensor numerator, Tensor denominator) =>
        Functions.Maximum(d, Functions.Select(Functions.Greater(denominator, 0), numerator / denominator, 0));
}

/// <summary>Gradient descent with momentum whose step size is an estimate of the distance to the solution over the first gradient's norm.</summary>
/// <remarks>
/// λ = dγ/‖g₀‖ with g₀ the first update, d′ = max(d, 2Σλ⟨u, s⟩/‖s′‖) for the next step with s the sum before and s′ after s ← s + λu, z ← z − λu from z = θ₀,
/// θ ← βθ + (1−β)z. No learning rate follows in the chain: the outcome's is γ, and d is the state <c>distance</c>. If the first update is 0, ‖g₀‖ counts as 1.
/// Defazio and Mishchenko (2023), Learning-Rate-Free Learning by D-Adaptation.
/// </remarks>
/// <param name="Rate">γ, 1 by default.</param>
/// <param name="Momentum">β in [0, 1), 0.9 by default.</param>
/// <param name="Start">d₀, 1e-6 by default: much less than the distance.</param>
public sealed record DAdaptedDescent(Schedule Rate, Schedule Momentum, double Start = 1e-6) : UpdateRule
{
    /// <summary>γ, 0 or more.</summary>
    public Schedule Rate { get; } = Hyperparameter.NotNegative(Rate);

    /// <summary>β in [0, 1).</summary>
    public Schedule Momentum { get; } = Hyperparameter.Decay(Momentum);

    /// <summary>d₀, above 0.</summary>
    public double Start { get; } = Hyperparameter.Positive(Start);

    /// <inheritdoc/>
    public override string Name => "d-adapted-descent";

    /// <inheritdoc/>
    public override string Formula => "d ← max(d, 2Σλ⟨u, s⟩/‖s‖), λ = dγ/‖g₀‖, s ← s + λu, z ← z − λu, θ ← βθ + (1−β)z";

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        Tensor rate = scope.LearningRate(Rate);
        Tensor isFirst = scope.IsFirstStep;
        Tensor norm = scope.Norm(update);
        Tensor firstNorm = scope.State("first-norm", Shape.Scalar, previous => Functions.Select(isFirst, Functions.Select(Functions.Greater(norm, 0), norm, 1), previous), 1);
        Tensor result = update;
        scope.State("distance", Shape.Scalar, d =>
        {
            Tensor step = d * rate / firstNorm;
            Tensor product = update;
            Tensor s = scope.State("weighted-sum", previous =>
            {
                product = step * Functions.Dot(update, previous);
                return previous + (step * update);
            });
            Tensor numerator = scope.State("numerator", Shape.Scalar, previous => previous + product);
            Tensor z = scope.StateFromParameters("extrapolation", previous => previous - (step * update));
            result = (1 - scope.Scalar(Momentum)) * (scope.Parameters - z);
            return DAdaptation.Grown(d, 2 * numerator, scope.Norm(s));
        }, Start);
        return result;
    }
}

/// <summary>Adam whose step size is an estimate of the distance to the solution.</summary>
/// <remarks>
/// m ← β₁m + (1−β₁)dγu, v ← β₂v + (1−β₂)u², A = √v + ε, r ← √β₂r + (1−√β₂)dγ⟨u, s⟩ in the metric 1/A with s before, s ← √β₂s + (1−√β₂)dγu,
/// d′ = max(d, r/((1−√β₂)‖s‖₁)) for the next step, m/A. No learning rate follows in the chain: the outcome's is γ, and d is the state <c>distance</c>. Without
/// correction of bias, as in the source. Defazio and Mishchenko (2023), Learning-Rate-Free Learning by D-Adaptation.
/// </remarks>
/// <param name="Rate">γ, 1 by default.</param>
/// <param name="Beta1">β₁ in [0, 1), 0.9 by default.</param>
/// <param name="Beta2">β₂ in [0, 1), 0.999 by default.</param>
/// <param name="Start">d₀, 1e-6 by default: much less than the distance.</param>
/// <param name="Epsilon">ε, 1e-8 by default.</param>
public sealed record DAdaptedAdam(Schedule Rate, Schedule Beta1, Schedule Beta2, double Start = 1e-6, double Epsilon = 1e-8) : UpdateRule
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
    public override string Name => "d-adapted-adam";

    /// <inheritdoc/>
    public override string Formula => "d ← max(d, r/((1−√β₂)‖s‖₁)), r ← √β₂r + (1−√β₂)dγ⟨u, s⟩_{1/A}, s ← √β₂s + (1−√β₂)dγu, m/A with m of dγu, A = √v + ε";

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        Tensor rate = scope.LearningRate(Rate);
        Tensor beta1 = scope.Scalar(Beta1), beta2 = scope.Scalar(Beta2), beta3 = scope.Scalar("root of beta2", step => Math.Sqrt(Beta2.At(step)));
        Tensor result = update;
        scope.State("distance", Shape.Scalar, d =>
        {
            Tensor step = d * rate;
            Tensor m = scope.State("first-moment", previous => Functions.Blend(step * update, previous, beta1));
            Tensor v = scope.State("second-moment", previous => Functions.Blend(Functions.Square(update), previous, beta2));
            Tensor metric = Functions.Sqrt(v) + Epsilon;
            Tensor product = update;
            Tensor s = scope.State("weighted-sum", previous =>
            {
                product = step * Functions.Dot(update, previous / metric);
                return Functions.Blend(step * update, previous, beta3);
            });
            Tensor r = scope.State("numerator", Shape.Scalar, previous => Functions.Blend(product, previous, beta3));
            result = m / metric;
            return DAdaptation.Grown(d, r, (1 - beta3) * Functions.Sum(Functions.Abs(s)));
        }, Start);
        return result;
    }
}
