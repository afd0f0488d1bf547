using System.Collections.Immutable;

namespace Glissade.Learning.Training;

/// <summary>How a learning-rate range test sweeps.</summary>
/// <remarks>Immutable; free to share between threads.</remarks>
public sealed record LearningRateRangeOptions
{
    /// <summary>The rate of the first step; finite, above 0.</summary>
    public double Low { get; init => field = value > 0 && double.IsFinite(value) ? value : throw Bad(nameof(Low), value, "finite and above 0"); } = 1e-7;

    /// <summary>The rate of the last step; finite, above <see cref="Low"/>.</summary>
    public double High { get; init => field = value > 0 && double.IsFinite(value) ? value : throw Bad(nameof(High), value, "finite and above 0"); } = 10;

    /// <summary>Steps of the sweep, 10 or more.</summary>
    public int Steps { get; init => field = value >= 10 ? value : throw Bad(nameof(Steps), value, "10 or more"); } = 100;

    /// <summary>β of the smoothing: losses k steps away count β^k as much; from 0 to below 1.</summary>
    public double Smoothing { get; init => field = value is >= 0 and < 1 ? value : throw Bad(nameof(Smoothing), value, "0 or more and below 1"); } = 0.9;

    /// <summary>How many times the best loss ends the sweep; above 1.</summary>
    public double Explosion { get; init => field = value > 1 && double.IsFinite(value) ? value : throw Bad(nameof(Explosion), value, "finite and above 1"); } = 4;

    internal void Check()
    {
        if (!(High > Low) || !double.IsFinite(High / Low))
        {
            throw new ArgumentException(FormattableString.Invariant($"A sweep needs a rate to end on that is above the one it begins with and not beyond all proportion to it, not {Low:R} and {High:R}."));
        }
    }

    private static ArgumentOutOfRangeException Bad(string name, object value, string right) =>
        new(name, value, FormattableString.Invariant($"The option {name} must be {right}, not {value}."));
}

/// <summary>How a sweep ended.</summary>
public enum LearningRateRangeEnd
{
    /// <summary>It reached the highest rate.</summary>
    Swept,

    /// <summary>The smoothed loss exceeded both the loss at the start and a multiple of the best one.</summary>
    Exploded,

    /// <summary>The loss, the gradient or the update left the finite numbers.</summary>
    NotFinite,

    /// <summary>It was cancelled.</summary>
    Cancelled,
}

/// <summary>A step of a sweep.</summary>
/// <param name="Rate">The learning rate of the step.</param>
/// <param name="Loss">The loss of its batch before it; of several micro-batches, their mean.</param>
/// <param name="Smoothed">The loss there, smoothed over the steps on both sides.</param>
public readonly record struct LearningRateRangePoint(double Rate, double Loss, double Smoothed);

/// <summary>What a learning-rate range test found.</summary>
/// <param name="Points">The steps with a finite loss, the rates rising.</param>
/// <param name="End">How the sweep ended.</param>
/// <param name="Suggested">The rate at which the smoothed loss fell most steeply over the logarithm of the rate; null where it did not clearly fall.</param>
/// <param name="TenthOfMinimum">A tenth of the rate at which the smoothed loss was least, for comparison; null where it did not clearly fall.</param>
/// <param name="Reason">Why that rate, or why none.</param>
public sealed record LearningRateRangeResult(
    ImmutableArray<LearningRateRangePoint> Points, LearningRateRangeEnd End, double? Suggested, double? TenthOfMinimum, string Reason);
