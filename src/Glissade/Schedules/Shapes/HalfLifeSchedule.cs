namespace Glissade.Schedules;

/// <summary>Warm-up of a decay of a running mean along which its half-life, and not the decay itself, moves in a straight line.</summary>
/// <param name="From">Where the ramp stands <em>before</em> the first step; in (0, 1).</param>
/// <param name="To">The value at the last of the n steps and after; in (0, 1).</param>
/// <param name="Steps">n, 1 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
/// <remarks>
/// β(t) = exp(ln β₀·ln β₁ / ((1 − p)·ln β₁ + p·ln β₀)) with p = (t + 1)/n for t &lt; n, then β₁ (the half-life of a mean is ln ½/ln β).
/// A straight line of β itself would spend nearly all of the warm-up at short memories: from 0.9 to 0.9999 its middle, 0.94995, remembers 14 steps
/// by half, where this one's remembers 3,469.
/// <para>Pagliardini, Ablin and Grangier (2024), The AdEMAMix Optimizer: Better, Faster, Older, appendix A.1.</para>
/// </remarks>
public sealed record HalfLifeSchedule(double From, double To, long Steps) : Schedule
{
    /// <summary>Where the ramp stands before the first step.</summary>
    public double From { get; } = Inside(From, nameof(From));

    /// <summary>The value at the last step of the ramp and after.</summary>
    public double To { get; } = Inside(To, nameof(To));

    /// <summary>Number of steps of the ramp.</summary>
    public long Steps { get; } = ScheduleArguments.Steps(Steps);

    /// <inheritdoc/>
    public override long? Length => Steps;

    /// <inheritdoc/>
    protected override double ValueAt(long step)
    {
        if (step >= Steps - 1)
        {
            return To;
        }

        double progress = (step + 1.0) / Steps, from = Math.Log(From), to = Math.Log(To);
        return Math.Clamp(Math.Exp(from * to / (((1 - progress) * to) + (progress * from))), Math.Min(From, To), Math.Max(From, To));
    }

    /// <inheritdoc/>
    protected override string Describe() => $"half-life warm-up from {Show(From)} to {Show(To)} over {ShowSteps(Steps)}";

    private static double Inside(double value, string name) => value is > 0 and < 1
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"'{name}' is a decay and must be above 0 and below 1.");
}
