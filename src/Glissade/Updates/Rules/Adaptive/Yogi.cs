using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Adam whose second moment moves by the size of the squared update at most, so that it cannot fall fast.</summary>
/// <remarks>
/// m ← β₁m + (1−β₁)u, v ← v − (1−β₂)·sign(v − u²)·u², u = m/(√v + ε), from m = v = 0 and without removal of bias, as in the paper.
/// Zaheer, Reddi, Sachan, Kale and Kumar (2018), Adaptive Methods for Nonconvex Optimization.
/// </remarks>
/// <param name="Beta1">β₁ in [0, 1).</param>
/// <param name="Beta2">β₂ in [0, 1).</param>
/// <param name="Epsilon">ε.</param>
public sealed record Yogi(Schedule Beta1, Schedule Beta2, double Epsilon = 1e-3) : UpdateRule
{
    /// <summary>β₁ in [0, 1).</summary>
    public Schedule Beta1 { get; } = Hyperparameter.Decay(Beta1);

    /// <summary>β₂ in [0, 1).</summary>
    public Schedule Beta2 { get; } = Hyperparameter.Decay(Beta2);

    /// <summary>ε, 0 or more.</summary>
    public double Epsilon { get; } = Hyperparameter.NotNegative(Epsilon);

    /// <inheritdoc/>
    public override string Name => "yogi";

    /// <inheritdoc/>
    public override string Formula => "m ← β₁m + (1−β₁)u, v ← v − (1−β₂)·sign(v − u²)·u², u = m/(√v + ε)";

    /// <summary>The preconditioning as a link of a chain.</summary>
    /// <param name="beta1">β₁ in [0, 1); 0.9 by default.</param>
    /// <param name="beta2">β₂ in [0, 1); 0.999 by default.</param>
    /// <param name="epsilon">ε, 1e-3 by default.</param>
    public static Yogi Scaling(Schedule? beta1 = null, Schedule? beta2 = null, double epsilon = 1e-3) => new(beta1 ?? 0.9, beta2 ?? 0.999, epsilon);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        Tensor square = Functions.Square(update);
        Tensor m = scope.RunningMean("first-moment", update, Beta1);
        Tensor beta2 = scope.Scalar(Beta2);

        // v falls by no more than (1−β₂)u² and only while above u², so it stays 0 or more but for rounding.
        Tensor v = scope.State("second-moment", previous => Functions.Maximum(previous - ((1 - beta2) * Functions.Sign(previous - square) * square), 0));
        return m / (Functions.Sqrt(v) + Epsilon);
    }
}
