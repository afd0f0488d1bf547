using System.Collections.Immutable;
using System.CommandLine;
using Glissade.Cli.Usage;
using Glissade.Experiments.Catalog;
using Glissade.Input;

namespace Glissade.Cli.Listing;

/// <summary><c>glissade list</c>: what can stand in an experiment file.</summary>
internal static class ListCommand
{
    public static Command Build(CommandEnvironment environment)
    {
        Argument<string?> kind = new("KIND")
        {
            Description = "One kind only: updates, schedules, layers, losses, averages or problems.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        kind.Validators.Add(UsageErrors.RefuseOption);
        Option<bool> json = new("--json") { Description = "One JSON object on standard output." };
        Command command = new("list", "Show what can stand in an experiment file, each with its formula, its parameters and its source.") { kind, json };
        command.SetAction(parsed => List(parsed.GetValue(kind), parsed.GetValue(json), environment));
        return command;
    }

    private static int List(string? kind, bool json, CommandEnvironment environment)
    {
        ImmutableArray<CatalogSection> sections = environment.Experiments.Sections;
        if (kind is not null)
        {
            ImmutableArray<CatalogSection> chosen = [.. sections.Where(section => section.Name.Equals(kind, StringComparison.OrdinalIgnoreCase))];
            if (chosen.IsEmpty)
            {
                string[] names = [.. sections.Select(section => section.Name)];
                string expected = $"{string.Join(", ", names[..^1])} or {names[^1]}";
                throw new InputException(new InputProblem("glissade list", $"'{kind}'", expected, NearestName.Find(kind, names)));
            }

            sections = chosen;
        }

        if (json)
        {
            ListJson.Write(sections, environment.Output);
        }
        else if (environment.OutputIsTerminal)
        {
            ListTable.Write(sections, environment);
        }
        else
        {
            ListText.Write(sections, environment.Output);
        }

        return ExitCode.Completed;
    }
}
