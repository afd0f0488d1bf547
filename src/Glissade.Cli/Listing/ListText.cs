using System.Collections.Immutable;
using Glissade.Experiments.Catalog;

namespace Glissade.Cli.Listing;

/// <summary>The catalog as aligned columns, for pipes and files.</summary>
internal static class ListText
{
    public static void Write(ImmutableArray<CatalogSection> sections, TextWriter output)
    {
        foreach ((int index, CatalogSection section) in sections.Index())
        {
            if (index > 0)
            {
                output.WriteLine();
            }

            output.WriteLine($"{section.Name}: {section.Summary}");
            Func<CatalogEntry, string>[] columns = [e => e.Key, e => e.Formula, e => e.Parameters, e => e.Source];
            int[] widths = [.. columns.Select(column => section.Entries.Select(e => column(e).Length).DefaultIfEmpty(0).Max())];
            foreach (CatalogEntry entry in section.Entries)
            {
                IEnumerable<string> cells = columns.Select((column, i) => column(entry).PadRight(widths[i]));
                output.WriteLine($"  {string.Join("  ", cells)}".TrimEnd());
            }
        }
    }
}
