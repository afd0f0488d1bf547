namespace Glissade.Schedules;

/// <summary>An exponential curve between two ends, then its end for ever: a straight line on a logarithmic scale.</summary>
/// <param name="From">η₀, the value at step 0; finite, not 0.</param>
/// <param name="To">η_end, the value at step T and after; finite, not 0, of the same sign.</param>
/// <param name="Steps">T, 1 or more.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
/// <remarks>
/// η(t) = η₀·(η_end/η₀)^(t/T) for t &lt; T, then η_end. Upwards it is the sweep of a learning-rate range test.
/// <para>The geometric mean of the ends with the weights 1 − t/T and t/T. Optax's exponential_decay with transition_steps and end_value.</para>
/// </remarks>
public sealed record GeometricSchedule(double From, double To, long Steps) : Schedule
{
    /// <summary>The value at step 0.</summary>
    public double From { get; } = ScheduleArguments.NotZero(From);

    /// <summary>The value at step <see cref="Steps"/> and after.</summary>
    public double To { get; } = ScheduleArguments.OfSign(To, From);

    /// <summary>Steps from one end to the other.</summary>
    public long Steps { get; } = ScheduleArguments.Steps(Steps);

    /// <inheritdoc/>
    public override long? Length => Steps;

    /// <inheritdoc/>
    protected override double ValueAt(long step) => step >= Steps ? To : GeometricallyBetween(From, To, (double)step / Steps);

    /// <inheritdoc/>
    protected override string Describe() => $"geometric from {Show(From)} to {Show(To)} over {ShowSteps(Steps)}";
}
