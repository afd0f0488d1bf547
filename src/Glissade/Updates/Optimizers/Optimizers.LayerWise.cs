using Glissade.Schedules;

namespace Glissade.Updates;

/// <content>Optimizers that see each parameter with its own shape, and those that find their own step size.</content>
public static partial class Optimizers
{
    /// <summary>LARS: lars → learning rate → momentum. You, Gitman and Ginsburg (2017), Large Batch Training of Convolutional Networks.</summary>
    /// <param name="learningRate">γ.</param>
    /// <param name="momentum">m; 0.9 by default.</param>
    /// <param name="trust">τ; 0.001 by default.</param>
    /// <param name="weightDecay">β; 0.0005 by default.</param>
    public static Chain Lars(Schedule learningRate, Schedule? momentum = null, Schedule? trust = null, Schedule? weightDecay = null) =>
        Chain.Of(Updates.Lars.Scaling(trust, weightDecay ?? 0.0005), LearningRate.Of(learningRate), Momentum.Of(momentum ?? 0.9));

    /// <summary>LAMB: adam → decoupled decay → trust ratio → learning rate. You et al. (2020), Large Batch Optimization for Deep Learning.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="weightDecay">λ; 0.01 by default.</param>
    /// <param name="beta1">β₁; 0.9 by default.</param>
    /// <param name="beta2">β₂; 0.999 by default.</param>
    /// <param name="epsilon">ε, 1e-6 by default.</param>
    public static Chain Lamb(Schedule learningRate, Schedule? weightDecay = null, Schedule? beta1 = null, Schedule? beta2 = null, double epsilon = 1e-6) =>
        Chain.Of(Updates.Adam.Scaling(beta1, beta2, epsilon), WeightDecay.Decoupled(weightDecay ?? 0.01), new TrustRatio(), LearningRate.Of(learningRate));

    /// <summary>Adafactor: adafactor → learning rate, or with relative steps adafactor → parameter scale → min(0.01, 1/√t). Shazeer and Stern (2018), Adafactor.</summary>
    /// <param name="learningRate">η; null for relative steps.</param>
    public static Chain Adafactor(Schedule? learningRate = null) => learningRate is null
        ? Chain.Of(Updates.Adafactor.Scaling(), new ParameterScale(), LearningRate.Of(new RelativeStep()))
        : Chain.Of(Updates.Adafactor.Scaling(), LearningRate.Of(learningRate));

    /// <summary>NovoGrad: novograd → decoupled decay → momentum → learning rate. Ginsburg et al. (2019), Stochastic Gradient Methods with Layer-wise Adaptive Moments.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="beta1">β₁ of the momentum; 0.95 by default.</param>
    /// <param name="beta2">β₂; 0.98 by default.</param>
    /// <param name="weightDecay">d; null for none.</param>
    /// <param name="epsilon">ε, 1e-8 by default.</param>
    public static Chain NovoGrad(Schedule learningRate, Schedule? beta1 = null, Schedule? beta2 = null, Schedule? weightDecay = null, double epsilon = 1e-8)
    {
        Chain chain = Chain.Of(Updates.NovoGrad.Scaling(beta2, epsilon));
        return (weightDecay is null ? chain : chain.Then(WeightDecay.Decoupled(weightDecay))).Then(Momentum.Of(beta1 ?? 0.95), LearningRate.Of(learningRate));
    }

    /// <summary>Muon: Nesterov's momentum → orthogonalize → decoupled decay if wanted → learning rate. Jordan et al. (2024), Muon: An Optimizer for Hidden Layers in Neural Networks.</summary>
    /// <remarks>
    /// Meant for the matrices of hidden layers; scalars and vectors get plain momentum here, so give them, and the first and last layers, a chain of their own:
    /// <c>Groups.Of(Optimizers.AdamW(3e-4), ("hidden*.weight", Optimizers.Muon(0.02)))</c>.
    /// </remarks>
    /// <param name="learningRate">η; 0.02 is usual.</param>
    /// <param name="momentum">μ; 0.95 by default.</param>
    /// <param name="weightDecay">λ; null for none.</param>
    public static Chain Muon(Schedule learningRate, Schedule? momentum = null, Schedule? weightDecay = null)
    {
        Chain chain = Chain.Of(Momentum.Nesterov(momentum ?? 0.95), new Orthogonalization());
        return (weightDecay is null ? chain : chain.Then(WeightDecay.Decoupled(weightDecay))).Then(LearningRate.Of(learningRate));
    }

    /// <summary>Shampoo: shampoo → momentum if wanted → learning rate. Gupta, Koren and Singer (2018), Shampoo: Preconditioned Stochastic Tensor Optimization.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="momentum">μ; null for none.</param>
    /// <param name="epsilon">ε, 1e-4 by default.</param>
    /// <param name="decay">β of the preconditioners; null for plain sums.</param>
    public static Chain Shampoo(Schedule learningRate, Schedule? momentum = null, double epsilon = 1e-4, Schedule? decay = null)
    {
        Chain chain = Chain.Of(Updates.Shampoo.Scaling(epsilon, decay));
        return (momentum is null ? chain : chain.Then(Momentum.Of(momentum))).Then(LearningRate.Of(learningRate));
    }

    /// <summary>Prodigy: prodigy alone, which finds its step size. Mishchenko and Defazio (2024), Prodigy: An Expeditiously Adaptive Parameter-Free Learner.</summary>
    /// <param name="rate">γ, a factor of the step size found; 1 by default.</param>
    /// <param name="beta1">β₁; 0.9 by default.</param>
    /// <param name="beta2">β₂; 0.999 by default.</param>
    public static Chain Prodigy(Schedule? rate = null, Schedule? beta1 = null, Schedule? beta2 = null) => Chain.Of(Updates.Prodigy.Scaling(rate, beta1, beta2));

    /// <summary>Gradient descent with D-Adaptation, which finds its step size. Defazio and Mishchenko (2023), Learning-Rate-Free Learning by D-Adaptation.</summary>
    /// <param name="rate">γ, a factor of the step size found; 1 by default.</param>
    /// <param name="momentum">β; 0.9 by default.</param>
    public static Chain DAdaptedSgd(Schedule? rate = null, Schedule? momentum = null) => Chain.Of(DAdaptation.Descent(rate, momentum));

    /// <summary>Adam with D-Adaptation, which finds its step size. Defazio and Mishchenko (2023), Learning-Rate-Free Learning by D-Adaptation.</summary>
    /// <param name="rate">γ, a factor of the step size found; 1 by default.</param>
    /// <param name="beta1">β₁; 0.9 by default.</param>
    /// <param name="beta2">β₂; 0.999 by default.</param>
    public static Chain DAdaptedAdam(Schedule? rate = null, Schedule? beta1 = null, Schedule? beta2 = null) => Chain.Of(DAdaptation.Adam(rate, beta1, beta2));

    /// <summary>min(0.01, 1/√t) for step t from 1: Adafactor's relative step size.</summary>
    private sealed record RelativeStep : Schedule
    {
        public override long? Length => null;

        protected override double ValueAt(long step) => Math.Min(0.01, 1 / Math.Sqrt(step + 1.0));

        protected override string Describe() => "the lesser of 0.01 and 1/√t";
    }
}
