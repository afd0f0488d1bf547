namespace Glissade.Schedules;

/// <summary>Cosine annealing with warm restarts: half a cosine wave again and again, each time over a period that may be longer than the last.</summary>
/// <param name="From">η_max, the value at every start of the first period; finite.</param>
/// <param name="To">η_min, which every period runs towards; finite.</param>
/// <param name="Period">T₀, the steps of the first period, 1 or more.</param>
/// <param name="Multiplier">m, how many times longer each period is than the one before, 1 or more.</param>
/// <param name="Decay">γ, what each restart multiplies the height above η_min by, in [0, 1]; 1 in the paper's experiments.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
/// <remarks>
/// η(t) = η_min + ½γⁱ(η_max − η_min)(1 + cos(π s/Tᵢ)), where step t is step s of period i, counted from 0, and Tᵢ = T₀mⁱ. The value η_min itself is
/// never taken on: the step that would do so is the first of the next period. The period is found in ⌈log_m t⌉ steps at most, in one for m = 1.
/// <para>
/// Loshchilov and Hutter (2017), SGDR: Stochastic Gradient Descent with Warm Restarts. PyTorch's CosineAnnealingWarmRestarts, for γ = 1; Optax's
/// sgdr_schedule.
/// </para>
/// </remarks>
public sealed record CosineRestartsSchedule(double From, double To, long Period, long Multiplier = 1, double Decay = 1) : Schedule
{
    /// <summary>The value at the first step.</summary>
    public double From { get; } = ScheduleArguments.Finite(From);

    /// <summary>What every period runs towards.</summary>
    public double To { get; } = ScheduleArguments.Finite(To);

    /// <summary>The steps of the first period.</summary>
    public long Period { get; } = ScheduleArguments.Steps(Period);

    /// <summary>How many times longer each period is than the one before.</summary>
    public long Multiplier { get; } = ScheduleArguments.Steps(Multiplier);

    /// <summary>What each restart multiplies the height above <see cref="To"/> by.</summary>
    public double Decay { get; } = ScheduleArguments.Share(Decay);

    /// <inheritdoc/>
    public override long? Length => From == To ? 0 : Decay == 0 ? Period : null;

    /// <inheritdoc/>
    protected override double ValueAt(long step)
    {
        (long cycle, Int128 within, Int128 period) = Place(step);
        double start = cycle == 0 || Decay == 1 ? From : Between(To, From, Math.Pow(Decay, cycle));
        return Between(To, start, 0.5 * (1 + Math.Cos(Math.PI * (double)within / (double)period)));
    }

    /// <inheritdoc/>
    /// <remarks>Each period falls from its start to its last step, so the ends of periods are where the extremes can be.</remarks>
    protected override (double Low, double High) BoundsTo(long last)
    {
        (long cycle, Int128 within, Int128 period) = Place(last);
        double low = Math.Min(From, At(last)), high = Math.Max(From, At(last));

        // Of the periods that are whole, the last one is the longest and starts nearest to its end: it comes nearest to it.
        if (cycle > 0)
        {
            double end = At((long)(last - within - 1));
            (low, high) = (Math.Min(low, end), Math.Max(high, end));
        }

        return (low, high);
    }

    /// <inheritdoc/>
    protected override string Describe()
        => $"cosine from {Show(From)} to {Show(To)}, restarted after {ShowSteps(Period)}"
        + (Multiplier == 1 ? " each" : $", each period {ShowCount(Multiplier)} times the last")
        + (Decay == 1 ? "" : $", each height {Show(Decay)} times the last");

    /// <summary>The period of a step, the step's place in it, and how long it is. A period may be longer than a <see cref="long"/> counts.</summary>
    private (long Cycle, Int128 Within, Int128 Period) Place(long step)
    {
        if (Multiplier == 1)
        {
            return (step / Period, step % Period, Period);
        }

        long cycle = 0;
        Int128 within = step, period = Period;
        for (; within >= period; cycle++)
        {
            within -= period;
            period *= Multiplier;
        }

        return (cycle, within, period);
    }
}
