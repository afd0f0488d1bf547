using Glissade.Differentiation;

namespace Glissade.Updates;

/// <summary>One idea of how θ changes: a function of the incoming update, the parameters, its state and its scalars.</summary>
/// <remarks>
/// A rule is a recipe: immutable, free to share, without numbers of its own. It is traced when a <see cref="Chain"/> is compiled, and all rules of a chain
/// become one loop over θ. The update that leaves the last rule is subtracted: θ ← θ − u.
/// </remarks>
public abstract record UpdateRule
{
    /// <summary>The rule's name, as in listings and in the names of its state: <c>momentum</c>, <c>adam</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The formula, on one line.</summary>
    public abstract string Formula { get; }

    /// <summary>Whether all that the rule does is done for each parameter apart.</summary>
    internal virtual bool IsLayerWise => false;

    /// <summary>The same rule for all parameters but those whose names match: their update passes unchanged, and the rule does not see it.</summary>
    /// <param name="patterns">Names, in which * stands for any characters, as in <c>*.bias</c>.</param>
    /// <exception cref="ArgumentException">There is no pattern, or one is empty.</exception>
    public UpdateRule Except(params IReadOnlyList<string> patterns) => new RestrictedRule(this, new NamePatterns(patterns), Matching: false);

    /// <summary>The same rule only for parameters whose names match: the update of the others passes unchanged, and the rule does not see it.</summary>
    /// <param name="patterns">Names, in which * stands for any characters, as in <c>dense1.*</c>.</param>
    /// <exception cref="ArgumentException">There is no pattern, or one is empty.</exception>
    public UpdateRule Only(params IReadOnlyList<string> patterns) => new RestrictedRule(this, new NamePatterns(patterns), Matching: true);

    /// <summary>Where the gradient of each step is to be taken; at θ unless the rule says otherwise. One rule of a chain may.</summary>
    public virtual GradientPlace GradientPlace => GradientPlace.Parameters;

    /// <summary>What estimates of the Hessian's diagonal the rule asks for by <see cref="RuleScope.Curvature"/>; null where it asks for none, or leaves them to the caller.</summary>
    public virtual CurvatureEstimate? Curvature => null;

    /// <summary>The point at which the gradient is to be taken, for a rule whose <see cref="GradientPlace"/> is not θ.</summary>
    /// <param name="gradient">The gradient at θ where the place is <see cref="GradientPlace.AlongGradient"/>; else that of the last step, of no use.</param>
    /// <param name="scope">Parameters, state and scalars.</param>
    /// <returns>A flat vector of the length of θ.</returns>
    protected internal virtual Tensor TraceGradientPoint(Tensor gradient, GradientPointScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return scope.Parameters;
    }

    /// <summary>The outgoing update as a function of the incoming one.</summary>
    /// <param name="update">The incoming update, a flat vector of the length of θ; the gradient for the first rule of a chain.</param>
    /// <param name="scope">Parameters, state, scalars and reports.</param>
    protected internal abstract Tensor Trace(Tensor update, RuleScope scope);
}
