using Glissade.Experiments.Running;
using Spectre.Console;

namespace Glissade.Cli.Running;

/// <summary>The result of a run for a person at a terminal.</summary>
internal static class SummaryTable
{
    public static void Write(RunSummary summary, CommandEnvironment environment)
    {
        IAnsiConsole console = Terminals.Open(environment, environment.Output);
        Color color = summary.Status switch
        {
            "completed" => Color.Green,
            "interrupted" => Color.Yellow,
            _ => Color.Red,
        };
        console.Write(new Text($"{summary.Name} {summary.Status}", Terminals.Style(environment, color, Decoration.Bold)));
        console.WriteLine($": {summary.Reason}");
        Table table = new Table().Border(TableBorder.Rounded).HideHeaders();
        table.AddColumn(new TableColumn("name").NoWrap());

        // A path that is wrapped cannot be clicked or copied: it may run out of the frame.
        table.AddColumn(new TableColumn("value").NoWrap());
        foreach ((string name, string value) in SummaryText.Rows(summary))
        {
            table.AddRow(new Text(name, Terminals.Style(environment, Color.Grey)), new Text(value));
        }

        console.Write(table);
    }
}
