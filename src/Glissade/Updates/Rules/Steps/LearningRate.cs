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

    /// <summary>Learning rates by the parameters' names: <c>LearningRate.ByName(1e-3, ("head.*", 1e-2), ("embedding.*", 0))</c>.</summary>
    /// <param name="otherwise">η of the parameters that no group names.</param>
    /// <param name="groups">A pattern of names, in which * stands for any characters, and its η; the first that matches counts.</param>
    /// <exception cref="ArgumentException">A pattern is empty.</exception>
    public static LearningRates ByName(Schedule otherwise, params IEnumerable<(string Pattern, Schedule Rate)> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        return new LearningRates(otherwise, groups.Select(g => (new NamePatterns([g.Pattern]), g.Rate)));
    }

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope) => scope.LearningRate(Rate) * update;
}
