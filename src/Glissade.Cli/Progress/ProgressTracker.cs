using Glissade.Experiments.Running;
using Glissade.Learning.Training;

namespace Glissade.Cli.Progress;

/// <summary>Where a run stands at one moment.</summary>
/// <param name="Start">What was known before its first step.</param>
/// <param name="Epoch">The epoch it is in, or the last that ended.</param>
/// <param name="Step">Steps taken in all.</param>
/// <param name="Loss">Loss of the last batches, or of the last epoch where it has just ended, or the last value of a function; null before the first step.</param>
/// <param name="Metric">The figure to watch and its name; null if there is none yet.</param>
/// <param name="LearningRate">The learning rate of the last step; null before the first.</param>
/// <param name="StepsPerSecond">Speed; 0 while unknown.</param>
internal sealed record ProgressSnapshot(
    RunStart Start,
    int Epoch,
    long Step,
    double? Loss,
    (string Name, double Value)? Metric,
    double? LearningRate,
    double StepsPerSecond)
{
    /// <summary>Steps that were skipped, those of the run that is resumed among them.</summary>
    public long Skipped { get; init; }

    /// <summary>How often the run went back to its last sound state.</summary>
    public int Restorations { get; init; }

    /// <summary>Share of the steps that has been taken, from 0 to 1.</summary>
    public double Share => Start.TotalSteps > 0 ? Math.Clamp(Step / (double)Start.TotalSteps, 0, 1) : 0;

    /// <summary>Time until the last step at this speed; null while unknown, and at the end.</summary>
    public TimeSpan? Remaining => StepsPerSecond > 0 && Step < Start.TotalSteps
        ? TimeSpan.FromSeconds(Math.Clamp((Start.TotalSteps - Step) / StepsPerSecond, 0, TimeSpan.FromDays(1000).TotalSeconds))
        : null;
}

/// <summary>Follows a run, for whoever shows it.</summary>
/// <remarks>Told by the thread that trains, asked by any.</remarks>
/// <param name="time">The clock.</param>
internal sealed class ProgressTracker(TimeProvider time)
{
    // Batch losses jump; a mean over about fifty of them shows where they go.
    private const double Smoothing = 0.98;

    private readonly Lock _gate = new();
    private readonly SpeedMeter _speed = new(time);
    private RunStart? _start;
    private StepRecord _step;
    private long _steps;
    private int _epoch, _restorations;
    private long _skipped;
    private double _loss, _weight;
    private double? _shownLoss;
    private EpochRecord? _ended;

    /// <summary>What was known before the first step; null before that.</summary>
    public RunStart? Start
    {
        get
        {
            lock (_gate)
            {
                return _start;
            }
        }
    }

    public void OnStart(RunStart start)
    {
        lock (_gate)
        {
            // Of several runs one after another only the one under way is told of.
            (_start, _steps, _epoch) = (start, start.StepsTaken, 0);
            (_step, _ended, _shownLoss, _loss, _weight) = (default, null, null, 0, 0);
            _speed.Reset();
            (_skipped, _restorations) = (start.Skipped, start.Restorations);
        }
    }

    public void OnStep(in StepRecord record)
    {
        lock (_gate)
        {
            _step = record;
            _steps = record.Step;
            _epoch = record.Epoch;
            _skipped += record.Outcome.IsLost ? 1 : 0;
            _speed.Mark(_steps);

            // A loss that is not finite shows at once, and does not spoil the mean for ever.
            // Batches differ, so theirs is averaged; the value of a function stands as it is.
            bool finite = double.IsFinite(record.Loss);
            double share = _start is { Epochs: 0 } ? 1 : 1 - Smoothing;
            (_loss, _weight) = finite ? (_loss + (share * (record.Loss - _loss)), _weight + (share * (1 - _weight))) : (0, 0);
            _shownLoss = finite ? _loss / _weight : record.Loss;
        }
    }

    public void OnEpoch(EpochRecord record)
    {
        lock (_gate)
        {
            _ended = record;
            (_epoch, _steps, _shownLoss) = (record.Epoch, record.Step, record.TrainingLoss);
        }
    }

    public void OnRestore(RestorationRecord record)
    {
        lock (_gate)
        {
            (_restorations, _skipped, _steps, _epoch) = (record.Number, record.Skipped, record.Step, record.Epoch);
            _speed.Restart();
            (_loss, _weight, _shownLoss) = (0, 0, null);
        }
    }

    /// <summary>Where the run stands; null before it began.</summary>
    public ProgressSnapshot? Snapshot()
    {
        lock (_gate)
        {
            return _start is null
                ? null
                : new ProgressSnapshot(_start, _epoch, _steps, _shownLoss, Metric(_ended), _step.Step > 0 ? _step.Outcome.LearningRate : null, _speed.StepsPerSecond)
                {
                    Skipped = _skipped,
                    Restorations = _restorations,
                };
        }
    }

    private static (string, double)? Metric(EpochRecord? ended)
    {
        (string part, Evaluation? evaluation) = ended?.Validation is { } validation ? ("validation", validation) : ("test", ended?.Test);
        return evaluation switch
        {
            { Accuracy: { } accuracy } => ($"{part} accuracy", accuracy),
            { RSquared: { } rSquared } => ($"{part} R²", rSquared),
            _ => null,
        };
    }
}
