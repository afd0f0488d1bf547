using Glissade.Differentiation;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>What a rule may use while it is traced.</summary>
/// <remarks>Scalars are computed in double for each step and rounded to the element type; states are flat vectors of the length of θ, zero at first.</remarks>
public abstract class RuleScope
{
    private protected RuleScope(Tensor parameters) => Parameters = parameters;

    /// <summary>θ before the step.</summary>
    public Tensor Parameters { get; }

    /// <summary>A hyperparameter at the current step.</summary>
    /// <param name="schedule">The hyperparameter over time; steps count the applied steps before this one.</param>
    public abstract Tensor Scalar(Schedule schedule);

    /// <summary>Any number that depends on the step alone.</summary>
    /// <param name="name">What to call it in listings; a rule that asks twice for one name gets the same number.</param>
    /// <param name="value">Its value, given the number of applied steps before this one.</param>
    public abstract Tensor Scalar(string name, Func<long, double> value);

    /// <summary>A vector that is kept from step to step.</summary>
    /// <param name="name">Its name, unique in the rule; it is saved and restored under it.</param>
    /// <param name="next">The new state from the previous one.</param>
    /// <returns>The new state.</returns>
    public abstract Tensor State(string name, Func<Tensor, Tensor> next);

    /// <summary>A mean that began at zero, freed of its bias towards zero: mean / (1 − Π βᵢ) over the steps so far, this one included.</summary>
    /// <param name="mean">m ← βm + (1−β)x, begun at 0.</param>
    /// <param name="beta">β as a schedule, in [0, 1).</param>
    public abstract Tensor Debias(Tensor mean, Schedule beta);

    /// <summary>Tells the step's outcome that the update was clipped where the value is not 0.</summary>
    /// <param name="clipped">A scalar.</param>
    public abstract void ReportClipped(Tensor clipped);

    /// <summary>A learning rate at the current step; it bears the updater's <see cref="Updater{T}.LearningRateFactor"/>, and the step's outcome tells it.</summary>
    /// <remarks>
    /// Of several rates for all parameters the first bears the factor, and the outcome tells their product. Of rates for some parameters only, the greatest is
    /// told, and all bear the factor, unless there is one for all parameters that does.
    /// </remarks>
    /// <param name="rate">The rate over time; steps count the applied steps before this one.</param>
    public abstract Tensor LearningRate(Schedule rate);

    /// <summary>Whether the rule being traced is for some parameters only.</summary>
    internal bool IsRestricted { get; set; }

    internal abstract Tensor Mask(NamePatterns patterns, bool matching);
}
