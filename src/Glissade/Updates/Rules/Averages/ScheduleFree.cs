using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>Averaging in the place of a schedule: gradients are taken between the iterate and its average, and the average is the result.</summary>
/// <remarks>
/// <para>
/// z ← z − γu, x ← (1−c)x + cz with c = γ²/Σγ², θ = (1−β)z + βx, begun at z = x = θ. θ is where gradients are taken; the average x is what
/// is evaluated and kept. Takes the place of the learning rate; γ should be constant after a warm-up, which the weights γ² are for.
/// </para>
/// <para>
/// Alone it is schedule-free gradient descent; after <c>Adam.Scaling(beta1: 0)</c> and decay it is schedule-free AdamW.
/// Defazio, Yang, Mehta, Mishchenko, Khaled and Cutkosky (2024), The Road Less Scheduled.
/// </para>
/// </remarks>
/// <param name="Rate">γ, 0 or more.</param>
/// <param name="Interpolation">β in [0, 1]; 0.9 in the paper.</param>
public sealed record ScheduleFree(Schedule Rate, Schedule Interpolation) : UpdateRule
{
    /// <summary>γ, 0 or more.</summary>
    public Schedule Rate { get; } = Hyperparameter.NotNegative(Rate);

    /// <summary>β in [0, 1].</summary>
    public Schedule Interpolation { get; } = Hyperparameter.Share(Interpolation);

    /// <inheritdoc/>
    public override string Name => "schedule-free";

    /// <inheritdoc/>
    public override string Formula => "z ← z − γu, x ← (1−c)x + cz, θ = (1−β)z + βx, c = γ²/Σγ²";

    /// <summary>Schedule-free steps as the last link of a chain.</summary>
    /// <param name="rate">γ, 0 or more.</param>
    /// <param name="interpolation">β in [0, 1]; 0.9 by default.</param>
    public static ScheduleFree Of(Schedule rate, Schedule? interpolation = null) => new(rate, interpolation ?? 0.9);

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor update, RuleScope scope)
    {
        Tensor rate = scope.LearningRate(Rate);
        Tensor weight = rate * rate;
        Tensor sum = scope.State("weight-sum", Shape.Scalar, previous => previous + weight);
        Tensor share = Functions.Select(Functions.Greater(sum, 0), weight / sum, 0);
        Tensor z = scope.StateFromParameters("iterate", previous => previous - (rate * update));
        Tensor x = scope.StateFromParameters("average", previous => Functions.Blend(previous, z, share));
        scope.ProvideEvaluation(x);
        return scope.Parameters - Functions.Blend(z, x, scope.Scalar(Interpolation));
    }
}
