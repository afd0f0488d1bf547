using System.Diagnostics;
using Glissade.Cli.Progress;
using Glissade.Experiments.Running;
using Glissade.Input;

namespace Glissade.Cli.Running;

/// <summary>One run from the command line: shown while it goes on, stopped by signals, told of at its end.</summary>
/// <param name="request">What to run.</param>
/// <param name="json">Whether the result is one JSON object.</param>
/// <param name="quiet">Whether to show nothing but errors.</param>
/// <param name="environment">The world around it.</param>
internal sealed class RunSession(RunRequest request, bool json, bool quiet, CommandEnvironment environment)
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();

    /// <summary>Runs it and returns the exit code.</summary>
    /// <exception cref="InputException">The file, an assignment, the data or a saved state is wrong; nothing was run.</exception>
    public int Execute()
    {
        RunDisplay display = quiet ? new RunDisplay() : environment.ErrorIsTerminal ? new LiveDisplay(environment) : new PlainDisplay(environment.Error);
        RunSummary summary;
        using (Interruption interruption = new(() => display.OnMessage("Stopping after this step and saving the state; once more ends at once."), display.Abandon))
        {
            try
            {
                summary = display.Watch(() => environment.Experiments.Run(request, display, interruption.Token));
            }
            catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
            {
                summary = WithoutResult(display, "interrupted", "stopped before the first step; nothing had to be saved");
            }
            catch (Exception exception) when (exception is not InputException)
            {
                Failure.Write(exception, environment);
                if (json)
                {
                    environment.Output.WriteLine(WithoutResult(display, "failed", Failure.Sentence(exception)).ToJson());
                }

                return ExitCode.Failed;
            }
        }

        Tell(summary);
        return summary.Status switch
        {
            "completed" => ExitCode.Completed,
            "interrupted" => ExitCode.Interrupted,
            _ => ExitCode.Failed,
        };
    }

    private void Tell(RunSummary summary)
    {
        bool showsText = !json && !quiet;
        if (json)
        {
            environment.Output.WriteLine(summary.ToJson());
        }
        else if (showsText && environment.OutputIsTerminal)
        {
            SummaryTable.Write(summary, environment);
        }
        else if (showsText)
        {
            SummaryText.Write(summary, environment.Output);
        }

        bool failed = summary.Status is not ("completed" or "interrupted");
        if (failed && !showsText)
        {
            environment.Error.WriteLine($"glissade: {summary.Name} {summary.Status}: {summary.Reason}");
        }

        if (summary.Status == "interrupted" && !quiet)
        {
            environment.Error.WriteLine($"Go on with: {ResumeHint.For(request)}");
        }
    }

    // A script that reads the object finds the same keys however the run ended.
    private RunSummary WithoutResult(RunDisplay display, string status, string reason)
    {
        ProgressSnapshot? at = display.Tracker.Snapshot();
        return new RunSummary(
            at?.Start.Name ?? Path.GetFileNameWithoutExtension(request.File),
            at?.Start.Kind ?? "unknown",
            status,
            reason,
            _watch.Elapsed.TotalSeconds,
            at?.Step ?? 0,
            at?.Start.Seed ?? request.Seed ?? 0,
            [],
            at?.Start.Folder ?? request.Folder ?? string.Empty);
    }
}
