using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Glissade.Numerics;

namespace Glissade.Comparison.Measuring;

/// <summary>Prints measurements as they come: one JSON object a line, or a table for the eye.</summary>
internal sealed class Figures(bool json)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private string _columns = "";

    /// <summary>Who is measured, as it stands in the figures.</summary>
    public static string Project { get; } =
        "Glissade " + (typeof(Shape).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "");

    /// <summary>Prints one measurement.</summary>
    /// <param name="figure">Its keys and values; nulls are left out of JSON.</param>
    public void Print(JsonObject figure)
    {
        if (json)
        {
            foreach (string key in figure.Where(p => p.Value is null).Select(p => p.Key).ToArray())
            {
                figure.Remove(key);
            }

            Console.WriteLine(figure.ToJsonString(Plain));
            return;
        }

        // A heading wherever the columns change.
        string columns = string.Join("", figure.Select(p => Cell(p.Key, p.Key)));
        if (columns != _columns)
        {
            Console.WriteLine((_columns.Length == 0 ? "" : "\n") + columns);
            _columns = columns;
        }

        Console.WriteLine(string.Join("", figure.Select(p => Cell(p.Key, Text(p.Value)))));
    }

    private static string Text(JsonNode? value) => value switch
    {
        null => "-",
        JsonArray items => string.Join('-', items.Select(Text)),
        JsonObject members => string.Join(' ', members.Select(m => m.Key + "=" + Text(m.Value))),
        JsonValue number when number.TryGetValue(out double real) => real.ToString("#,0.####", CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };

    private static string Cell(string key, string text) => key switch
    {
        "hyperparameters" => text.PadRight(44) + "  ",
        "peer" => text.PadRight(28) + "  ",
        "network" or "optimizer" or "widths" or "quantity" or "work" => text.PadRight(22) + "  ",
        _ => text.PadLeft(Math.Max(key.Length, 10)) + "  ",
    };
}
