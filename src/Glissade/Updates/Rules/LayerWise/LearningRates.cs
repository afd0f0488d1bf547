using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Multiplies the update of each parameter by a learning rate of its own, chosen by the parameter's name.</summary>
/// <remarks>ηₗuₗ for each parameter l; the first group whose patterns match the name gives the rate. The outcome reports the greatest; as hyperparameters they are <c>rate-1</c>, <c>rate-2</c> and so on in the order of the groups, and <c>otherwise</c>. One multiplication for each element, however many groups there are.</remarks>
public sealed record LearningRates : UpdateRule
{
    private readonly (NamePatterns Patterns, Schedule Rate)[] _groups;

    internal LearningRates(Schedule otherwise, IEnumerable<(NamePatterns Patterns, Schedule Rate)> groups)
    {
        Otherwise = Hyperparameter.Finite(otherwise);
        _groups = [.. groups.Select(g => (g.Patterns, Hyperparameter.Finite(g.Rate)))];
    }

    /// <summary>η of the parameters that no group names.</summary>
    public Schedule Otherwise { get; }

    /// <inheritdoc/>
    public override string Name => "learning-rates";

    /// <inheritdoc/>
    public override string Formula => $"ηₗuₗ   ({string.Join(", ", _groups.Select(g => $"{g.Patterns}: {g.Rate}").Append($"else {Otherwise}"))})";

    /// <inheritdoc/>
    public bool Equals(LearningRates? other) => other is not null && Otherwise == other.Otherwise && _groups.AsSpan().SequenceEqual(other._groups);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Otherwise, _groups.Length);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        for (int i = 0; i < _groups.Length; i++)
        {
            scope.CheckKnown(_groups[i].Patterns);
            scope.ReportHyperparameter(_groups[i].Rate, FormattableString.Invariant($"rate-{i + 1}"));
        }

        scope.ReportHyperparameter(Otherwise);

        return update * scope.LearningRates("rates", RateOf);
    }

    private Schedule RateOf(string name)
    {
        foreach ((NamePatterns patterns, Schedule rate) in _groups)
        {
            if (patterns.Matches(name))
            {
                return rate;
            }
        }

        return Otherwise;
    }
}
