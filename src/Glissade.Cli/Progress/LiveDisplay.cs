using Glissade.Experiments.Running;
using Spectre.Console;

namespace Glissade.Cli.Progress;

/// <summary>A line that stays where it is and moves on, for a terminal.</summary>
/// <remarks>It is drawn ten times a second by a thread of its own: the one that trains only notes where it is.</remarks>
/// <param name="environment">The world around it.</param>
internal sealed class LiveDisplay(CommandEnvironment environment) : RunDisplay
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);
    private readonly IAnsiConsole _console = Terminals.Open(environment, environment.Error);

    public override RunSummary Watch(Func<RunSummary> run) =>
        _console.Live(new ProgressLine(Tracker, environment.Colour)).AutoClear(false).Start(context =>
        {
            using Timer timer = new(_ => context.Refresh(), null, Between, Between);
            try
            {
                return run();
            }
            finally
            {
                // A drawing under way ends before the line is drawn for the last time.
                using ManualResetEvent stopped = new(false);
                if (timer.Dispose(stopped))
                {
                    stopped.WaitOne();
                }
            }
        });

    // The cursor was hidden for the drawing, and nobody else would show it again.
    public override void Abandon() => environment.Error.Write("\e[?25h\n");

    public override void OnStart(RunStart start)
    {
        base.OnStart(start);
        OnMessage(ProgressText.Heading(start));
    }

    public override void OnMessage(string message) => _console.WriteLine(message);
}
