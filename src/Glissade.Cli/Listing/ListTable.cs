using System.Collections.Immutable;
using Glissade.Experiments.Catalog;
using Spectre.Console;

namespace Glissade.Cli.Listing;

/// <summary>The catalog as tables, for people.</summary>
internal static class ListTable
{
    public static void Write(ImmutableArray<CatalogSection> sections, CommandEnvironment environment)
    {
        IAnsiConsole console = Terminals.Open(environment, environment.Output);
        foreach (CatalogSection section in sections)
        {
            console.Write(new Text(section.Name, Terminals.Style(environment, Color.Green, Decoration.Bold)));
            console.WriteLine($": {section.Summary}");
            bool hasParameters = section.Entries.Any(e => e.Parameters.Length > 0), hasSources = section.Entries.Any(e => e.Source.Length > 0);
            Table table = new Table().Border(TableBorder.Simple);
            table.AddColumn(new TableColumn("key").NoWrap());
            table.AddColumn("formula");
            if (hasParameters)
            {
                table.AddColumn("parameters");
            }

            if (hasSources)
            {
                table.AddColumn("source");
            }

            foreach (CatalogEntry entry in section.Entries)
            {
                List<Text> cells = [new(entry.Key, Terminals.Style(environment, Color.Teal)), new(entry.Formula)];
                if (hasParameters)
                {
                    cells.Add(new Text(entry.Parameters));
                }

                if (hasSources)
                {
                    cells.Add(new Text(entry.Source, Terminals.Style(environment, Color.Grey)));
                }

                table.AddRow(cells);
            }

            console.Write(table);
        }
    }
}
