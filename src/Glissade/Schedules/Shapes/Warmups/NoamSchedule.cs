namespace Glissade.Schedules;

/// <summary>The schedule of the first transformers: linear warm-up, then the inverse square root of the step, scaled by the width of the model.</summary>
/// <param name="Width">d, the width of the model, 1 or more.</param>
/// <param name="WarmupSteps">w, the steps of the warm-up, 1 or more.</param>
/// <param name="Factor">c, by which all is multiplied; finite.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
/// <remarks>
/// η(t) = c·d^(−½)·min(k^(−½), k·w^(−3/2)) with k = t + 1, the step that is being taken. The peak, c/√(dw), is at k = w.
/// <para>Vaswani et al. (2017), Attention Is All You Need, with d = 512, w = 4000 and c = 1.</para>
/// </remarks>
public sealed record NoamSchedule(long Width, long WarmupSteps, double Factor = 1) : Schedule
{
    /// <summary>The width of the model.</summary>
    public long Width { get; } = Width >= 1 ? Width : throw new ArgumentOutOfRangeException(nameof(Width), Width, "'Width' is a number of units and must be 1 or more.");

    /// <summary>The steps of the warm-up.</summary>
    public long WarmupSteps { get; } = ScheduleArguments.Steps(WarmupSteps);

    /// <summary>By what all is multiplied.</summary>
    public double Factor { get; } = ScheduleArguments.Finite(Factor);

    /// <inheritdoc/>
    public override long? Length => Factor == 0 ? 0 : null;

    /// <inheritdoc/>
    protected override double ValueAt(long step)
    {
        double k = step + 1.0, w = WarmupSteps;
        return Factor / Math.Sqrt(Width) * (k < w ? k / (w * Math.Sqrt(w)) : 1 / Math.Sqrt(k));
    }

    /// <inheritdoc/>
    protected override (double Low, double High) BoundsTo(long last)
    {
        double start = At(0), peak = At(Math.Min(last, WarmupSteps - 1)), end = At(last);
        return (Math.Min(Math.Min(start, end), peak), Math.Max(Math.Max(start, end), peak));
    }

    /// <inheritdoc/>
    protected override string Describe() => $"Noam for a width of {ShowCount(Width)} with {ShowSteps(WarmupSteps)} of warm-up" + (Factor == 1 ? "" : $" times {Show(Factor)}");
}
