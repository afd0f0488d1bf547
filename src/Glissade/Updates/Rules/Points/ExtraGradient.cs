using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Takes the gradient where a first step would lead: for saddle points, where plain gradient steps go round in circles.</summary>
/// <remarks>
/// The gradient of a step is that at θ − ηg, with g the gradient at θ; the update passes unchanged. With <see cref="LearningRate"/> of the same η after it,
/// this is the extragradient method. Two gradients a step. The rate bears the updater's <see cref="Updater{T}.LearningRateFactor"/> as the learning rate does.
/// Korpelevich (1976), The Extragradient Method for Finding Saddle Points and Other Problems.
/// </remarks>
/// <param name="Rate">η of the first step, 0 or more.</param>
public sealed record ExtraGradient(Schedule Rate) : UpdateRule
{
    /// <summary>η of the first step, 0 or more.</summary>
    public Schedule Rate { get; } = Hyperparameter.NotNegative(Rate);

    /// <inheritdoc/>
    public override string Name => "extra-gradient";

    /// <inheritdoc/>
    public override string Formula => "g taken at θ − ηg";

    /// <inheritdoc/>
    public override GradientPlace GradientPlace => GradientPlace.AlongGradient;

    /// <summary>The first step of the method as a link of a chain.</summary>
    /// <param name="rate">η, 0 or more.</param>
    public static ExtraGradient Of(Schedule rate) => new(rate);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        scope.ReportHyperparameter(Rate);
        return update;
    }

    /// <inheritdoc/>
    protected internal override Tensor TraceGradientPoint(Tensor gradient, GradientPointScope scope) =>
        scope.Parameters - (scope.LearningRate(Rate) * gradient);
}
