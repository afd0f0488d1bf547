namespace Glissade.Schedules;

/// <summary>Cosine annealing: half a cosine wave, flat at both ends, then its end for ever.</summary>
/// <param name="From">η_max, the value at step 0; finite.</param>
/// <param name="To">η_min, the value at step T and after; finite.</param>
/// <param name="Steps">T, 1 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
/// <remarks>
/// η(t) = η_min + ½(η_max − η_min)(1 + cos(π t/T)) for t &lt; T, then η_min. PyTorch's CosineAnnealingLR climbs again after T; this one rests.
/// <para>Loshchilov and Hutter (2017), SGDR: Stochastic Gradient Descent with Warm Restarts.</para>
/// </remarks>
public sealed record CosineSchedule(double From, double To, long Steps) : Schedule
{
    /// <summary>The value at step 0.</summary>
    public double From { get; } = ScheduleArguments.Finite(From);

    /// <summary>The value at step <see cref="Steps"/> and after.</summary>
    public double To { get; } = ScheduleArguments.Finite(To);

    /// <summary>Steps from one end to the other.</summary>
    public long Steps { get; } = ScheduleArguments.Steps(Steps);

    /// <inheritdoc/>
    public override long? Length => Steps;

    /// <inheritdoc/>
    protected override double ValueAt(long step)
        => step >= Steps ? To : Between(To, From, 0.5 * (1 + Math.Cos(Math.PI * step / Steps)));

    /// <inheritdoc/>
    protected override string Describe() => $"cosine from {Show(From)} to {Show(To)} over {ShowSteps(Steps)}";
}
