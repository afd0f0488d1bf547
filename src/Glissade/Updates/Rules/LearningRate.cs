using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Multiplies the update by the learning rate.</summary>
/// <remarks>ηu. Robbins and Monro (1951), A Stochastic Approximation Method.</remarks>
/// <param name="Rate">η.</param>
public sealed record LearningRate(Schedule Rate) : UpdateRule
{
    /// <summary>η.</summary>
    public Schedule Rate { get; } = Hyperparameter.Finite(Rate);

    /// <inheritdoc/>
    public override string Name => "learning-rate";

    /// <inheritdoc/>
    public override string Formula => "ηu";

    /// <summary>A learning rate as a link of a chain.</summary>
    /// <param name="rate">η; may follow a schedule.</param>
    public static LearningRate Of(Schedule rate) => new(rate);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope) => scope.LearningRate(Rate) * update;
}
