namespace Glissade.Schedules;

/// <summary>How a schedule goes from one value to the next.</summary>
public enum Annealing
{
    /// <summary>Along half a cosine wave, flat at both ends.</summary>
    Cosine,

    /// <summary>In a straight line.</summary>
    Linear,
}

/// <summary>The phases that the rate and the momentum of one cycle have in common.</summary>
/// <remarks>
/// With n steps and the share p, the first phase ends at pn − 1; of three, the second ends at 2pn − 2; the last ends at n − 1. These ends, which need not be
/// whole, are PyTorch's; a step is in the first phase whose end it does not exceed.
/// </remarks>
internal readonly record struct OneCyclePhases(long Steps, double Share, Annealing Annealing, bool ThreePhases)
{
    /// <summary>The value at a step of a curve through four values: at the start, and at the ends of three phases. With two phases the third value is not used.</summary>
    public double At(long step, double start, double first, double second, double last)
    {
        if (step >= Steps - 1)
        {
            return last;
        }

        double firstEnd = Share * Steps - 1, secondEnd = 2 * Share * Steps - 2, end = Steps - 1.0;
        if (step <= firstEnd)
        {
            return Way(step, 0, firstEnd, start, first);
        }

        return !ThreePhases ? Way(step, firstEnd, end, first, last)
            : step <= secondEnd ? Way(step, firstEnd, secondEnd, first, second)
            : Way(step, secondEnd, end, second, last);
    }

    private double Way(double step, double begin, double end, double from, double to)
    {
        // A phase of no length is over when it begins.
        double progress = end > begin ? (step - begin) / (end - begin) : 1;
        return Schedule.Between(from, to, Annealing == Annealing.Linear ? progress : 0.5 * (1 - Math.Cos(Math.PI * progress)));
    }

    public string Describe() => $"over {Schedule.ShowSteps(Steps)}, {Schedule.Show(Share)} of them to the turn, {(Annealing == Annealing.Linear ? "linear" : "cosine")} in {(ThreePhases ? "three" : "two")} phases";

    public static long CheckSteps(long steps, string name) => steps >= 2 ? steps : throw new ArgumentOutOfRangeException(name, steps, $"'{name}' must be 2 or more: up and down take a step each.");

    public static double CheckShare(double share, long steps, bool threePhases, string name)
    {
        if (!(share > 0 && share < 1) || (threePhases && share > 0.5))
        {
            throw new ArgumentOutOfRangeException(name, share, threePhases
                ? $"'{name}' must be above 0 and at most 0.5, since of three phases the first two are of this length."
                : $"'{name}' must be above 0 and below 1.");
        }

        return share * steps >= 1 ? share : throw new ArgumentOutOfRangeException(
            name, share, FormattableString.Invariant($"'{name}' of {steps:N0} steps must be one step or more, so at least {1.0 / steps:R}."));
    }

    public static Annealing CheckAnnealing(Annealing annealing, string name)
        => Enum.IsDefined(annealing) ? annealing : throw new ArgumentOutOfRangeException(name, annealing, $"'{name}' must be Cosine or Linear.");
}
