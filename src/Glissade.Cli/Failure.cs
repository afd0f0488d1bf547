using Glissade.Input;

namespace Glissade.Cli;

/// <summary>What is said of an exception, and the exit code that goes with it.</summary>
internal static class Failure
{
    /// <summary>Says on standard error what went wrong and returns the exit code.</summary>
    public static int Write(Exception exception, CommandEnvironment environment)
    {
        if (exception is InputException)
        {
            // Its lines begin with file:line:column, which editors and terminals make clickable: nothing stands before them.
            environment.Error.WriteLine(exception.Message);
            return ExitCode.BadInput;
        }

        environment.Error.WriteLine($"glissade: {Sentence(exception)}");
        if (environment.ShowDetails)
        {
            environment.Error.WriteLine(exception);
        }
        else if (!IsOutside(exception))
        {
            environment.Error.WriteLine("This is a fault of glissade: please report it to the project, with the experiment file and what GLISSADE_DEBUG=1 adds to this.");
        }

        return ExitCode.Failed;
    }

    /// <summary>The exception in a sentence, on one line.</summary>
    public static string Sentence(Exception exception)
    {
        string message = string.Join(' ', exception.Message.Split('\n', '\r').Where(line => line.Length > 0));
        return IsOutside(exception) ? message : $"unexpected {exception.GetType().Name}: {message}";
    }

    // A folder that is not writable, a full disk: nobody's programming error.
    private static bool IsOutside(Exception exception) => exception is IOException or UnauthorizedAccessException;
}
