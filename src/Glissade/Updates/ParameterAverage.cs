using Glissade.Differentiation;

namespace Glissade.Updates;

/// <summary>An average of the parameters that is kept in the update's own loop: at each step a convex combination of itself and the newest parameters.</summary>
/// <remarks>
/// θ̄ ← (1−c)θ̄ + cθ, begun at the first parameters; an average is told apart from others by its share c alone.
/// What a network keeps beside its parameters, such as the statistics of a batch normalisation, is not averaged: it must be measured anew for the average.
/// Immutable; free to share between threads.
/// </remarks>
public abstract record ParameterAverage
{
    /// <summary>Its name, as in listings and in the names of its state.</summary>
    public abstract string Name { get; }

    /// <summary>The formula, on one line.</summary>
    public abstract string Formula { get; }

    /// <summary>The share c of the newest parameters at the current step.</summary>
    /// <param name="scope">Scalars and state.</param>
    /// <returns>A scalar in [0, 1].</returns>
    protected internal abstract Tensor Share(RuleScope scope);

    /// <summary>Keeps the average as a state.</summary>
    internal Tensor Trace(Tensor parameters, RuleScope scope)
    {
        Tensor share = Share(scope);
        return scope.StateFromParameters("average", previous => Functions.Blend(previous, parameters, share));
    }
}
