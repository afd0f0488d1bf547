using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>A weighted mean of the update and a running mean of updates.</summary>
/// <remarks>
/// v ← βv + (1−β)u, u = (1−ν)u + νv. ν = 0 is plain descent, ν = 1 momentum with dampening β, ν = β Nesterov's with that dampening.
/// Ma and Yarats (2019), Quasi-hyperbolic Momentum and Adam for Deep Learning.
/// </remarks>
/// <param name="Decay">β in [0, 1).</param>
/// <param name="Share">ν in [0, 1].</param>
public sealed record QuasiHyperbolicMomentum(Schedule Decay, Schedule Share) : UpdateRule
{
    /// <summary>β in [0, 1).</summary>
    public Schedule Decay { get; } = Hyperparameter.Decay(Decay);

    /// <summary>ν in [0, 1]: the share of the running mean.</summary>
    public Schedule Share { get; } = Hyperparameter.Share(Share);

    /// <inheritdoc/>
    public override string Name => "quasi-hyperbolic-momentum";

    /// <inheritdoc/>
    public override string Formula => "v ← βv + (1−β)u, u = (1−ν)u + νv";

    /// <summary>The rule as a link of a chain.</summary>
    /// <param name="decay">β in [0, 1); 0.999 by default.</param>
    /// <param name="share">ν in [0, 1]; 0.7 by default.</param>
    public static QuasiHyperbolicMomentum Of(Schedule? decay = null, Schedule? share = null) => new(decay ?? 0.999, share ?? 0.7);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        Tensor mean = scope.RunningMean("velocity", update, Decay);
        return Functions.Blend(update, mean, scope.Scalar(Share));
    }
}
