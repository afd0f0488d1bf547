namespace Glissade.Experiments.Running;

/// <summary>Reads an experiment file, checks all of it, runs it and keeps the record.</summary>
public static class ExperimentRunner
{
    /// <summary>Runs an experiment.</summary>
    /// <param name="request">What to run, and how.</param>
    /// <param name="observer">Who watches; null for nobody.</param>
    /// <param name="cancellation">Ends the run after the current step, with the state saved; the status is then <c>interrupted</c>.</param>
    /// <exception cref="Input.InputException">The file, an assignment, the data or a saved state is wrong; all that is wrong is said at once, and nothing was run.</exception>
    /// <exception cref="IOException">The folder of the run cannot be written.</exception>
    public static RunSummary Run(RunRequest request, IRunObserver? observer = null, CancellationToken cancellation = default) =>
        throw new NotImplementedException();
}
