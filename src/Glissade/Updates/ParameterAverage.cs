using Glissade.Differentiation;

namespace Glissade.Updates;

/// <summary>An average of the parameters that is kept in the update's own loop.</summary>
/// <remarks>Immutable; free to share between threads.</remarks>
public abstract record ParameterAverage
{
    /// <summary>Its name, as in listings and in the names of its state.</summary>
    public abstract string Name { get; }

    /// <summary>The formula, on one line.</summary>
    public abstract string Formula { get; }

    /// <summary>Keeps a mean of the parameters that begins at zero, as a state of the scope, and gives it freed of its bias by <see cref="RuleScope.Debias"/>.</summary>
    /// <param name="parameters">θ after the step.</param>
    /// <param name="scope">State and scalars.</param>
    protected internal abstract Tensor Trace(Tensor parameters, RuleScope scope);
}
