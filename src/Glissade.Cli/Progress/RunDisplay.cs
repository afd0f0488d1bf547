using Glissade.Experiments.Running;
using Glissade.Learning.Training;

namespace Glissade.Cli.Progress;

/// <summary>Shows a run while it goes on. This one shows nothing, and is what <c>--quiet</c> asks for.</summary>
internal class RunDisplay : IRunObserver
{
    /// <summary>What is known of the run.</summary>
    public ProgressTracker Tracker { get; } = new(TimeProvider.System);

    /// <summary>Shows the run while it goes on.</summary>
    /// <param name="run">Runs it, with this as its observer.</param>
    public virtual RunSummary Watch(Func<RunSummary> run) => run();

    /// <summary>Leaves the terminal fit for use, as the process is about to be ended.</summary>
    public virtual void Abandon()
    {
    }

    public virtual void OnStart(RunStart start) => Tracker.OnStart(start);

    public virtual void OnStep(in StepRecord record) => Tracker.OnStep(in record);

    public virtual void OnEpoch(EpochRecord record) => Tracker.OnEpoch(record);

    public virtual void OnRestore(RestorationRecord record) => Tracker.OnRestore(record);

    public virtual void OnMessage(string message)
    {
    }
}
