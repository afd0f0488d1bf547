using Glissade.Differentiation;

namespace Glissade.Updates;

/// <summary>A rule for some parameters; the update of the others passes unchanged.</summary>
internal sealed record RestrictedRule(UpdateRule Rule, NamePatterns Patterns, bool Matching) : UpdateRule
{
    public override string Name => Rule.Name;

    public override string Formula => $"{Rule.Formula}   ({(Matching ? "only" : "except")} {Patterns})";

    protected internal override Tensor Trace(Tensor update, RuleScope scope) =>
        Functions.Select(scope.Mask(Patterns, Matching), Rule.Trace(update, scope), update);
}
