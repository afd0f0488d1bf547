using Glissade.Schedules;

namespace Glissade.Updates;

/// <content>The adaptive ones beyond AdaGrad, RMSProp and Adam.</content>
public static partial class Optimizers
{
    /// <summary>Adadelta: adadelta → learning rate. Zeiler (2012), ADADELTA: An Adaptive Learning Rate Method.</summary>
    /// <param name="learningRate">η; 1 by default, since the rule finds lengths by itself.</param>
    /// <param name="decay">ρ; 0.9 by default.</param>
    /// <param name="epsilon">ε.</param>
    public static Chain Adadelta(Schedule? learningRate = null, Schedule? decay = null, double epsilon = 1e-6) =>
        Chain.Of(Updates.Adadelta.Scaling(decay, epsilon), LearningRate.Of(learningRate ?? 1));

    /// <summary>AMSGrad: amsgrad → learning rate, with an L2 term before if wanted. Reddi, Kale and Kumar (2018), On the Convergence of Adam and Beyond.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="beta1">β₁; 0.9 by default.</param>
    /// <param name="beta2">β₂; 0.999 by default.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="weightDecay">λ of an L2 term, which the preconditioning rescales; null for none.</param>
    public static Chain AmsGrad(Schedule learningRate, Schedule? beta1 = null, Schedule? beta2 = null, double epsilon = 1e-8, Schedule? weightDecay = null) =>
        L2First(weightDecay, Updates.AmsGrad.Scaling(beta1, beta2, epsilon), learningRate);

    /// <summary>Adamax: adamax → learning rate, with an L2 term before if wanted. Kingma and Ba (2015), Adam: A Method for Stochastic Optimization.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="beta1">β₁; 0.9 by default.</param>
    /// <param name="beta2">β₂; 0.999 by default.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="weightDecay">λ of an L2 term, which the preconditioning rescales; null for none.</param>
    public static Chain Adamax(Schedule learningRate, Schedule? beta1 = null, Schedule? beta2 = null, double epsilon = 1e-8, Schedule? weightDecay = null) =>
        L2First(weightDecay, Updates.Adamax.Scaling(beta1, beta2, epsilon), learningRate);

    /// <summary>RAdam: radam → learning rate, with an L2 term before if wanted. Liu et al. (2020), On the Variance of the Adaptive Learning Rate and Beyond.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="beta1">β₁; 0.9 by default.</param>
    /// <param name="beta2">β₂; 0.999 by default.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="weightDecay">λ of an L2 term, which the preconditioning rescales; null for none.</param>
    public static Chain RAdam(Schedule learningRate, Schedule? beta1 = null, Schedule? beta2 = null, double epsilon = 1e-8, Schedule? weightDecay = null) =>
        L2First(weightDecay, Updates.RAdam.Scaling(beta1, beta2, epsilon), learningRate);

    /// <summary>NAdam: nadam → learning rate, with an L2 term before if wanted. Dozat (2016), Incorporating Nesterov Momentum into Adam.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="beta1">β₁; 0.9 by default.</param>
    /// <param name="beta2">β₂; 0.999 by default.</param>
    /// <param name="momentumDecay">ψ; 4e-3 by default.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="weightDecay">λ of an L2 term, which the preconditioning rescales; null for none.</param>
    public static Chain NAdam(
        Schedule learningRate, Schedule? beta1 = null, Schedule? beta2 = null, Schedule? momentumDecay = null, double epsilon = 1e-8, Schedule? weightDecay = null) =>
        L2First(weightDecay, Updates.NAdam.Scaling(beta1, beta2, momentumDecay, epsilon), learningRate);

    /// <summary>AdaBelief: adabelief → decoupled decay if wanted → learning rate. Zhuang et al. (2020), AdaBelief Optimizer.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="beta1">β₁; 0.9 by default.</param>
    /// <param name="beta2">β₂; 0.999 by default.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="weightDecay">λ of a decoupled decay; null for none.</param>
    public static Chain AdaBelief(Schedule learningRate, Schedule? beta1 = null, Schedule? beta2 = null, double epsilon = 1e-16, Schedule? weightDecay = null) =>
        Decoupled(Updates.AdaBelief.Scaling(beta1, beta2, epsilon), weightDecay, learningRate);

    /// <summary>Yogi: yogi → decoupled decay if wanted → learning rate. Zaheer et al. (2018), Adaptive Methods for Nonconvex Optimization.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="beta1">β₁; 0.9 by default.</param>
    /// <param name="beta2">β₂; 0.999 by default.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="weightDecay">λ of a decoupled decay; null for none.</param>
    public static Chain Yogi(Schedule learningRate, Schedule? beta1 = null, Schedule? beta2 = null, double epsilon = 1e-3, Schedule? weightDecay = null) =>
        Decoupled(Updates.Yogi.Scaling(beta1, beta2, epsilon), weightDecay, learningRate);

    /// <summary>Adan: adan → decoupled decay if wanted → learning rate. Xie et al. (2022), Adan: Adaptive Nesterov Momentum Algorithm.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="beta1">β₁; 0.98 by default.</param>
    /// <param name="beta2">β₂; 0.92 by default.</param>
    /// <param name="beta3">β₃; 0.99 by default.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="weightDecay">λ of a decoupled decay, θ ← (1 − ηλ)θ − ηu where the paper divides by 1 + ηλ; null for none.</param>
    public static Chain Adan(
        Schedule learningRate, Schedule? beta1 = null, Schedule? beta2 = null, Schedule? beta3 = null, double epsilon = 1e-8, Schedule? weightDecay = null) =>
        Decoupled(Updates.Adan.Scaling(beta1, beta2, beta3, epsilon), weightDecay, learningRate);

    /// <summary>AdEMAMix: ademamix → decoupled decay if wanted → learning rate. Pagliardini, Ablin and Grangier (2024), The AdEMAMix Optimizer.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="warmup">Steps over which α and β₃ are warmed up, 1 or more; the paper takes the whole run.</param>
    /// <param name="weightDecay">λ of a decoupled decay; null for none.</param>
    /// <param name="beta1">β₁, where β₃ begins.</param>
    /// <param name="beta2">β₂; 0.999 by default.</param>
    /// <param name="beta3">What β₃ becomes.</param>
    /// <param name="alpha">What α becomes.</param>
    /// <param name="epsilon">ε.</param>
    public static Chain AdEmaMix(
        Schedule learningRate, long warmup, Schedule? weightDecay = null, double beta1 = 0.9, Schedule? beta2 = null, double beta3 = 0.9999, double alpha = 5, double epsilon = 1e-8) =>
        Decoupled(Updates.AdEmaMix.WarmedUp(warmup, beta1, beta2, beta3, alpha, epsilon), weightDecay, learningRate);

    /// <summary>Sophia: sophia → decoupled decay → learning rate. Liu et al. (2023), Sophia. A trainer makes the estimates of the curvature.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="weightDecay">λ; 0.2 by default.</param>
    /// <param name="beta1">β₁; 0.96 by default.</param>
    /// <param name="beta2">β₂; 0.99 by default.</param>
    /// <param name="gamma">γ; where left out the authors' 0.05 for the estimates of Gauss, Newton and Bartlett and their 0.01 for others.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="curvature">How and how often the curvature is estimated; <see cref="CurvatureEstimate.Hutchinson"/> every 10 steps where left out.</param>
    public static Chain Sophia(
        Schedule learningRate, Schedule? weightDecay = null, Schedule? beta1 = null, Schedule? beta2 = null, Schedule? gamma = null, double epsilon = 1e-12,
        CurvatureEstimate? curvature = null) =>
        Decoupled(Updates.Sophia.Scaling(beta1, beta2, gamma, epsilon, curvature), weightDecay ?? 0.2, learningRate);

    /// <summary>Lion: lion → decoupled decay if wanted → learning rate. Chen et al. (2023), Symbolic Discovery of Optimization Algorithms.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="beta1">β₁; 0.9 by default.</param>
    /// <param name="beta2">β₂; 0.99 by default.</param>
    /// <param name="weightDecay">λ of a decoupled decay; null for none.</param>
    public static Chain Lion(Schedule learningRate, Schedule? beta1 = null, Schedule? beta2 = null, Schedule? weightDecay = null) =>
        Decoupled(Updates.Lion.Scaling(beta1, beta2), weightDecay, learningRate);

    /// <summary>L2 decay if wanted → preconditioning → learning rate.</summary>
    private static Chain L2First(Schedule? weightDecay, UpdateRule preconditioning, Schedule learningRate) =>
        (weightDecay is null ? Chain.Of() : Chain.Of(WeightDecay.L2(weightDecay))).Then(preconditioning, LearningRate.Of(learningRate));
}
