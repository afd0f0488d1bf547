using System.Runtime.CompilerServices;
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

    /// <summary>1 in the first applied step, 0 in all later ones.</summary>
    public Tensor IsFirstStep => Scalar("first-step", step => step == 0 ? 1 : 0);

    /// <summary>The loss at θ, a scalar that the caller gives to <see cref="Updater{T}.Step(double)"/>.</summary>
    public abstract Tensor Loss { get; }

    /// <summary>An estimate of the diagonal of the Hessian, a flat vector of the length of θ: such as <see cref="UpdateRule.Curvature"/> asks for, or as the caller makes it.</summary>
    /// <remarks>Worth reading only where <see cref="CurvatureIsNew"/> is not 0.</remarks>
    /// <exception cref="ArgumentException">No rule says what estimates it wants, and the caller gave <c>Chain.Compile</c> no vector of his own.</exception>
    public abstract Tensor Curvature { get; }

    /// <summary>1 in a step for which <see cref="Updater{T}.CurvatureIsNew"/> was set, else 0.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Curvature"/>.</exception>
    public abstract Tensor CurvatureIsNew { get; }

    /// <summary>A number that does not change.</summary>
    /// <param name="value">The number.</param>
    public Tensor Constant(double value) => Parameters.Trace.Constant(value);

    /// <summary>A hyperparameter at the current step, listed in <see cref="Updater{T}.Hyperparameters"/>.</summary>
    /// <param name="schedule">The hyperparameter over time; steps count the applied steps before this one.</param>
    /// <param name="name">Its name; that of the property where left out, so that <c>Beta1</c> of the rule <c>adam</c> is <c>adam.beta1</c>.</param>
    public abstract Tensor Scalar(Schedule schedule, [CallerArgumentExpression(nameof(schedule))] string name = "");

    /// <summary>Any number that depends on the step alone.</summary>
    /// <param name="name">What to call it in listings; a rule that asks twice for one name gets the same number.</param>
    /// <param name="value">Its value, given the number of applied steps before this one.</param>
    public abstract Tensor Scalar(string name, Func<long, double> value);

    /// <summary>A number that depends on the step and on a number kept from step to step.</summary>
    /// <param name="name">What to call it in listings; a rule that asks twice for one name gets the same number.</param>
    /// <param name="kept">The kept number.</param>
    /// <param name="value">Its value, given the number of applied steps before this one and the kept number of this step.</param>
    public abstract Tensor Scalar(string name, KeptNumber kept, Func<long, double, double> value);

    /// <summary>A number that depends on the step and on a rate of the rule's own, such as that of noise which belongs to the learning rate before it.</summary>
    /// <remarks>The rate bears the updater's <see cref="Updater{T}.LearningRateFactor"/>, once, whatever other rates the chain has; the step's outcome does not tell it.</remarks>
    /// <param name="name">What to call it in listings; a rule that asks twice for one name gets the same number.</param>
    /// <param name="rate">The rate over time.</param>
    /// <param name="value">Its value, given the number of applied steps before this one and the rate of this step.</param>
    public abstract Tensor Scalar(string name, Schedule rate, Func<long, double, double> value);

    /// <summary>A number that is kept from step to step in double precision, and saved and restored with the state.</summary>
    /// <param name="name">Its name, unique in the rule.</param>
    /// <param name="start">Its value before the first step.</param>
    /// <param name="next">Its value of a step, given the number of applied steps before and the value of the step before.</param>
    public abstract KeptNumber Keep(string name, double start, Func<long, double, double> next);

    /// <summary>Independent numbers of the standard normal distribution, a flat vector of the length of θ, new in each step.</summary>
    /// <remarks>
    /// Taken from the <see cref="Numerics.RandomStream"/> of the seed, the rule's name in the chain and the number of applied steps, so that they depend
    /// neither on the number of threads nor on whether the run was stopped and resumed.
    /// </remarks>
    /// <param name="seed">The seed.</param>
    public abstract Tensor Noise(ulong seed);

    /// <summary>A vector that is kept from step to step.</summary>
    /// <param name="name">Its name, unique in the rule; it is saved and restored under it.</param>
    /// <param name="next">The new state from the previous one.</param>
    /// <returns>The new state.</returns>
    public abstract Tensor State(string name, Func<Tensor, Tensor> next);

    /// <summary>A running mean that is kept from step to step and begins at zero: m ← βm + (1−β)x.</summary>
    /// <remarks>
    /// Where β is a constant of ½ or more it is computed as m + (1−β)·(x − m) with one rounding of the difference and one of the result: one multiplication for each
    /// element, and as accurate, since what the difference loses is small beside βm. A difference beyond the greatest number makes m infinite, and an infinite m is
    /// not a number one step later, which that step's outcome tells. A scheduled β, or one below ½, makes it <see cref="Functions.Blend"/>, which loses nothing of x.
    /// </remarks>
    /// <param name="name">The state's name, unique in the rule; it is saved and restored under it.</param>
    /// <param name="value">x.</param>
    /// <param name="decay">β in [0, 1), listed as a hyperparameter.</param>
    /// <param name="decayName">The hyperparameter's name; that of the property where left out.</param>
    /// <returns>The new m.</returns>
    public Tensor RunningMean(string name, Tensor value, Schedule decay, [CallerArgumentExpression(nameof(decay))] string decayName = "")
    {
        ArgumentNullException.ThrowIfNull(decay);
        if (decay is not ConstantSchedule { Value: >= 0.5 } constant)
        {
            Tensor beta = Scalar(decay, decayName);
            return State(name, previous => Functions.Blend(value, previous, beta));
        }

        ReportHyperparameter(decay, decayName);
        Tensor share = Scalar($"1 − {decay}", _ => 1 - constant.Value);
        return State(name, previous => Functions.FusedMultiplyAdd(share, value - previous, previous));
    }

    /// <summary>A mean that began at zero, freed of its bias towards zero: mean / (1 − Π βᵢ) over the steps so far, this one included.</summary>
    /// <param name="mean">m ← βm + (1−β)x, begun at 0.</param>
    /// <param name="beta">β as a schedule, in [0, 1).</param>
    public abstract Tensor Debias(Tensor mean, Schedule beta);

    /// <summary>Says that a state, and not θ, holds the parameters to evaluate and to keep, as far as the rule applies to them and unless an average is asked for.</summary>
    /// <param name="state">A state as given by <see cref="State(string, Func{Tensor, Tensor})"/> or its kin, of the length of θ.</param>
    public abstract void ProvideEvaluation(Tensor state);

    /// <summary>Lists a hyperparameter in <see cref="Updater{T}.Hyperparameters"/> that enters the rule in another way than by <see cref="Scalar(Schedule, string)"/>.</summary>
    /// <param name="schedule">The hyperparameter over time.</param>
    /// <param name="name">Its name; that of the property where left out.</param>
    public abstract void ReportHyperparameter(Schedule schedule, [CallerArgumentExpression(nameof(schedule))] string name = "");

    /// <summary>Tells the step's outcome that the update was clipped where the value is not 0.</summary>
    /// <param name="clipped">A scalar: the share of elements that were clipped, 1 for a clip that shortens all alike.</param>
    public abstract void ReportClipped(Tensor clipped);

    /// <summary>A learning rate at the current step; it bears the updater's <see cref="Updater{T}.LearningRateFactor"/>, and the step's outcome tells it.</summary>
    /// <remarks>
    /// Of several rates for all parameters the first bears the factor, and the outcome tells their product. Of rates for some parameters only, the greatest is
    /// told, and all bear the factor, unless there is one for all parameters that does.
    /// </remarks>
    /// <param name="rate">The rate over time; steps count the applied steps before this one.</param>
    /// <param name="name">Its name in <see cref="Updater{T}.Hyperparameters"/>; that of the property where left out.</param>
    public abstract Tensor LearningRate(Schedule rate, [CallerArgumentExpression(nameof(rate))] string name = "");

    /// <summary>Tells the step's outcome a factor of its learning rate that is only known once the step is computed.</summary>
    /// <param name="rate">A scalar.</param>
    public abstract void ReportLearningRate(Tensor rate);

    /// <summary>Whether the rule being traced is for some parameters only.</summary>
    internal bool IsRestricted { get; set; }

    /// <summary>Says that of the parameters to which the rule applies θ itself is what is evaluated and kept, whatever a rule before it has said.</summary>
    internal abstract void EvaluateParameters();

    /// <summary>Refuses a rule that stands behind one which keeps what is evaluated in a state of its own.</summary>
    internal abstract void RequireOwnEvaluation(string because);

    internal abstract Tensor Mask(NamePatterns patterns, bool matching);
}
