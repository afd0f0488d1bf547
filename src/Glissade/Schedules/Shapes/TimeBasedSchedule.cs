namespace Glissade.Schedules;

/// <summary>Time-based decay: falls as one over time.</summary>
/// <param name="From">η₀, the value at step 0; finite.</param>
/// <param name="Rate">k, 0 or more; the value has halved after 1/k steps.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
/// <remarks>
/// η(t) = η₀/(1 + kt). Its sum diverges and the sum of its squares converges, which is what stochastic approximation asks for.
/// <para>Robbins and Monro (1951), A Stochastic Approximation Method.</para>
/// </remarks>
public sealed record TimeBasedSchedule(double From, double Rate) : Schedule
{
    /// <summary>The value at step 0.</summary>
    public double From { get; } = ScheduleArguments.Finite(From);

    /// <summary>One over the steps until the value has halved.</summary>
    public double Rate { get; } = ScheduleArguments.NotNegative(Rate);

    /// <inheritdoc/>
    public override long? Length => From == 0 || Rate == 0 ? 0 : null;

    /// <inheritdoc/>
    protected override double ValueAt(long step) => From / (1 + Rate * step);

    /// <inheritdoc/>
    protected override string Describe() => $"time-based from {Show(From)} at rate {Show(Rate)}";
}
