using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Glissade.Experiments.Catalog;

namespace Glissade.Cli.Listing;

/// <summary>The catalog for machines: <c>{ "updates": { "summary": …, "entries": [ { "key": …, "formula": …, "parameters": …, "source": … } ] } }</c>.</summary>
internal static class ListJson
{
    // Formulas are for reading: θ and β stay letters, as nothing here goes into a web page.
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(ImmutableArray<CatalogSection> sections, TextWriter output)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, Options))
        {
            writer.WriteStartObject();
            foreach (CatalogSection section in sections)
            {
                writer.WriteStartObject(section.Name);
                writer.WriteString("summary", section.Summary);
                writer.WriteStartArray("entries");
                foreach (CatalogEntry entry in section.Entries)
                {
                    writer.WriteStartObject();
                    writer.WriteString("key", entry.Key);
                    writer.WriteString("formula", entry.Formula);
                    writer.WriteString("parameters", entry.Parameters);
                    writer.WriteString("source", entry.Source);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }
}
