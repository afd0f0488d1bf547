using Glissade.Differentiation;

namespace Glissade.Updates;

/// <summary>A rule that sees each parameter apart, in its own shape.</summary>
/// <remarks>Restricted to some parameters, it is traced for these alone.</remarks>
public abstract record LayerWiseRule : UpdateRule
{
    internal sealed override bool IsLayerWise => true;

    /// <summary>The outgoing update of one parameter as a function of the incoming one.</summary>
    /// <param name="update">The incoming update, in the parameter's shape.</param>
    /// <param name="parameter">The parameter, its state, scalars and reports.</param>
    /// <returns>A tensor of the parameter's shape.</returns>
    protected internal abstract Tensor Trace(Tensor update, ParameterScope parameter);

    /// <inheritdoc/>
    protected internal sealed override Tensor Trace(Tensor update, RuleScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return scope.ForEachParameter(update, Trace);
    }
}
