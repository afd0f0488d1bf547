using Glissade.Differentiation;
using Glissade.Schedules;
using Glissade.Updates;

namespace Glissade.Averaging;

/// <summary>An exponential moving average of the parameters, freed of the bias of its start at zero.</summary>
/// <remarks>
/// θ̄ ← βθ̄ + (1−β)θ from θ̄ = 0; what is read is θ̄ / (1 − Π βᵢ), a convex combination of the iterates so far.
/// The average looks back about 1/(1−β) steps. Ruppert (1988) and Polyak and Juditsky (1992), Acceleration of Stochastic Approximation by Averaging,
/// for averaging; the bias is treated as in Kingma and Ba (2015).
/// </remarks>
public sealed record ExponentialMovingAverage : ParameterAverage
{
    private ExponentialMovingAverage(Schedule decay) => Decay = decay;

    /// <inheritdoc/>
    public override string Name => "ema";

    /// <inheritdoc/>
    public override string Formula => "θ̄ ← βθ̄ + (1−β)θ, read as θ̄/(1 − Πβ)";

    /// <summary>β in [0, 1).</summary>
    public Schedule Decay { get; }

    /// <summary>An average with the given decay.</summary>
    /// <param name="decay">β in [0, 1).</param>
    /// <exception cref="ArgumentOutOfRangeException">The decay begins outside [0, 1).</exception>
    public static ExponentialMovingAverage Of(Schedule decay)
    {
        ArgumentNullException.ThrowIfNull(decay);
        double first = decay.At(0);
        return first is >= 0 and < 1
            ? new ExponentialMovingAverage(decay)
            : throw new ArgumentOutOfRangeException(nameof(decay), first, $"The decay of an exponential moving average must be in [0, 1), not {first}.");
    }

    /// <inheritdoc/>
    protected internal override Tensor Trace(Tensor parameters, RuleScope scope)
    {
        Tensor decay = scope.Scalar(Decay);
        return scope.Debias(scope.State("average", previous => Functions.Blend(parameters, previous, decay)), Decay);
    }
}

/// <summary>Short name of <see cref="ExponentialMovingAverage"/>.</summary>
public static class Ema
{
    /// <summary>An average with the given decay; see <see cref="ExponentialMovingAverage.Of"/>.</summary>
    /// <param name="decay">β in [0, 1).</param>
    public static ExponentialMovingAverage Of(Schedule decay) => ExponentialMovingAverage.Of(decay);
}
