namespace Glissade.Schedules;

/// <summary>Decay by the square root of the way: steep at first, flat at the end.</summary>
/// <param name="From">η₀, the value at step 0; finite.</param>
/// <param name="To">η_end, the value at step T and after; finite.</param>
/// <param name="Steps">T, 1 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
/// <remarks>
/// η(t) = (η₀ − η_end)(1 − √(t/T)) + η_end for t &lt; T, then η_end.
/// <para>
/// Hägele et al. (2024), Scaling Laws and Compute-Optimal Training Beyond Fixed Training Durations, call it "1-sqrt" and end a constant rate with it.
/// </para>
/// </remarks>
public sealed record SquareRootSchedule(double From, double To, long Steps) : Schedule
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
    protected override double ValueAt(long step) => step >= Steps ? To : Between(From, To, Math.Sqrt((double)step / Steps));

    /// <inheritdoc/>
    protected override string Describe() => $"square root from {Show(From)} to {Show(To)} over {ShowSteps(Steps)}";
}
