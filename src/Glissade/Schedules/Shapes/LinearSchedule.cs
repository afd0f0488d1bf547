namespace Glissade.Schedules;

/// <summary>A straight line to a floor (or a ceiling), where it stays.</summary>
/// <param name="From">α₀, the value at step 0; finite.</param>
/// <param name="To">α_τ, the value at step τ and after; finite.</param>
/// <param name="Steps">τ, 1 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
/// <remarks>
/// α(t) = (1 − t/τ)·α₀ + (t/τ)·α_τ for t &lt; τ, then α_τ.
/// <para>Goodfellow, Bengio and Courville (2016), Deep Learning, section 8.3.1. PyTorch's LinearLR is this with α₀ and α_τ its two factors times the base rate.</para>
/// </remarks>
public sealed record LinearSchedule(double From, double To, long Steps) : Schedule
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
    protected override double ValueAt(long step) => step >= Steps ? To : Between(From, To, (double)step / Steps);

    /// <inheritdoc/>
    protected override string Describe() => $"linear from {Show(From)} to {Show(To)} over {ShowSteps(Steps)}";
}
