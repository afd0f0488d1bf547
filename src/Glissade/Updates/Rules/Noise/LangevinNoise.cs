using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Adds the noise that makes descent a sampler: behind a learning rate η the parameters wander over the density exp(−L/T).</summary>
/// <remarks>
/// u + √(2ηT)·ξ, ξ standard normal: with u = ηg the step is θ ← θ − ηg − √(2ηT)ξ, stochastic gradient Langevin dynamics (SGLD). With L the negative
/// logarithm of a posterior density and T = 1 it draws from the posterior, exactly as η → 0. Stands right behind the learning rate and is given the same rate.
/// Welling and Teh (2011), Bayesian Learning via Stochastic Gradient Langevin Dynamics (their ε is 2η).
/// The rate bears the updater's <see cref="Updater{T}.LearningRateFactor"/> as the learning rate does, so that the temperature stays.
/// The noise depends on the seed, the rule's name in its chain and the step only: not on threads, nor on being resumed.
/// </remarks>
/// <param name="Rate">η, 0 or more.</param>
/// <param name="Temperature">T, 0 or more.</param>
/// <param name="Seed">The seed.</param>
public sealed record LangevinNoise(Schedule Rate, Schedule Temperature, ulong Seed = 0) : UpdateRule
{
    /// <summary>η, 0 or more: that of the learning rate before this rule.</summary>
    public Schedule Rate { get; } = Hyperparameter.NotNegative(Rate);

    /// <summary>T, 0 or more.</summary>
    public Schedule Temperature { get; } = Hyperparameter.NotNegative(Temperature);

    /// <inheritdoc/>
    public override string Name => "langevin-noise";

    /// <inheritdoc/>
    public override string Formula => "u + √(2ηT)·ξ, ξ ~ N(0, 1)";

    /// <summary>The noise as a link of a chain, behind the learning rate.</summary>
    /// <param name="rate">η, 0 or more: that of the learning rate.</param>
    /// <param name="temperature">T, 0 or more; 1 by default.</param>
    /// <param name="seed">The seed.</param>
    public static LangevinNoise Of(Schedule rate, Schedule? temperature = null, ulong seed = 0) => new(rate, temperature ?? 1, seed);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        scope.ReportHyperparameter(Rate);
        scope.ReportHyperparameter(Temperature);
        Tensor deviation = scope.Scalar("deviation", Rate, (step, rate) => Math.Sqrt(2 * rate * Temperature.At(step)));
        return update + (deviation * scope.Noise(Seed));
    }
}
