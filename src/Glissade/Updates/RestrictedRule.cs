using Glissade.Differentiation;

namespace Glissade.Updates;

/// <summary>A rule for some parameters; the update of the others passes unchanged.</summary>
internal sealed record RestrictedRule(UpdateRule Rule, NamePatterns Patterns, bool Matching) : UpdateRule
{
    public override string Name => Rule.Name;

    public override string Formula => $"{Rule.Formula}   ({(Matching ? "only" : "except")} {Patterns})";

    /// <summary>The rule within all restrictions.</summary>
    public UpdateRule Innermost => Rule is RestrictedRule inner ? inner.Innermost : Rule;

    /// <summary>The rule sees nothing of the other parameters, so that a norm is that of its own part only and state elsewhere stays zero.</summary>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        Tensor mask = scope.Mask(Patterns, Matching);
        bool wasRestricted = scope.IsRestricted;
        scope.IsRestricted = true;
        Tensor changed = Rule.Trace(Functions.Select(mask, update, 0), scope);
        scope.IsRestricted = wasRestricted;
        return Functions.Select(mask, changed, update);
    }
}
