using System.CommandLine;
using System.CommandLine.Parsing;
using Glissade.Input;

namespace Glissade.Cli.Usage;

/// <summary>What is said of a command line that cannot be understood.</summary>
internal static class UsageErrors
{
    /// <summary>Writes what is wrong, what was probably meant, and where to read more.</summary>
    public static void Write(ParseResult parsed, TextWriter error)
    {
        Command command = parsed.CommandResult.Command;
        foreach (string message in Messages(parsed, command))
        {
            error.WriteLine($"glissade: {message}");
        }

        string path = command.Parents.OfType<Command>().Any() ? $"glissade {command.Name}" : "glissade";
        error.WriteLine($"Try '{path} --help'.");
    }

    /// <summary>Refuses an option where an argument belongs: a mistyped option is the likelier meaning, and a file of that name can be written <c>./--name</c>.</summary>
    public static void RefuseOption(ArgumentResult argument)
    {
        if (argument.Tokens is [{ Value: { } value }] && IsOption(value) && argument.Parent is CommandResult { Command: { } command })
        {
            argument.AddError(UnknownOption(value, command));
        }
    }

    private static string UnknownOption(string option, Command command) =>
        With($"{command.Name} has no option '{option}'", NearestName.Find(option, OptionNames(command)));

    private static IEnumerable<string> Messages(ParseResult parsed, Command command)
    {
        // The words after a mistyped command or option are most likely its own, so only the mistake itself is told.
        List<string> unmatched = [.. parsed.UnmatchedTokens];
        bool wantsCommand = command.Subcommands.Count > 0;
        if (wantsCommand && unmatched.FirstOrDefault(token => !IsOption(token)) is { } word)
        {
            yield return With($"there is no command '{word}'", NearestName.Find(word, command.Subcommands.Select(c => c.Name)));
            yield break;
        }

        foreach (string option in unmatched.Where(IsOption))
        {
            yield return UnknownOption(option, command);
        }

        if (unmatched.Count > 0 && !unmatched.Exists(IsOption))
        {
            yield return $"'{unmatched[0]}' is one argument too many for {command.Name}";
        }

        foreach (ParseError problem in parsed.Errors)
        {
            if (!unmatched.Exists(token => problem.Message.Contains($"'{token}'", StringComparison.Ordinal)))
            {
                yield return Reworded(problem, command);
            }
        }
    }

    private static string Reworded(ParseError problem, Command command) => problem.SymbolResult switch
    {
        // What the library says of these names its own ideas, not the user's.
        CommandResult or ArgumentResult when problem.Message.StartsWith("Required argument missing", StringComparison.Ordinal) =>
            $"{command.Name} needs {string.Join(' ', command.Arguments.Select(a => a.HelpName ?? a.Name))}",
        OptionResult option when option.Tokens.Count == 0 && option.Option.Arity.MinimumNumberOfValues > 0 =>
            $"{option.Option.Name} needs {option.Option.HelpName ?? "a value"} after it",
        OptionResult option when option.IdentifierTokenCount > 1 && option.Option.Arity.MaximumNumberOfValues == 1 =>
            $"{option.Option.Name} is given {option.IdentifierTokenCount} times, expected once",
        _ => problem.Message,
    };

    private static IEnumerable<string> OptionNames(Command command) =>
        command.Options.Where(o => !o.Hidden).Select(o => o.Name).Append("--help");

    private static bool IsOption(string token) => token.Length > 1 && token[0] == '-';

    private static string With(string statement, string? suggestion) =>
        suggestion is null ? statement : $"{statement}; did you mean '{suggestion}'?";
}
