using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Adds a pull of the parameters towards zero: u + λθ.</summary>
/// <remarks>
/// What it is depends on where it stands. First in the chain it is the gradient of ½λ‖θ‖², which later rules rescale (L2 regularisation).
/// After the preconditioning it shrinks all parameters alike (decoupled): Loshchilov and Hutter (2019), Decoupled Weight Decay Regularization.
/// </remarks>
/// <param name="Rate">λ, 0 or more.</param>
public sealed record WeightDecay(Schedule Rate) : UpdateRule
{
    /// <summary>λ, 0 or more.</summary>
    public Schedule Rate { get; } = Hyperparameter.NotNegative(Rate);

    /// <inheritdoc/>
    public override string Name => "weight-decay";

    /// <inheritdoc/>
    public override string Formula => "u + λθ";

    /// <summary>Decay that stands after the preconditioning and before the learning rate.</summary>
    /// <param name="rate">λ, 0 or more.</param>
    public static WeightDecay Decoupled(Schedule rate) => new(rate);

    /// <summary>Decay that stands behind the learning rate, so that it does not depend on it: θ ← (1−λ)θ − ηu.</summary>
    /// <param name="rate">λ, 0 or more; usually far smaller than before the learning rate, and often a schedule of the same shape.</param>
    public static WeightDecay Independent(Schedule rate) => new(rate);

    /// <summary>Decay that stands first, as the gradient of ½λ‖θ‖².</summary>
    /// <param name="rate">λ, 0 or more.</param>
    public static WeightDecay L2(Schedule rate) => new(rate);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope) => update + (scope.Scalar(Rate) * scope.Parameters);
}
