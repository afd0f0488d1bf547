namespace Glissade.Schedules;

/// <summary>Decay with the inverse square root of time.</summary>
/// <param name="From">η₀, the value at step 0; finite.</param>
/// <param name="Time">n, the steps that count as taken at step 0; 1 or more. After 3n more the value has halved.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
/// <remarks>
/// η(t) = η₀·√(n/(n + t)). Behind a warm-up of n steps to η₀ it is η₀·√(n/k) at step k of the whole, the usual form.
/// <para>Raffel et al. (2020), Exploring the Limits of Transfer Learning with a Unified Text-to-Text Transformer, with a constant before it.</para>
/// </remarks>
public sealed record InverseSquareRootSchedule(double From, long Time) : Schedule
{
    /// <summary>The value at step 0.</summary>
    public double From { get; } = ScheduleArguments.Finite(From);

    /// <summary>The steps that count as taken at step 0.</summary>
    public long Time { get; } = ScheduleArguments.Steps(Time);

    /// <inheritdoc/>
    public override long? Length => From == 0 ? 0 : null;

    /// <inheritdoc/>
    protected override double ValueAt(long step) => From * Math.Sqrt(Time / ((double)Time + step));

    /// <inheritdoc/>
    protected override string Describe() => $"inverse square root from {Show(From)}, half of it after {ShowCount3(Time)} steps";

    private static string ShowCount3(long time) => time <= long.MaxValue / 3 ? ShowCount(3 * time) : Show(3.0 * time);
}
