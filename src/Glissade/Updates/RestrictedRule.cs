using Glissade.Differentiation;

namespace Glissade.Updates;

/// <summary>A rule for some parameters; the update of the others passes unchanged.</summary>
internal sealed record RestrictedRule(UpdateRule Rule, NamePatterns Patterns, bool Matching) : UpdateRule
{
    public override string Name => Rule.Name;

    public override string Formula => $"{Rule.Formula}   ({(Matching ? "only" : "except")} {Patterns})";

    /// <summary>The rule within all restrictions.</summary>
    public UpdateRule Innermost => Rule is RestrictedRule inner ? inner.Innermost : Rule;

    internal override bool IsLayerWise => Rule.IsLayerWise;

    public override GradientPlace GradientPlace => Rule.GradientPlace;

    public override CurvatureEstimate? Curvature => Rule.Curvature;

    protected internal override Tensor TraceGradientPoint(Tensor gradient, GradientPointScope scope)
    {
        Tensor mask = scope.Mask(Patterns, Matching);
        return Functions.Select(mask, Rule.TraceGradientPoint(Functions.Select(mask, gradient, 0), scope), scope.Parameters);
    }

    /// <summary>The rule sees nothing of the other parameters, so that a norm is that of its own part only and state elsewhere stays zero.</summary>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        // A rule that sees each parameter apart leaves out those that are not its own; others get zeros in their place.
        if (IsLayerWise)
        {
            return scope.Restricted(Patterns, Matching, () => Rule.Trace(update, scope));
        }

        Tensor mask = scope.Mask(Patterns, Matching);
        Tensor changed = scope.Restricted(Patterns, Matching, () => Rule.Trace(Functions.Select(mask, update, 0), scope));
        return Functions.Select(mask, changed, update);
    }
}
