namespace Glissade.Schedules;

/// <summary>How a rate that was held goes down at the end.</summary>
public enum FinalDecay
{
    /// <summary>In a straight line.</summary>
    Linear,

    /// <summary>Along half a cosine wave.</summary>
    Cosine,

    /// <summary>By the square root of the way, 1 − √(t/T).</summary>
    SquareRoot,
}

/// <content>Warm-ups, and what is put together of parts.</content>
public abstract partial record Schedule
{
    /// <summary>Linear warm-up in which no step is wasted: from + (to − from)(t + 1)/n, so step k of n stands k/n of the way.</summary>
    /// <param name="to">The value at the last of the warm-up steps and after.</param>
    /// <param name="steps">n, 1 or more.</param>
    /// <param name="from">Where the ramp stands <em>before</em> the first step.</param>
    /// <remarks>For a ramp whose first step stands at <paramref name="from"/> itself, as in PyTorch's LinearLR, use <see cref="Linear"/>.</remarks>
    /// <seealso cref="WarmupSchedule"/>
    public static Schedule Warmup(double to, long steps, double from = 0) => new WarmupSchedule(to, steps, from);

    /// <summary>Constant warm-up: a small value for so many steps, before what follows.</summary>
    /// <param name="value">The value.</param>
    /// <param name="steps">How long, 1 or more.</param>
    /// <remarks>The same as <c>Schedule.Constant(value).For(steps)</c>. Goyal et al. (2017), Accurate, Large Minibatch SGD; PyTorch's ConstantLR.</remarks>
    public static Schedule WarmupConstant(double value, long steps) => Constant(value).For(steps);

    /// <summary>Exponential warm-up in which no step is wasted: from·(to/from)^((t + 1)/n).</summary>
    /// <param name="to">The value at the last of the warm-up steps and after; not 0.</param>
    /// <param name="steps">n, 1 or more.</param>
    /// <param name="from">Where the ramp stands <em>before</em> the first step; of the sign of <paramref name="to"/>, not 0.</param>
    /// <seealso cref="WarmupExponentialSchedule"/>
    public static Schedule WarmupExponential(double to, long steps, double from) => new WarmupExponentialSchedule(to, steps, from);

    /// <summary>Warm-up, stable, decay: a linear warm-up to the peak, the peak held, and a decay to the end.</summary>
    /// <param name="peak">The value that is held.</param>
    /// <param name="warmupSteps">Steps of the warm-up from 0; 0 for none.</param>
    /// <param name="stableSteps">Steps at the peak between the two; 0 for none.</param>
    /// <param name="decaySteps">Steps of the decay, 1 or more.</param>
    /// <param name="to">The value at the end and after.</param>
    /// <param name="decay">The curve of the decay.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of steps is outside its range, or a value is not finite.</exception>
    /// <remarks>
    /// Hu et al. (2024), MiniCPM: Unveiling the Potential of Small Language Models with Scalable Training Strategies; for the decay by the square root
    /// see <see cref="SquareRootSchedule"/>.
    /// </remarks>
    public static Schedule WarmupStableDecay(double peak, long warmupSteps, long stableSteps, long decaySteps, double to = 0, FinalDecay decay = FinalDecay.Linear)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(warmupSteps);
        ArgumentOutOfRangeException.ThrowIfNegative(stableSteps);
        Schedule end = decay switch
        {
            FinalDecay.Linear => Linear(peak, to, decaySteps),
            FinalDecay.Cosine => Cosine(peak, to, decaySteps),
            FinalDecay.SquareRoot => SquareRoot(peak, to, decaySteps),
            _ => throw new ArgumentOutOfRangeException(nameof(decay), decay, "'decay' must be Linear, Cosine or SquareRoot."),
        };
        end = stableSteps > 0 ? Constant(peak).For(stableSteps).Then(end) : end;
        return warmupSteps > 0 ? Warmup(peak, warmupSteps).Then(end) : end;
    }

    /// <summary>The schedule of the first transformers: factor·width^(−½)·min(k^(−½), k·w^(−3/2)) with k = t + 1.</summary>
    /// <param name="width">The width of the model, 1 or more.</param>
    /// <param name="warmupSteps">w, 1 or more.</param>
    /// <param name="factor">By what all is multiplied.</param>
    /// <seealso cref="NoamSchedule"/>
    public static Schedule Noam(long width, long warmupSteps, double factor = 1) => new NoamSchedule(width, warmupSteps, factor);
}
