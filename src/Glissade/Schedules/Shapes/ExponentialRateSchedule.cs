namespace Glissade.Schedules;

/// <summary>Exponential decay by its rate.</summary>
/// <param name="From">η₀, the value at step 0; finite.</param>
/// <param name="Rate">k, 0 or more; the value halves every ln 2/k steps.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
/// <remarks>
/// η(t) = η₀·e^(−kt), the solution of dη/dt = −kη.
/// <para>The same curve by its factor γ = e^(−k) is <see cref="ExponentialSchedule"/>; the two agree to rounding.</para>
/// </remarks>
public sealed record ExponentialRateSchedule(double From, double Rate) : Schedule
{
    /// <summary>The value at step 0.</summary>
    public double From { get; } = ScheduleArguments.Finite(From);

    /// <summary>The share of the value lost per step, for small shares.</summary>
    public double Rate { get; } = ScheduleArguments.NotNegative(Rate);

    /// <inheritdoc/>
    public override long? Length => From == 0 || Rate == 0 ? 0 : null;

    /// <inheritdoc/>
    protected override double ValueAt(long step) => From * Math.Exp(-Rate * step);

    /// <inheritdoc/>
    protected override string Describe() => $"exponential from {Show(From)} at rate {Show(Rate)}";
}
