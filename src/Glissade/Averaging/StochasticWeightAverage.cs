using Glissade.Differentiation;
using Glissade.Updates;

namespace Glissade.Averaging;

/// <summary>The mean of the parameters at every so many steps, as at the end of each cycle of the learning rate.</summary>
/// <remarks>
/// θ̄ ← (1−c)θ̄ + cθ with c = 1/n at the n-th step that counts and 0 between; before the first the average is θ itself.
/// Steps s + k, s + 2k, … count. To be used with a constant or cyclic learning rate.
/// Izmailov, Podoprikhin, Garipov, Vetrov and Wilson (2018), Averaging Weights Leads to Wider Optima and Better Generalization.
/// <para>
/// Statistics that a network keeps of its activations, as batch normalisation does, belong to the weights with which they were measured; for the average they must be
/// measured anew, by a pass over the training data. The training session of Glissade.Learning does so wherever an average, of whatever kind, is evaluated or kept;
/// elsewhere its LayerStateMeasurement does it in one call.
/// </para>
/// </remarks>
public sealed record StochasticWeightAverage : ParameterAverage
{
    private StochasticWeightAverage(long start, long period) => (Start, Period) = (start, period);

    /// <inheritdoc/>
    public override string Name => "swa";

    /// <inheritdoc/>
    public override string Formula => "every k steps θ̄ ← (1−1/n)θ̄ + θ/n";

    /// <summary>s: steps before the first cycle.</summary>
    public long Start { get; }

    /// <summary>k: steps of a cycle.</summary>
    public long Period { get; }

    /// <summary>The mean of the parameters at steps s + k, s + 2k, ….</summary>
    /// <param name="start">s, 0 or more.</param>
    /// <param name="period">k, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The start is negative, or the period below 1.</exception>
    public static StochasticWeightAverage Of(long start, long period)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        return new StochasticWeightAverage(start, period);
    }

    /// <inheritdoc/>
    protected internal override Tensor Share(RuleScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return scope.Scalar("share", step =>
        {
            long after = step + 1 - Start;
            return after <= Period ? 1 : after % Period == 0 ? 1.0 / (after / Period) : 0;
        });
    }
}
