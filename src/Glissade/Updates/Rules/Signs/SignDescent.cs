using Glissade.Differentiation;

namespace Glissade.Updates;

/// <summary>Keeps the sign of each element of the update and forgets its size.</summary>
/// <remarks>
/// sign(u): −1, 0 or 1. After <see cref="Momentum"/> it is the sign of a velocity (signum).
/// Bernstein, Wang, Azizzadenesheli and Anandkumar (2018), signSGD: Compressed Optimisation for Non-Convex Problems.
/// </remarks>
public sealed record SignDescent : UpdateRule
{
    /// <inheritdoc/>
    public override string Name => "sign";

    /// <inheritdoc/>
    public override string Formula => "sign(u)";

    /// <summary>The sign as a link of a chain.</summary>
    public static SignDescent Of() => new();

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope) => Functions.Sign(update);
}
