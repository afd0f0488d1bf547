namespace Glissade.Schedules;

/// <content>The shapes by name.</content>
public abstract partial record Schedule
{
    /// <summary>A number is a schedule that does not move.</summary>
    /// <param name="value">The value at every step.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is not finite.</exception>
    public static implicit operator Schedule(double value) => Constant(value);

    /// <summary>The same value at every step.</summary>
    /// <param name="value">The value; finite.</param>
    /// <seealso cref="ConstantSchedule"/>
    public static Schedule Constant(double value) => new ConstantSchedule(value);

    /// <summary>A straight line, then its end for ever: (1 − t/τ)·from + (t/τ)·to.</summary>
    /// <param name="from">The value at step 0.</param>
    /// <param name="to">The value at step <paramref name="steps"/> and after.</param>
    /// <param name="steps">τ, 1 or more.</param>
    /// <seealso cref="LinearSchedule"/>
    public static Schedule Linear(double from, double to, long steps) => new LinearSchedule(from, to, steps);

    /// <summary>Multiplied by a factor every so many steps: η₀·γ^⌊t/s⌋.</summary>
    /// <param name="from">η₀.</param>
    /// <param name="factor">γ, 0 or more.</param>
    /// <param name="every">s, 1 or more.</param>
    /// <seealso cref="StepSchedule"/>
    public static Schedule Step(double from, double factor, long every) => new StepSchedule(from, factor, every);

    /// <summary>Multiplied by a factor at each of the given steps.</summary>
    /// <param name="from">η₀.</param>
    /// <param name="factor">γ, 0 or more.</param>
    /// <param name="milestones">Steps from which on one more factor applies; 1 or more, rising.</param>
    /// <seealso cref="MultiStepSchedule"/>
    public static Schedule MultiStep(double from, double factor, params IEnumerable<long> milestones)
    {
        ArgumentNullException.ThrowIfNull(milestones);
        return new MultiStepSchedule(from, factor, [.. milestones]);
    }

    /// <summary>Multiplied by a factor at every step: η₀·γᵗ.</summary>
    /// <param name="from">η₀.</param>
    /// <param name="factor">γ, 0 or more.</param>
    /// <seealso cref="ExponentialSchedule"/>
    public static Schedule Exponential(double from, double factor) => new ExponentialSchedule(from, factor);

    /// <summary>Exponential decay by its rate: η₀·e^(−kt).</summary>
    /// <param name="from">η₀.</param>
    /// <param name="rate">k, 0 or more.</param>
    /// <seealso cref="ExponentialRateSchedule"/>
    public static Schedule ExponentialRate(double from, double rate) => new ExponentialRateSchedule(from, rate);

    /// <summary>Time-based decay: η₀/(1 + kt).</summary>
    /// <param name="from">η₀.</param>
    /// <param name="rate">k, 0 or more.</param>
    /// <seealso cref="TimeBasedSchedule"/>
    public static Schedule TimeBased(double from, double rate) => new TimeBasedSchedule(from, rate);

    /// <summary>A power of what remains: (from − to)(1 − t/T)^p + to.</summary>
    /// <param name="from">The value at step 0.</param>
    /// <param name="to">The value at step <paramref name="steps"/> and after.</param>
    /// <param name="steps">T, 1 or more.</param>
    /// <param name="power">p, above 0.</param>
    /// <seealso cref="PolynomialSchedule"/>
    public static Schedule Polynomial(double from, double to, long steps, double power) => new PolynomialSchedule(from, to, steps, power);

    /// <summary>Half a cosine wave, then its end for ever: to + ½(from − to)(1 + cos(π t/T)).</summary>
    /// <param name="from">The value at step 0.</param>
    /// <param name="to">The value at step <paramref name="steps"/> and after.</param>
    /// <param name="steps">T, 1 or more.</param>
    /// <seealso cref="CosineSchedule"/>
    public static Schedule Cosine(double from, double to, long steps) => new CosineSchedule(from, to, steps);

    /// <summary>Linear warm-up in which no step is wasted: from + (to − from)(t + 1)/n, so step k of n stands k/n of the way.</summary>
    /// <param name="to">The value at the last of the warm-up steps and after.</param>
    /// <param name="steps">n, 1 or more.</param>
    /// <param name="from">Where the ramp stands <em>before</em> the first step.</param>
    /// <remarks>For a ramp whose first step stands at <paramref name="from"/> itself, as in PyTorch's LinearLR, use <see cref="Linear"/>.</remarks>
    /// <seealso cref="WarmupSchedule"/>
    public static Schedule Warmup(double to, long steps, double from = 0) => new WarmupSchedule(to, steps, from);
}
