using Spectre.Console;

namespace Glissade.Cli;

/// <summary>Terminals that a person watches. Apart from other writing, so that a run in a pipe need not load what draws.</summary>
internal static class Terminals
{
    /// <summary>A terminal to draw on.</summary>
    /// <param name="environment">The world around it.</param>
    /// <param name="writer">Its standard output or error.</param>
    public static IAnsiConsole Open(CommandEnvironment environment, TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.Detect,
        ColorSystem = environment.Colour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        Interactive = InteractionSupport.Yes,
        Out = new AnsiConsoleOutput(writer),
    });

    /// <summary>A style, plain where colours are not welcome.</summary>
    public static Style Style(CommandEnvironment environment, Color color, Decoration decoration = Decoration.None) =>
        environment.Colour ? new Style(color, decoration: decoration) : Spectre.Console.Style.Plain;
}
