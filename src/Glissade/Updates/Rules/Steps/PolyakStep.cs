using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>A learning rate from the loss itself: the step to where the loss would be least, were it as steep all the way as it is here.</summary>
/// <remarks>
/// ηu with η = min((L − L*)/‖u‖₂², ηmax), 0 where L is not above L* or u is 0.
/// Needs the loss: <see cref="Updater{T}.Step(double)"/>. First in its chain u is the gradient, which the formula means; it is the learning rate the outcome reports.
/// Polyak (1969), Minimization of Unsmooth Functionals; Loizou, Vaswani, Laradji and Lacoste-Julien (2021), Stochastic Polyak Step-size for SGD,
/// for batches and the greatest rate.
/// </remarks>
/// <param name="LeastLoss">L*, the least loss there is; 0 for a model that can fit its data.</param>
/// <param name="GreatestRate">ηmax, above 0.</param>
public sealed record PolyakStep(Schedule LeastLoss, Schedule GreatestRate) : UpdateRule
{
    /// <summary>L*, finite.</summary>
    public Schedule LeastLoss { get; } = Hyperparameter.Finite(LeastLoss);

    /// <summary>ηmax, above 0.</summary>
    public Schedule GreatestRate { get; } = Hyperparameter.Positive(GreatestRate);

    /// <inheritdoc/>
    public override string Name => "polyak-step";

    /// <inheritdoc/>
    public override string Formula => "min((L − L*)/‖u‖₂², ηmax)·u";

    /// <summary>The step as a link of a chain, in place of a learning rate.</summary>
    /// <param name="leastLoss">L*; 0 by default.</param>
    /// <param name="greatestRate">ηmax, above 0; 1 by default.</param>
    public static PolyakStep Of(Schedule? leastLoss = null, Schedule? greatestRate = null) => new(leastLoss ?? 0, greatestRate ?? 1);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        Tensor excess = Functions.Maximum(scope.Loss - scope.Scalar(LeastLoss), 0);
        Tensor square = Functions.Dot(update, update), greatest = scope.Scalar(GreatestRate);

        // A comparison of products, since both excess and square may be 0.
        Tensor rate = Functions.Select(Functions.Greater(greatest * square, excess), excess / square, greatest);
        scope.ReportLearningRate(rate);
        return rate * update;
    }
}
