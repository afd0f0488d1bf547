namespace Glissade.Schedules;

/// <summary>Step decay: multiplied by a factor every so many steps.</summary>
/// <param name="From">η₀, the value at first; finite.</param>
/// <param name="Factor">γ, 0 or more.</param>
/// <param name="Every">s, the steps between two multiplications, 1 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
/// <remarks>
/// η(t) = η₀·γ^⌊t/s⌋. With γ above 1 it grows, and overflows to infinity if it is let to: bound it with <see cref="Schedule.For"/> or <see cref="Schedule.Clamp"/>.
/// <para>He et al. (2016), Deep Residual Learning for Image Recognition, divide the rate so. PyTorch's StepLR.</para>
/// </remarks>
public sealed record StepSchedule(double From, double Factor, long Every) : Schedule
{
    /// <summary>The value at first.</summary>
    public double From { get; } = ScheduleArguments.Finite(From);

    /// <summary>What the value is multiplied by.</summary>
    public double Factor { get; } = ScheduleArguments.NotNegative(Factor);

    /// <summary>Steps between two multiplications.</summary>
    public long Every { get; } = ScheduleArguments.Steps(Every);

    /// <inheritdoc/>
    public override long? Length => From == 0 || Factor == 1 ? 0 : Factor == 0 ? Every : null;

    /// <inheritdoc/>
    protected override double ValueAt(long step) => From == 0 ? 0 : From * Math.Pow(Factor, step / Every);

    /// <inheritdoc/>
    protected override string Describe() => $"{Show(From)} times {Show(Factor)} every {ShowSteps(Every)}";
}
