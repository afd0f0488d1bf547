using System.Diagnostics;
using Glissade.Experiments.Running;
using Glissade.Learning.Training;

namespace Glissade.Cli.Progress;

/// <summary>Lines for a file or a pipe: one a second or one an epoch, whichever is rarer, and always the last.</summary>
/// <param name="writer">Where they go.</param>
internal sealed class PlainDisplay(TextWriter writer) : RunDisplay
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);
    private long _written = Stopwatch.GetTimestamp();
    private long _writtenStep = -1;

    public override RunSummary Watch(Func<RunSummary> run)
    {
        try
        {
            return run();
        }
        finally
        {
            WriteLine();
        }
    }

    public override void OnStart(RunStart start)
    {
        // Where the variant before it ended, if there was one.
        WriteLine();
        base.OnStart(start);
        writer.WriteLine(ProgressText.Heading(start));
        (_written, _writtenStep) = (Stopwatch.GetTimestamp(), start.StepsTaken);
    }

    public override void OnEpoch(EpochRecord record)
    {
        base.OnEpoch(record);
        if (Stopwatch.GetElapsedTime(_written) >= Between)
        {
            WriteLine();
        }
    }

    public override void OnMessage(string message) => writer.WriteLine(message);

    private void WriteLine()
    {
        if (Tracker.Snapshot() is { } at && at.Step != _writtenStep)
        {
            writer.WriteLine(ProgressText.Line(at));
            (_written, _writtenStep) = (Stopwatch.GetTimestamp(), at.Step);
        }
    }
}
