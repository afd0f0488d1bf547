using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Divides a mean of updates by an estimate of the Hessian's diagonal and clips each element of what comes out.</summary>
/// <remarks>
/// m ← β₁m + (1−β₁)u; h ← β₂h + (1−β₂)ĥ in steps with a new estimate ĥ, else h stays; u = min(max(m/max(γh, ε), −1), 1).
/// Where the curvature is small, negative or not known yet, the update is the sign of m. A trainer makes the estimates that the rule names; elsewhere a
/// <see cref="CurvatureEstimator{T}"/> does. The share of elements that were clipped is reported; the authors choose γ so that it is 0.1 to 0.5.
/// Liu, Li, Hall, Liang and Ma (2023), Sophia: A Scalable Stochastic Second-order Optimizer for Language Model Pre-training.
/// </remarks>
/// <param name="Beta1">β₁ in [0, 1).</param>
/// <param name="Beta2">β₂ in [0, 1), for each new estimate.</param>
/// <param name="Gamma">γ, 0 or more.</param>
/// <param name="Epsilon">ε, above 0.</param>
/// <param name="Curvature">How and how often ĥ is estimated; null for <see cref="CurvatureEstimate.Hutchinson"/> every 10 steps.</param>
public sealed record Sophia(Schedule Beta1, Schedule Beta2, Schedule Gamma, double Epsilon = 1e-12, CurvatureEstimate? Curvature = null) : UpdateRule
{
    /// <summary>β₁ in [0, 1).</summary>
    public Schedule Beta1 { get; } = Hyperparameter.Decay(Beta1);

    /// <summary>β₂ in [0, 1), for each new estimate.</summary>
    public Schedule Beta2 { get; } = Hyperparameter.Decay(Beta2);

    /// <summary>γ, 0 or more: how much of the curvature counts; the larger, the fewer elements are clipped.</summary>
    public Schedule Gamma { get; } = Hyperparameter.NotNegative(Gamma);

    /// <summary>ε, above 0.</summary>
    public double Epsilon { get; } = Hyperparameter.Positive(Epsilon);

    /// <summary>How and how often ĥ is estimated.</summary>
    public override CurvatureEstimate Curvature { get; } = Curvature ?? CurvatureEstimate.Hutchinson();

    /// <inheritdoc/>
    public override string Name => "sophia";

    /// <inheritdoc/>
    public override string Formula => "m ← β₁m + (1−β₁)u, h ← β₂h + (1−β₂)ĥ, u = clip(m/max(γh, ε), 1)";

    /// <summary>The preconditioning as a link of a chain.</summary>
    /// <param name="beta1">β₁ in [0, 1); 0.96 by default.</param>
    /// <param name="beta2">β₂ in [0, 1); 0.99 by default.</param>
    /// <param name="gamma">γ, 0 or more; where left out the authors' 0.05 for the estimates of Gauss, Newton and Bartlett and their 0.01 for others.</param>
    /// <param name="epsilon">ε, above 0, 1e-12 by default.</param>
    /// <param name="curvature">How and how often ĥ is estimated; by Hutchinson's estimate every 10 steps where left out.</param>
    public static Sophia Scaling(Schedule? beta1 = null, Schedule? beta2 = null, Schedule? gamma = null, double epsilon = 1e-12, CurvatureEstimate? curvature = null) =>
        new(beta1 ?? 0.96, beta2 ?? 0.99, gamma ?? (curvature?.Method == CurvatureMethod.GaussNewtonBartlett ? 0.05 : 0.01), epsilon, curvature);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        Tensor m = scope.RunningMean("first-moment", update, Beta1);
        Tensor h = scope.State("curvature", previous =>
            Functions.Select(scope.CurvatureIsNew, Functions.Blend(scope.Curvature, previous, scope.Scalar(Beta2)), previous));
        Tensor ratio = m / Functions.Maximum(scope.Scalar(Gamma) * h, Epsilon);
        return Clip.Elements(ratio, scope.Constant(1), scope);
    }
}
