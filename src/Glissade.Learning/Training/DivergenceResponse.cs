namespace Glissade.Learning.Training;

/// <summary>What a trainer does when a run diverges: see <see cref="TrainingOptions.OnDivergence"/>.</summary>
public abstract record DivergenceResponse
{
    private protected DivergenceResponse()
    {
    }

    /// <summary>The run ends as diverged, with its last sound state.</summary>
    public static DivergenceResponse Stop { get; } = new StopOnDivergence();

    /// <summary>
    /// The run goes back to its last sound state and on from there with a smaller learning rate. That is the end of the last epoch whose mean loss was at most
    /// √<see cref="TrainingOptions.DivergenceFactor"/> times that of the first step, or else the start.
    /// </summary>
    /// <param name="factor">What the learning rate is multiplied by at each restoration, in (0, 1).</param>
    /// <param name="maximumTimes">Restorations in all, 1 or more; the divergence after them ends the run.</param>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not in (0, 1), or the number below 1.</exception>
    public static DivergenceResponse Restore(double factor = 0.5, int maximumTimes = 3) => new RestoreOnDivergence(factor, maximumTimes);
}

/// <summary>The run ends as diverged.</summary>
public sealed record StopOnDivergence : DivergenceResponse
{
    internal StopOnDivergence()
    {
    }
}

/// <summary>The run goes back to its last sound state and on with a smaller learning rate.</summary>
/// <remarks>
/// After the k-th restoration the learning rates are those of the schedules times the k-th power of the factor, whatever a reduction on a plateau puts on them besides.
/// The examples come in the order they would have come in: what differs is the length of the steps.
/// </remarks>
public sealed record RestoreOnDivergence : DivergenceResponse
{
    internal RestoreOnDivergence(double factor, int maximumTimes)
    {
        Factor = factor is > 0 and < 1
            ? factor
            : throw new ArgumentOutOfRangeException(nameof(factor), factor, FormattableString.Invariant($"The factor of a restoration must be in (0, 1), not {factor}."));
        MaximumTimes = maximumTimes >= 1
            ? maximumTimes
            : throw new ArgumentOutOfRangeException(nameof(maximumTimes), maximumTimes, $"The number of restorations must be 1 or more, not {maximumTimes}.");
    }

    /// <summary>What the learning rate is multiplied by at each restoration, in (0, 1).</summary>
    public double Factor { get; }

    /// <summary>Restorations in all, 1 or more.</summary>
    public int MaximumTimes { get; }
}
