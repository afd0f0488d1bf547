namespace Glissade.Schedules;

/// <summary>One cycle: from a small rate up to the peak, and down to one that is far smaller than the first.</summary>
/// <param name="Peak">η_max; finite.</param>
/// <param name="Steps">n, the steps of the cycle, 2 or more. The last of them, n − 1, has the last value.</param>
/// <param name="StartDivisor">The cycle starts at η_max/StartDivisor; above 0.</param>
/// <param name="EndDivisor">It ends at its start divided by this; above 0.</param>
/// <param name="Share">p, the share of the steps on the way up; at least 1/n, below 1, and with three phases at most ½.</param>
/// <param name="Annealing">How it goes up and down.</param>
/// <param name="ThreePhases">
/// Whether it goes down to the start as slowly as it went up, and only then to its end; without, it goes down to the end in one phase.
/// </param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
/// <remarks>
/// Start → peak until step pn − 1, peak → start until step 2pn − 2 where there are three phases, then → end until step n − 1, and at rest there.
/// <para>
/// Smith and Topin (2018), Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates, who have three phases and straight lines.
/// PyTorch's OneCycleLR, whose defaults these are.
/// </para>
/// </remarks>
public sealed record OneCycleSchedule(
    double Peak, long Steps, double StartDivisor = 25, double EndDivisor = 1e4, double Share = 0.3, Annealing Annealing = Annealing.Cosine, bool ThreePhases = false)
    : Schedule
{
    /// <summary>The greatest value.</summary>
    public double Peak { get; } = ScheduleArguments.Finite(Peak);

    /// <summary>The steps of the cycle.</summary>
    public long Steps { get; } = OneCyclePhases.CheckSteps(Steps, nameof(Steps));

    /// <summary>What the peak is divided by for the start.</summary>
    public double StartDivisor { get; } = ScheduleArguments.Positive(StartDivisor);

    /// <summary>What the start is divided by for the end.</summary>
    public double EndDivisor { get; } = ScheduleArguments.Positive(EndDivisor);

    /// <summary>The share of the steps on the way up.</summary>
    public double Share { get; } = OneCyclePhases.CheckShare(Share, Steps, ThreePhases, nameof(Share));

    /// <summary>How it goes up and down.</summary>
    public Annealing Annealing { get; } = OneCyclePhases.CheckAnnealing(Annealing, nameof(Annealing));

    /// <summary>The value at step 0.</summary>
    public double Start => Peak / StartDivisor;

    /// <summary>The value at step <see cref="Steps"/> − 1 and after.</summary>
    public double End => Start / EndDivisor;

    /// <inheritdoc/>
    public override long? Length => Steps;

    /// <summary>The momentum for this rate: it runs the other way in the same phases.</summary>
    /// <param name="low">The momentum at the peak of the rate; finite.</param>
    /// <param name="high">The momentum at its start and end; finite.</param>
    /// <seealso cref="OneCycleMomentumSchedule"/>
    public OneCycleMomentumSchedule Momentum(double low = 0.85, double high = 0.95) => new(Steps, low, high, Share, Annealing, ThreePhases);

    /// <inheritdoc/>
    protected override double ValueAt(long step) => Phases.At(step, Start, Peak, Start, End);

    /// <inheritdoc/>
    protected override (double Low, double High) BoundsTo(long last)
    {
        // The peak may lie between two steps; the greater of its neighbours is then the greatest value.
        (double before, double after) = Turn(last, Steps, Share);
        ReadOnlySpan<double> values = [At(0), At((long)before), At((long)after), At(last)];
        (double low, double high) = (values[0], values[0]);
        foreach (double value in values)
        {
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        return (low, high);
    }

    /// <summary>The last step not behind the turn and the first not before it, as far as there are steps.</summary>
    internal static (long Before, long After) Turn(long last, long steps, double share)
    {
        double turn = share * steps - 1;
        return (Math.Min(last, (long)Math.Floor(turn)), Math.Min(last, (long)Math.Ceiling(turn)));
    }

    /// <inheritdoc/>
    protected override string Describe() => $"one cycle from {Show(Start)} to {Show(Peak)} to {Show(End)} {Phases.Describe()}";

    private OneCyclePhases Phases => new(Steps, Share, Annealing, ThreePhases);
}
