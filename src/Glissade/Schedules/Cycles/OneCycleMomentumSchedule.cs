namespace Glissade.Schedules;

/// <summary>The momentum of one cycle: down while the rate goes up, up while the rate comes down.</summary>
/// <param name="Steps">n, the steps of the cycle, 2 or more.</param>
/// <param name="Low">The momentum at the peak of the rate; finite.</param>
/// <param name="High">The momentum at the start and the end; finite.</param>
/// <param name="Share">p, the share of the steps to the turn; at least 1/n, below 1, and with three phases at most ½.</param>
/// <param name="Annealing">How it goes down and up.</param>
/// <param name="ThreePhases">Whether the rate has three phases; the momentum rests at <paramref name="High"/> in the third.</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
/// <remarks>
/// High → low until step pn − 1, then → high until step n − 1, or 2pn − 2 where there are three phases.
/// <para>Smith (2018), A Disciplined Approach to Neural Network Hyper-Parameters: Part 1. The momentum of PyTorch's OneCycleLR.</para>
/// </remarks>
/// <seealso cref="OneCycleSchedule.Momentum"/>
public sealed record OneCycleMomentumSchedule(
    long Steps, double Low = 0.85, double High = 0.95, double Share = 0.3, Annealing Annealing = Annealing.Cosine, bool ThreePhases = false) : Schedule
{
    /// <summary>The steps of the cycle.</summary>
    public long Steps { get; } = OneCyclePhases.CheckSteps(Steps, nameof(Steps));

    /// <summary>The momentum at the peak of the rate.</summary>
    public double Low { get; } = ScheduleArguments.Finite(Low);

    /// <summary>The momentum at the start and the end.</summary>
    public double High { get; } = ScheduleArguments.Finite(High);

    /// <summary>The share of the steps to the turn.</summary>
    public double Share { get; } = OneCyclePhases.CheckShare(Share, Steps, ThreePhases, nameof(Share));

    /// <summary>How it goes down and up.</summary>
    public Annealing Annealing { get; } = OneCyclePhases.CheckAnnealing(Annealing, nameof(Annealing));

    /// <inheritdoc/>
    public override long? Length => Steps;

    /// <inheritdoc/>
    protected override double ValueAt(long step) => new OneCyclePhases(Steps, Share, Annealing, ThreePhases).At(step, High, Low, High, High);

    /// <inheritdoc/>
    protected override (double Low, double High) BoundsTo(long last)
    {
        (long before, long after) = OneCycleSchedule.Turn(last, Steps, Share);
        (double a, double b) = (At(before), At(after));
        double start = At(0);
        return (Math.Min(start, Math.Min(a, b)), Math.Max(start, Math.Max(a, b)));
    }

    /// <inheritdoc/>
    protected override string Describe()
        => $"momentum of one cycle from {Show(High)} to {Show(Low)} to {Show(High)} {new OneCyclePhases(Steps, Share, Annealing, ThreePhases).Describe()}";
}
