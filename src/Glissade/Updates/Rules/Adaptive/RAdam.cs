using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Adam whose preconditioning is held back while the second moment is known from few updates only.</summary>
/// <remarks>
/// ρ∞ = 2/(1−β₂) − 1, ρₜ = ρ∞ − 2tβ₂ᵗ/(1−β₂ᵗ), t counted from 1.
/// Where ρₜ &gt; 5: u = r·m̂·√(1−β₂ᵗ)/(√v + ε) with r = √[(ρₜ−4)(ρₜ−2)ρ∞ / ((ρ∞−4)(ρ∞−2)ρₜ)]; else u = m̂.
/// Liu et al. (2020), On the Variance of the Adaptive Learning Rate and Beyond; the threshold and the place of ε are PyTorch's.
/// </remarks>
/// <param name="Beta1">β₁ in [0, 1).</param>
/// <param name="Beta2">β₂ in [0, 1).</param>
/// <param name="Epsilon">ε.</param>
public sealed record RAdam(Schedule Beta1, Schedule Beta2, double Epsilon = 1e-8) : UpdateRule
{
    /// <summary>Observations from which the variance of the preconditioning is taken to be finite and known.</summary>
    private const double Threshold = 5;

    /// <summary>β₁ in [0, 1).</summary>
    public Schedule Beta1 { get; } = Hyperparameter.Decay(Beta1);

    /// <summary>β₂ in [0, 1).</summary>
    public Schedule Beta2 { get; } = Hyperparameter.Decay(Beta2);

    /// <summary>ε, 0 or more.</summary>
    public double Epsilon { get; } = Hyperparameter.NotNegative(Epsilon);

    /// <inheritdoc/>
    public override string Name => "radam";

    /// <inheritdoc/>
    public override string Formula => "ρₜ = ρ∞ − 2tβ₂ᵗ/(1−β₂ᵗ), u = rₜ·m̂·√(1−β₂ᵗ)/(√v + ε) where ρₜ > 5, else m̂";

    /// <summary>The preconditioning as a link of a chain.</summary>
    /// <param name="beta1">β₁ in [0, 1); 0.9 by default.</param>
    /// <param name="beta2">β₂ in [0, 1); 0.999 by default.</param>
    /// <param name="epsilon">ε, 1e-8 by default.</param>
    public static RAdam Scaling(Schedule? beta1 = null, Schedule? beta2 = null, double epsilon = 1e-8) => new(beta1 ?? 0.9, beta2 ?? 0.999, epsilon);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        Tensor m = scope.RunningMean("first-moment", update, Beta1);
        Tensor v = scope.RunningMean("second-moment", Functions.Square(update), Beta2);
        KeptNumber product = scope.Keep("second-decay-product", 1, (step, previous) => previous * Beta2.At(step));
        Tensor rectification = scope.Scalar("rectification", product, Rectification);
        Tensor mean = scope.Debias(m, Beta1);
        return Functions.Select(Functions.Greater(rectification, 0), mean * rectification / (Functions.Sqrt(v) + Epsilon), mean);
    }

    /// <summary>r·√(1−β₂ᵗ), or 0 while there are too few observations.</summary>
    private double Rectification(long step, double product)
    {
        double most = (2 / (1 - Beta2.At(step))) - 1;
        double length = most - (2 * (step + 1) * product / (1 - product));
        return length > Threshold
            ? Math.Sqrt((length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length)) * Math.Sqrt(1 - product)
            : 0;
    }
}
