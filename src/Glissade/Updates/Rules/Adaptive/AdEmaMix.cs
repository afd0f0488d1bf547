using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Adam with a second, much slower mean of updates beside the first.</summary>
/// <remarks>
/// m ← β₁m + (1−β₁)u, w ← β₃w + (1−β₃)u, v ← β₂v + (1−β₂)u², u = (m̂ + αw)/(√v̂ + ε); the slow mean keeps its bias, so that it comes in late.
/// α and β₃ are warmed up: α in a line from 0 (<see cref="Schedule.Warmup"/>), β₃ by its half-life from β₁ (<see cref="HalfLifeSchedule"/>).
/// Pagliardini, Ablin and Grangier (2024), The AdEMAMix Optimizer: Better, Faster, Older.
/// </remarks>
/// <param name="Beta1">β₁ in [0, 1).</param>
/// <param name="Beta2">β₂ in [0, 1).</param>
/// <param name="Beta3">β₃ in [0, 1).</param>
/// <param name="Alpha">α, 0 or more.</param>
/// <param name="Epsilon">ε.</param>
public sealed record AdEmaMix(Schedule Beta1, Schedule Beta2, Schedule Beta3, Schedule Alpha, double Epsilon = 1e-8) : UpdateRule
{
    /// <summary>β₁ in [0, 1).</summary>
    public Schedule Beta1 { get; } = Hyperparameter.Decay(Beta1);

    /// <summary>β₂ in [0, 1).</summary>
    public Schedule Beta2 { get; } = Hyperparameter.Decay(Beta2);

    /// <summary>β₃ in [0, 1), that of the slow mean.</summary>
    public Schedule Beta3 { get; } = Hyperparameter.Decay(Beta3);

    /// <summary>α, 0 or more: the weight of the slow mean.</summary>
    public Schedule Alpha { get; } = Hyperparameter.NotNegative(Alpha);

    /// <summary>ε, 0 or more.</summary>
    public double Epsilon { get; } = Hyperparameter.NotNegative(Epsilon);

    /// <inheritdoc/>
    public override string Name => "ademamix";

    /// <inheritdoc/>
    public override string Formula => "m ← β₁m + (1−β₁)u, w ← β₃w + (1−β₃)u, v ← β₂v + (1−β₂)u², u = (m̂ + αw)/(√v̂ + ε)";

    /// <summary>The preconditioning as a link of a chain.</summary>
    /// <param name="beta1">β₁ in [0, 1); 0.9 by default.</param>
    /// <param name="beta2">β₂ in [0, 1); 0.999 by default.</param>
    /// <param name="beta3">β₃ in [0, 1); 0.9999 by default.</param>
    /// <param name="alpha">α, 0 or more; 5 by default.</param>
    /// <param name="epsilon">ε, 1e-8 by default.</param>
    public static AdEmaMix Scaling(Schedule? beta1 = null, Schedule? beta2 = null, Schedule? beta3 = null, Schedule? alpha = null, double epsilon = 1e-8) =>
        new(beta1 ?? 0.9, beta2 ?? 0.999, beta3 ?? 0.9999, alpha ?? 5, epsilon);

    /// <summary>The preconditioning with α and β₃ warmed up over so many steps, as the paper has it.</summary>
    /// <param name="warmup">Steps of both warm-ups, 1 or more; the paper takes the whole run.</param>
    /// <param name="beta1">β₁ in (0, 1), where β₃ begins.</param>
    /// <param name="beta2">β₂ in [0, 1); 0.999 by default.</param>
    /// <param name="beta3">What β₃ becomes, in (0, 1).</param>
    /// <param name="alpha">What α becomes, 0 or more.</param>
    /// <param name="epsilon">ε, 1e-8 by default.</param>
    public static AdEmaMix WarmedUp(long warmup, double beta1 = 0.9, Schedule? beta2 = null, double beta3 = 0.9999, double alpha = 5, double epsilon = 1e-8) =>
        new(beta1, beta2 ?? 0.999, new HalfLifeSchedule(beta1, beta3, warmup), Schedule.Warmup(alpha, warmup), epsilon);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        Tensor fast = scope.RunningMean("fast-first-moment", update, Beta1);
        Tensor v = scope.RunningMean("second-moment", Functions.Square(update), Beta2);
        Tensor slow = scope.RunningMean("slow-first-moment", update, Beta3);
        return (scope.Debias(fast, Beta1) + (scope.Scalar(Alpha) * slow)) / (Functions.Sqrt(scope.Debias(v, Beta2)) + Epsilon);
    }
}
