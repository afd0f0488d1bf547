namespace Glissade.Schedules;

/// <summary>Exponential warm-up in which no step is wasted: the same factor between any two steps.</summary>
/// <param name="To">The value at the last of the n warm-up steps and after; finite, not 0.</param>
/// <param name="Steps">n, 1 or more.</param>
/// <param name="From">Where the ramp stands <em>before</em> the first step; finite, not 0, of the same sign.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
/// <remarks>
/// η(t) = from·(to/from)^((t + 1)/n) for t &lt; n, then to. As in <see cref="WarmupSchedule"/> the k-th of n steps stands k/n of the way, here on a
/// logarithmic scale; a ramp whose first step stands at <c>from</c> is <see cref="GeometricSchedule"/>.
/// <para>Of the kinds of warm-up in Goyal et al. (2017), Accurate, Large Minibatch SGD, the constant one raises the rate at once, the gradual one
/// by equal steps; this one raises it by equal factors.</para>
/// </remarks>
public sealed record WarmupExponentialSchedule(double To, long Steps, double From) : Schedule
{
    /// <summary>The value at the last warm-up step and after.</summary>
    public double To { get; } = ScheduleArguments.NotZero(To);

    /// <summary>Number of warm-up steps.</summary>
    public long Steps { get; } = ScheduleArguments.Steps(Steps);

    /// <summary>Where the ramp stands before the first step.</summary>
    public double From { get; } = ScheduleArguments.OfSign(From, To);

    /// <inheritdoc/>
    public override long? Length => Steps;

    /// <inheritdoc/>
    protected override double ValueAt(long step) => step >= Steps - 1 ? To : GeometricallyBetween(From, To, (step + 1.0) / Steps);

    /// <inheritdoc/>
    protected override string Describe() => $"exponential warm-up from {Show(From)} to {Show(To)} over {ShowSteps(Steps)}";
}
