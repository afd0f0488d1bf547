using Glissade.Schedules;

namespace Glissade.Sampling;

/// <summary>How a <see cref="LangevinSampler"/> draws.</summary>
/// <remarks>Immutable; free to share between threads.</remarks>
public sealed record LangevinOptions
{
    /// <summary>
    /// η, above 0 at its beginning, over the steps: a constant, or one that falls. A constant step keeps a bias of order η; with <see cref="WellingTeh"/> it goes to
    /// nothing, and later draws count for less of the trajectory.
    /// </summary>
    public required Schedule StepSize { get; init; }

    /// <summary>T, above 0 and finite; 1, as by default, draws from exp(−U).</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Steps before the first draw, 0 or more.</summary>
    public long BurnIn { get; init; } = 1000;

    /// <summary>Steps for each draw, 1 or more: of so many the last is kept.</summary>
    public int Thinning { get; init; } = 1;

    /// <summary>Keys the noise.</summary>
    public ulong Seed { get; init; }

    /// <summary>η = a(b + t)^−γ, the polynomial decay of Welling and Teh (2011), with Ση = ∞ and Ση² &lt; ∞ for γ in (½, 1].</summary>
    /// <remarks>Their ε is 2η.</remarks>
    /// <param name="a">Above 0.</param>
    /// <param name="b">Above 0: the steps before the decay shows.</param>
    /// <param name="gamma">γ in (½, 1]; ⅓ is the best for the error of means by Teh, Thiery and Vollmer (2016), but is not of that range.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static Schedule WellingTeh(double a, double b, double gamma = 0.55)
    {
        Require(a > 0 && double.IsFinite(a), nameof(a), a, "above 0 and finite");
        Require(b > 0 && double.IsFinite(b), nameof(b), b, "above 0 and finite");
        Require(gamma is > 0.5 and <= 1, nameof(gamma), gamma, "in (0.5, 1]");
        return new WellingTehSchedule(a, b, gamma);
    }

    internal void Check()
    {
        ArgumentNullException.ThrowIfNull(StepSize);
        double first = StepSize.At(0);
        Require(first > 0 && double.IsFinite(first), nameof(StepSize), first, "above 0 and finite at its beginning");
        Require(Temperature > 0 && double.IsFinite(Temperature), nameof(Temperature), Temperature, "above 0 and finite");
        Require(BurnIn >= 0, nameof(BurnIn), BurnIn, "0 or more");
        Require(Thinning >= 1, nameof(Thinning), Thinning, "1 or more");
    }

    private static void Require(bool isMet, string name, double value, string right)
    {
        if (!isMet)
        {
            throw new ArgumentOutOfRangeException(name, value, FormattableString.Invariant($"{name} of a Langevin sampler must be {right}, not {value}."));
        }
    }

    private sealed record WellingTehSchedule(double A, double B, double Gamma) : Schedule
    {
        public override long? Length => null;

        protected override double ValueAt(long step) => A * Math.Pow(B + step, -Gamma);

        protected override string Describe() => FormattableString.Invariant($"{A}·({B} + t)^−{Gamma}");
    }
}
