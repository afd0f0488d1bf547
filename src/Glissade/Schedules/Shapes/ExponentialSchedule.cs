namespace Glissade.Schedules;

/// <summary>Exponential decay by its factor: multiplied by the same factor at every step.</summary>
/// <param name="From">η₀, the value at step 0; finite.</param>
/// <param name="Factor">γ, 0 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
/// <remarks>
/// η(t) = η₀·γᵗ. With γ above 1 it grows, as a sweep over learning rates wants, and overflows to infinity if it is let to: bound it with
/// <see cref="Schedule.For"/> or <see cref="Schedule.Clamp"/>.
/// <para>PyTorch's ExponentialLR. The same curve by its rate is <see cref="ExponentialRateSchedule"/>.</para>
/// </remarks>
public sealed record ExponentialSchedule(double From, double Factor) : Schedule
{
    /// <summary>The value at step 0.</summary>
    public double From { get; } = ScheduleArguments.Finite(From);

    /// <summary>What each step multiplies the value by.</summary>
    public double Factor { get; } = ScheduleArguments.NotNegative(Factor);

    /// <inheritdoc/>
    public override long? Length => From == 0 || Factor == 1 ? 0 : Factor == 0 ? 1 : null;

    /// <inheritdoc/>
    protected override double ValueAt(long step) => From == 0 ? 0 : From * Math.Pow(Factor, step);

    /// <inheritdoc/>
    protected override string Describe() => $"{Show(From)} times {Show(Factor)} every step";
}
