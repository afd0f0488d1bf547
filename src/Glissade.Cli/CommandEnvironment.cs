using System.Text;

namespace Glissade.Cli;

/// <summary>What a command sees of the world around it, so that a test can put another world there.</summary>
/// <param name="Output">Standard output: results.</param>
/// <param name="Error">Standard error: progress and problems.</param>
/// <param name="OutputIsTerminal">Whether a person reads <paramref name="Output"/>.</param>
/// <param name="ErrorIsTerminal">Whether a person watches <paramref name="Error"/>, on something that can move its cursor.</param>
/// <param name="Colour">Whether colours are welcome.</param>
/// <param name="ShowDetails">Whether an unexpected exception is shown whole.</param>
/// <param name="Experiments">What runs experiments.</param>
internal sealed record CommandEnvironment(
    TextWriter Output,
    TextWriter Error,
    bool OutputIsTerminal,
    bool ErrorIsTerminal,
    bool Colour,
    bool ShowDetails,
    IExperiments Experiments)
{
    /// <summary>The world of this process.</summary>
    public static CommandEnvironment OfProcess()
    {
        try
        {
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException or UnauthorizedAccessException)
        {
            // A stream that is closed, or a Windows console that is none, cannot be told its encoding; what is written then is still readable ASCII, mostly.
        }

        bool dumb = Environment.GetEnvironmentVariable("TERM") == "dumb";
        return new CommandEnvironment(
            new ProcessWriter(() => Console.Out, "standard output"),
            new ProcessWriter(() => Console.Error, null),
            !dumb && !Console.IsOutputRedirected,
            !dumb && !Console.IsErrorRedirected,
            string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
            Environment.GetEnvironmentVariable("GLISSADE_DEBUG") is "1" or "true",
            new Experiments());
    }
}
