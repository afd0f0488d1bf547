using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>A velocity that remembers past updates.</summary>
/// <remarks>
/// v ← μv + (1−d)u, without dampening d in the first step; the update becomes v.
/// After a learning rate in the chain this is s ← ρs + αg, θ ← θ − s, before one it is v ← μv + g, θ ← θ − ηv:
/// the two agree as long as the rate stands still. Polyak (1964), Some Methods of Speeding up the Convergence of Iteration Methods.
/// </remarks>
/// <param name="Coefficient">μ in [0, 1).</param>
/// <param name="Dampening">d in [0, 1], 0 by default.</param>
public sealed record Momentum(Schedule Coefficient, Schedule Dampening) : UpdateRule
{
    /// <summary>μ in [0, 1).</summary>
    public Schedule Coefficient { get; } = Hyperparameter.Decay(Coefficient);

    /// <summary>d in [0, 1].</summary>
    public Schedule Dampening { get; } = Hyperparameter.Share(Dampening);

    /// <inheritdoc/>
    public override string Name => "momentum";

    /// <inheritdoc/>
    public override string Formula => "v ← μv + (1−d)u, u = v";

    /// <summary>Classical momentum.</summary>
    /// <param name="coefficient">μ in [0, 1).</param>
    /// <param name="dampening">d in [0, 1]; 0 by default.</param>
    public static Momentum Of(Schedule coefficient, Schedule? dampening = null) => new(coefficient, dampening ?? 0.0);

    /// <summary>Nesterov's momentum in the form that needs one gradient a step.</summary>
    /// <param name="coefficient">μ in [0, 1).</param>
    public static NesterovMomentum Nesterov(Schedule coefficient) => new(coefficient);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        scope.ReportHyperparameter(Dampening);
        Tensor incoming = Dampening is ConstantSchedule { Value: 0 }
            ? update
            : scope.Scalar($"1 - {Dampening}", step => step == 0 ? 1 : 1 - Dampening.At(step)) * update;
        return scope.State("velocity", previous => (scope.Scalar(Coefficient) * previous) + incoming);
    }
}

/// <summary>Nesterov's accelerated gradient, reformulated so that the gradient is taken at θ itself.</summary>
/// <remarks>
/// v ← μv + u; the update becomes u + μv.
/// Nesterov (1983), A Method of Solving a Convex Programming Problem with Convergence Rate O(1/k²);
/// Sutskever, Martens, Dahl and Hinton (2013), On the Importance of Initialization and Momentum in Deep Learning.
/// </remarks>
/// <param name="Coefficient">μ in [0, 1).</param>
public sealed record NesterovMomentum(Schedule Coefficient) : UpdateRule
{
    /// <summary>μ in [0, 1).</summary>
    public Schedule Coefficient { get; } = Hyperparameter.Decay(Coefficient);

    /// <inheritdoc/>
    public override string Name => "nesterov";

    /// <inheritdoc/>
    public override string Formula => "v ← μv + u, u = u + μv";

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        Tensor coefficient = scope.Scalar(Coefficient);
        Tensor velocity = scope.State("velocity", previous => (coefficient * previous) + update);
        return update + (coefficient * velocity);
    }
}
