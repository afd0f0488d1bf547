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
        if (!summary.Variants.IsEmpty)
        {
            console.Write(Variants(summary, environment));
        }

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

    /// <summary>A line for each variant, a column for each figure.</summary>
    private static Table Variants(RunSummary summary, CommandEnvironment environment)
    {
        string[] figures = [.. summary.Variants.SelectMany(v => v.Value.Metrics.Select(m => m.Key)).Distinct()];
        Table table = new Table().Border(TableBorder.Rounded);
        table.AddColumn("variant");
        table.AddColumn("ended");
        foreach (string name in figures)
        {
            table.AddColumn(new TableColumn(name.Replace('_', ' ')).RightAligned());
        }

        foreach ((string name, RunSummary variant) in summary.Variants)
        {
            Text ended = new(variant.Status, variant.Status == "completed" ? Style.Plain : Terminals.Style(environment, Color.Red));
            table.AddRow([new Text(name), ended, .. figures.Select(key => new Text(SummaryText.Figure(variant.Metrics.FirstOrDefault(m => m.Key == key).Value)))]);
        }

        return table;
    }
}
