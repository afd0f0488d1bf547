using Glissade.Differentiation;
using Glissade.Updates;

namespace Glissade.Averaging;

/// <summary>The plain mean of the iterates, of all of them or from some step on.</summary>
/// <remarks>
/// θ̄ ← (1−c)θ̄ + cθ with c = 1/n for the n-th iterate that counts; before the first that counts the average is θ itself.
/// Ruppert (1988), Efficient Estimations from a Slowly Convergent Robbins–Monro Process; Polyak and Juditsky (1992), Acceleration of Stochastic Approximation by Averaging.
/// </remarks>
public sealed record IterateAverage : ParameterAverage
{
    // Lest 0.29 of 100 steps be 28 for a rounded product.
    private const double Slack = 1e-14;

    private IterateAverage(long start) => Start = start;

    /// <inheritdoc/>
    public override string Name => "polyak-ruppert";

    /// <inheritdoc/>
    public override string Formula => "θ̄ ← (1−1/n)θ̄ + θ/n";

    /// <summary>Steps before the first iterate that counts.</summary>
    public long Start { get; }

    /// <summary>The mean of the iterates from a step on.</summary>
    /// <param name="start">Steps before the first iterate that counts; 0 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">The start is negative.</exception>
    public static IterateAverage From(long start = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        return new IterateAverage(start);
    }

    /// <summary>The mean of the last iterates of a run.</summary>
    /// <param name="fraction">Which part of the run counts, in (0, 1]: of n steps the last ⌊fraction·n⌋, but one at least.</param>
    /// <param name="steps">Steps of the run.</param>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is outside (0, 1], or the number of steps below 1.</exception>
    public static IterateAverage OfLast(double fraction, long steps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return fraction is > 0 and <= 1
            ? new IterateAverage(steps - Math.Clamp((long)Math.Floor(fraction * steps * (1 + Slack)), 1, steps))
            : throw new ArgumentOutOfRangeException(nameof(fraction), fraction, FormattableString.Invariant($"fraction must be in (0, 1], not {fraction}."));
    }

    /// <inheritdoc/>
    protected internal override Tensor Share(RuleScope scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return scope.Scalar("share", step => step <= Start ? 1 : 1.0 / (step - Start + 1));
    }
}
