namespace Glissade.Schedules;

/// <summary>Polynomial decay: a power of what remains of the way.</summary>
/// <param name="From">η₀, the value at step 0; finite.</param>
/// <param name="To">η_end, the value at step T and after; finite.</param>
/// <param name="Steps">T, 1 or more.</param>
/// <param name="Power">p, above 0: 1 is the straight line, above 1 falls fast at first, below 1 fast at the end.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
/// <remarks>
/// η(t) = (η₀ − η_end)(1 − t/T)^p + η_end for t &lt; T, then η_end.
/// <para>Chen et al. (2018), DeepLab, call it the "poly" policy. PyTorch's PolynomialLR, whose end is 0.</para>
/// </remarks>
public sealed record PolynomialSchedule(double From, double To, long Steps, double Power) : Schedule
{
    /// <summary>The value at step 0.</summary>
    public double From { get; } = ScheduleArguments.Finite(From);

    /// <summary>The value at step <see cref="Steps"/> and after.</summary>
    public double To { get; } = ScheduleArguments.Finite(To);

    /// <summary>Steps from one end to the other.</summary>
    public long Steps { get; } = ScheduleArguments.Steps(Steps);

    /// <summary>The power of what remains.</summary>
    public double Power { get; } = ScheduleArguments.Positive(Power);

    /// <inheritdoc/>
    public override long? Length => Steps;

    /// <inheritdoc/>
    protected override double ValueAt(long step)
        => step >= Steps ? To : Between(To, From, Math.Pow((double)(Steps - step) / Steps, Power));

    /// <inheritdoc/>
    protected override string Describe() => $"polynomial of power {Show(Power)} from {Show(From)} to {Show(To)} over {ShowSteps(Steps)}";
}
