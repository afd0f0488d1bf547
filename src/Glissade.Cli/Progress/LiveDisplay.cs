using Glissade.Experiments.Running;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Glissade.Cli.Progress;

/// <summary>A line that stays where it is and moves on, for a terminal.</summary>
/// <remarks>It is drawn ten times a second by a thread of its own: the one that trains only notes where it is.</remarks>
/// <param name="environment">The world around it.</param>
internal sealed class LiveDisplay(CommandEnvironment environment) : RunDisplay
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(100);
    private readonly IAnsiConsole _console = Terminals.Open(environment, environment.Error);

    private readonly bool _colour = environment.Colour;
    private Spectre.Console.LiveDisplay? _live;

    public override RunSummary Watch(Func<RunSummary> run)
    {
        // The last line stays where it is as a record of the run, if there was one: input that is wrong leaves only its message.
        _live = _console.Live(new ProgressLine(Tracker, _colour)).AutoClear(true);
        return _live.Start(context =>
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
    }

    // The cursor was hidden for the drawing, and nobody else would show it again.
    public override void Abandon() => environment.Error.Write("\e[?25h\n");

    public override void OnStart(RunStart start)
    {
        base.OnStart(start);
        _live?.AutoClear = false;
        OnMessage(ProgressText.Heading(start));
    }

    public override void OnMessage(string message) => _console.Write(new Message(message));

    /// <summary>A message above the line. It is the terminal that wraps it, so that it can be copied whole.</summary>
    private sealed class Message(string text) : Renderable
    {
        private const string EraseBelow = "\e[J";

        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
            [Segment.Control(EraseBelow), new Segment(text), Segment.LineBreak];
    }
}
