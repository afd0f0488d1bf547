using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <summary>What a rule may use while it is traced.</summary>
/// <remarks>Scalars are computed in double for each step and rounded to the element type; states are flat vectors of the length of θ and zero at first, unless said otherwise.</remarks>
public abstract partial class RuleScope
{
    private protected RuleScope(Tensor parameters, Layout layout) => (Parameters, Layout) = (parameters, layout);

    /// <summary>θ before the step.</summary>
    public Tensor Parameters { get; }

    /// <summary>Names, shapes and places of the parameters in θ.</summary>
    public Layout Layout { get; }

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

    /// <summary>Says that a state, and not θ, holds the parameters to evaluate and to keep, unless an average is asked for.</summary>
    /// <param name="state">A state as given by <see cref="State(string, Func{Tensor, Tensor})"/> or its kin, of the length of θ.</param>
    public abstract void ProvideEvaluation(Tensor state);

    /// <summary>Tells the step's outcome that the update was clipped where the value is not 0.</summary>
    /// <param name="clipped">A scalar.</param>
    public abstract void ReportClipped(Tensor clipped);

    /// <summary>Tells the step's outcome a factor of its learning rate; of factors for some parameters only, the greatest counts.</summary>
    /// <param name="rate">The factor over time.</param>
    public abstract void ReportLearningRate(Schedule rate);

    /// <summary>Whether the rule being traced is for some parameters only.</summary>
    internal bool IsRestricted { get; set; }

    internal abstract Tensor Mask(NamePatterns patterns, bool matching);
}
