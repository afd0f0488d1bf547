using Glissade.Schedules;

namespace Glissade.Updates;

/// <content>Forms of plain descent.</content>
public static partial class Optimizers
{
    /// <summary>Sign descent: momentum if wanted → sign → learning rate. Bernstein et al. (2018), signSGD.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="momentum">μ, with dampening 1 − μ as the signum of the paper has it; null for none.</param>
    public static Chain SignDescent(Schedule learningRate, double? momentum = null) =>
        (momentum is { } mu ? Chain.Of(Momentum.Of(mu, mu)) : Chain.Of()).Then(Updates.SignDescent.Of(), LearningRate.Of(learningRate));

    /// <summary>Rprop: rprop alone, for whole data sets. Riedmiller and Braun (1993); Igel and Hüsken (2000).</summary>
    /// <param name="start">Δ of the first step.</param>
    /// <param name="shrinking">η⁻; 0.5 by default.</param>
    /// <param name="growing">η⁺; 1.2 by default.</param>
    /// <param name="least">Δmin.</param>
    /// <param name="greatest">Δmax.</param>
    public static Chain Rprop(double start = 0.01, Schedule? shrinking = null, Schedule? growing = null, double least = 1e-6, double greatest = 50) =>
        Chain.Of(Updates.Rprop.Of(start, shrinking, growing, least, greatest));

    /// <summary>Averaged stochastic gradient descent: averaged-descent alone. Polyak and Juditsky (1992), Acceleration of Stochastic Approximation by Averaging.</summary>
    /// <param name="rate">η.</param>
    /// <param name="decay">λ, of the parameters and of the rate.</param>
    /// <param name="power">α, by which the rate falls.</param>
    /// <param name="averageFrom">t₀, the step from which to average.</param>
    public static Chain AveragedDescent(double rate, double decay = 1e-4, double power = 0.75, long averageFrom = 1_000_000) =>
        Chain.Of(Updates.AveragedDescent.Of(rate, decay, power, averageFrom));

    /// <summary>Gradient descent with Polyak's step: polyak-step alone; needs the loss in each step. Polyak (1969); Loizou et al. (2021).</summary>
    /// <param name="leastLoss">L*; 0 by default.</param>
    /// <param name="greatestRate">ηmax; 1 by default.</param>
    public static Chain PolyakDescent(Schedule? leastLoss = null, Schedule? greatestRate = null) =>
        Chain.Of(PolyakStep.Of(leastLoss, greatestRate));

    /// <summary>Stochastic gradient Langevin dynamics: learning rate → langevin-noise. Welling and Teh (2011), Bayesian Learning via Stochastic Gradient Langevin Dynamics.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="temperature">T; 1 by default, which draws from exp(−L).</param>
    /// <param name="seed">The seed of the noise.</param>
    public static Chain Langevin(Schedule learningRate, Schedule? temperature = null, ulong seed = 0) =>
        Chain.Of(LearningRate.Of(learningRate), LangevinNoise.Of(learningRate, temperature, seed));

    /// <summary>Quasi-hyperbolic momentum → learning rate. Ma and Yarats (2019), Quasi-hyperbolic Momentum and Adam for Deep Learning.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="decay">β; 0.999 by default.</param>
    /// <param name="share">ν; 0.7 by default.</param>
    public static Chain QuasiHyperbolicMomentum(Schedule learningRate, Schedule? decay = null, Schedule? share = null) =>
        Chain.Of(Updates.QuasiHyperbolicMomentum.Of(decay, share), LearningRate.Of(learningRate));

    /// <summary>Aggregated momentum → learning rate. Lucas, Sun, Zemel and Grosse (2019), Aggregated Momentum.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="velocities">K, with the coefficients 0, 0.9, 0.99 and so on.</param>
    public static Chain AggregatedMomentum(Schedule learningRate, int velocities = 3) =>
        Chain.Of(Updates.AggregatedMomentum.Exponential(velocities), LearningRate.Of(learningRate));
}
