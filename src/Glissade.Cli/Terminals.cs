using System.Text;
using Spectre.Console;

namespace Glissade.Cli;

/// <summary>Terminals that a person watches. Apart from other writing, so that a run in a pipe need not load what draws.</summary>
internal static class Terminals
{
    /// <summary>A terminal to draw on.</summary>
    /// <param name="environment">The world around it.</param>
    /// <param name="writer">Its standard output or error.</param>
    public static IAnsiConsole Open(CommandEnvironment environment, TextWriter writer)
    {
        AnsiConsoleSettings settings = new()
        {
            Ansi = AnsiSupport.Detect,
            ColorSystem = environment.Colour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Out = new AnsiConsoleOutput((writer as ProcessWriter)?.Inner ?? writer),
        };
        IAnsiConsole console = AnsiConsole.Create(settings);
        if (writer is not ProcessWriter)
        {
            return console;
        }

        // What the terminal can do is found out by the stream itself; what is drawn goes through the writer that knows what a failure means.
        settings.Ansi = console.Profile.Capabilities.Ansi ? AnsiSupport.Yes : AnsiSupport.No;
        settings.Out = new Passing(writer, settings.Out);
        return AnsiConsole.Create(settings);
    }

    /// <summary>A style, plain where colours are not welcome.</summary>
    public static Style Style(CommandEnvironment environment, Color color, Decoration decoration = Decoration.None) =>
        environment.Colour ? new Style(color, decoration: decoration) : Spectre.Console.Style.Plain;

    private sealed class Passing(TextWriter writer, IAnsiConsoleOutput terminal) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => terminal.IsTerminal;

        public int Width => terminal.Width;

        public int Height => terminal.Height;

        public void SetEncoding(Encoding encoding) => terminal.SetEncoding(encoding);
    }
}
