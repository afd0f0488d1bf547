using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Named optimizers, each a ready-made chain.</summary>
public static partial class Optimizers
{
    /// <summary>Stochastic gradient descent: L2 decay → momentum → learning rate, each if wanted.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="momentum">μ; null for none.</param>
    /// <param name="nesterov">Nesterov's form of momentum.</param>
    /// <param name="dampening">d; null for none.</param>
    /// <param name="weightDecay">λ of an L2 term; null for none.</param>
    /// <exception cref="ArgumentException">Nesterov's form without momentum, or with dampening.</exception>
    public static Chain Sgd(Schedule learningRate, Schedule? momentum = null, bool nesterov = false, Schedule? dampening = null, Schedule? weightDecay = null)
    {
        if (nesterov && (momentum is null || dampening is not null))
        {
            throw new ArgumentException("Nesterov's momentum needs a momentum coefficient and has no dampening.", nameof(nesterov));
        }

        var rules = new List<UpdateRule>();
        if (weightDecay is not null)
        {
            rules.Add(WeightDecay.L2(weightDecay));
        }

        if (momentum is not null)
        {
            rules.Add(nesterov ? Momentum.Nesterov(momentum) : Momentum.Of(momentum, dampening));
        }

        return Chain.Of([.. rules, LearningRate.Of(learningRate)]);
    }

    /// <summary>AdaGrad: adagrad → learning rate.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="epsilon">ε.</param>
    public static Chain AdaGrad(Schedule learningRate, double epsilon = 1e-10) => Chain.Of(Updates.AdaGrad.Scaling(epsilon), LearningRate.Of(learningRate));

    /// <summary>RMSProp: rmsprop → momentum → learning rate.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="decay">α; 0.99 by default.</param>
    /// <param name="momentum">μ; null for none.</param>
    /// <param name="centered">Whether the mean is subtracted.</param>
    /// <param name="epsilon">ε.</param>
    public static Chain RmsProp(Schedule learningRate, Schedule? decay = null, Schedule? momentum = null, bool centered = false, double epsilon = 1e-8)
    {
        Chain chain = Chain.Of(Updates.RmsProp.Scaling(decay, centered, epsilon));
        return (momentum is null ? chain : chain.Then(Momentum.Of(momentum))).Then(LearningRate.Of(learningRate));
    }

    /// <summary>Adam: L2 decay if wanted → adam → learning rate.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="beta1">β₁; 0.9 by default.</param>
    /// <param name="beta2">β₂; 0.999 by default.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="weightDecay">λ of an L2 term, which the preconditioning rescales; null for none. See <see cref="AdamW"/>.</param>
    public static Chain Adam(Schedule learningRate, Schedule? beta1 = null, Schedule? beta2 = null, double epsilon = 1e-8, Schedule? weightDecay = null)
    {
        Chain chain = weightDecay is null ? Chain.Of() : Chain.Of(WeightDecay.L2(weightDecay));
        return chain.Then(Updates.Adam.Scaling(beta1, beta2, epsilon), LearningRate.Of(learningRate));
    }

    /// <summary>AdamW: adam → decoupled decay → learning rate. Loshchilov and Hutter (2019), Decoupled Weight Decay Regularization.</summary>
    /// <param name="learningRate">η.</param>
    /// <param name="weightDecay">λ; 0.01 by default.</param>
    /// <param name="beta1">β₁; 0.9 by default.</param>
    /// <param name="beta2">β₂; 0.999 by default.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="except">Name patterns of parameters without decay, such as <c>*.bias</c>.</param>
    public static Chain AdamW(Schedule learningRate, Schedule? weightDecay = null, Schedule? beta1 = null, Schedule? beta2 = null, double epsilon = 1e-8, params IReadOnlyList<string> except)
    {
        ArgumentNullException.ThrowIfNull(except);
        return Decoupled(Updates.Adam.Scaling(beta1, beta2, epsilon), weightDecay ?? 0.01, learningRate, except);
    }

    /// <summary>Preconditioning → decoupled decay if wanted, but for some names → learning rate.</summary>
    private static Chain Decoupled(UpdateRule preconditioning, Schedule? weightDecay, Schedule learningRate, params IReadOnlyList<string> except)
    {
        if (weightDecay is null)
        {
            return Chain.Of(preconditioning, LearningRate.Of(learningRate));
        }

        UpdateRule decay = WeightDecay.Decoupled(weightDecay);
        return Chain.Of(preconditioning, except.Count == 0 ? decay : decay.Except(except), LearningRate.Of(learningRate));
    }
}
