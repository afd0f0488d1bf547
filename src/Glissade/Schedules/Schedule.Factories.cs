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

    /// <summary>An exponential curve between two ends, then its end for ever: from·(to/from)^(t/T).</summary>
    /// <param name="from">The value at step 0; not 0.</param>
    /// <param name="to">The value at step <paramref name="steps"/> and after; of the sign of <paramref name="from"/>, not 0.</param>
    /// <param name="steps">T, 1 or more.</param>
    /// <seealso cref="GeometricSchedule"/>
    public static Schedule Geometric(double from, double to, long steps) => new GeometricSchedule(from, to, steps);

    /// <summary>Decay by the square root of the way: (from − to)(1 − √(t/T)) + to.</summary>
    /// <param name="from">The value at step 0.</param>
    /// <param name="to">The value at step <paramref name="steps"/> and after.</param>
    /// <param name="steps">T, 1 or more.</param>
    /// <seealso cref="SquareRootSchedule"/>
    public static Schedule SquareRoot(double from, double to, long steps) => new SquareRootSchedule(from, to, steps);

    /// <summary>Decay with the inverse square root of time: from·√(n/(n + t)).</summary>
    /// <param name="from">The value at step 0.</param>
    /// <param name="time">n, 1 or more: as many as a warm-up before it has steps.</param>
    /// <seealso cref="InverseSquareRootSchedule"/>
    public static Schedule InverseSquareRoot(double from, long time) => new InverseSquareRootSchedule(from, time);

    /// <summary>Given values at given steps, each held until the next.</summary>
    /// <param name="points">Steps, rising, and values.</param>
    /// <seealso cref="PiecewiseSchedule"/>
    public static Schedule PiecewiseConstant(params IEnumerable<(long Step, double Value)> points) => Piecewise(Interpolation.Constant, points);

    /// <summary>Given values at given steps, joined by straight lines.</summary>
    /// <param name="points">Steps, rising, and values.</param>
    /// <seealso cref="PiecewiseSchedule"/>
    public static Schedule PiecewiseLinear(params IEnumerable<(long Step, double Value)> points) => Piecewise(Interpolation.Linear, points);

    /// <summary>Given values at given steps.</summary>
    /// <param name="interpolation">How the value goes from one point to the next.</param>
    /// <param name="points">Steps, rising, and values.</param>
    /// <seealso cref="PiecewiseSchedule"/>
    public static Schedule Piecewise(Interpolation interpolation, params IEnumerable<(long Step, double Value)> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        return new PiecewiseSchedule([.. points.Select(p => new SchedulePoint(p.Step, p.Value))], interpolation);
    }
}
