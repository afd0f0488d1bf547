using Glissade.Schedules;

namespace Glissade.Updates;

public static partial class Optimizers
{
    /// <summary>Schedule-free gradient descent; see <see cref="ScheduleFree"/>.</summary>
    /// <param name="learningRate">γ; constant, after a warm-up if wanted.</param>
    /// <param name="interpolation">β; 0.9 by default.</param>
    /// <param name="weightDecay">λ, taken at θ; null for none.</param>
    public static Chain ScheduleFreeSgd(Schedule learningRate, Schedule? interpolation = null, Schedule? weightDecay = null) =>
        Chain.Of([.. weightDecay is null ? Array.Empty<UpdateRule>() : [WeightDecay.L2(weightDecay)], ScheduleFree.Of(learningRate, interpolation)]);

    /// <summary>Schedule-free AdamW: adam without its first moment → decoupled decay if wanted → <see cref="ScheduleFree"/>.</summary>
    /// <param name="learningRate">γ; constant, after a warm-up if wanted.</param>
    /// <param name="interpolation">β, in the place of β₁; 0.9 by default.</param>
    /// <param name="beta2">β₂; 0.999 by default.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="weightDecay">λ, taken at θ; null for none.</param>
    public static Chain ScheduleFreeAdamW(
        Schedule learningRate, Schedule? interpolation = null, Schedule? beta2 = null, double epsilon = 1e-8, Schedule? weightDecay = null) =>
        Chain.Of(
        [
            Updates.Adam.Scaling(0, beta2, epsilon),
            .. weightDecay is null ? Array.Empty<UpdateRule>() : [WeightDecay.Decoupled(weightDecay)],
            ScheduleFree.Of(learningRate, interpolation),
        ]);
}
