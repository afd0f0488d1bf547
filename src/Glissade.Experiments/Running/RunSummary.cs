using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Glissade.Learning.Training;

namespace Glissade.Experiments.Running;

/// <summary>How a run ended: what the command prints and <c>result.json</c> holds.</summary>
/// <param name="Name">The experiment's name.</param>
/// <param name="Kind">The experiment's kind, such as <c>train</c>.</param>
/// <param name="Status"><c>completed</c>, <c>diverged</c>, <c>interrupted</c> or <c>failed</c>.</param>
/// <param name="Reason">Why it ended, in a sentence.</param>
/// <param name="Seconds">Time spent in this process.</param>
/// <param name="Steps">Steps taken in all.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Metrics">Figures by name, such as <c>test_accuracy</c>; null where a figure is not finite.</param>
/// <param name="Run">The folder of the run.</param>
public sealed record RunSummary(
    string Name,
    string Kind,
    string Status,
    string Reason,
    double Seconds,
    long Steps,
    ulong Seed,
    ImmutableArray<KeyValuePair<string, double?>> Metrics,
    string Run)
{
    internal const string Completed = "completed", Diverged = "diverged", Interrupted = "interrupted";

    /// <summary>How each variant of a set ended, by its name, in the order of the file; empty for a run without variants. Of an interrupted set, those that were begun.</summary>
    public ImmutableArray<KeyValuePair<string, RunSummary>> Variants { get; init; } = [];

    /// <summary>Steps that were not applied because the loss, the gradient or a curvature was not finite.</summary>
    public long Skipped { get; init; }

    /// <summary>Returns to the last sound state, in their order.</summary>
    public ImmutableArray<RestorationRecord> Restorations { get; init; } = [];

    /// <summary>The summary as one JSON object on one line.</summary>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Write(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static RestorationRecord Restoration(JsonElement element, int index) => new(
        index + 1,
        element.GetProperty("step").GetInt64(),
        element.GetProperty("epoch").GetInt32(),
        element.GetProperty("from_step").GetInt64(),
        element.GetProperty("learning_rate_factor").GetDouble(),
        element.GetProperty("reason").GetString() ?? string.Empty);

    /// <summary>The word for how training ended.</summary>
    internal static string StatusOf(TrainingStatus status) => status switch
    {
        TrainingStatus.Completed => Completed,
        TrainingStatus.Diverged => Diverged,
        _ => Interrupted,
    };

    /// <summary>Reads a summary back; null where there is none that can be read.</summary>
    /// <param name="path">The file.</param>
    internal static RunSummary? Load(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return Of(document.RootElement);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static RunSummary Of(JsonElement root)
    {
        string Text(string key) => root.GetProperty(key).GetString() ?? string.Empty;
        return new RunSummary(
            Text("name"),
            Text("kind"),
            Text("status"),
            Text("reason"),
            root.GetProperty("seconds").GetDouble(),
            root.GetProperty("steps").GetInt64(),
            root.GetProperty("seed").GetUInt64(),
            [.. root.GetProperty("metrics").EnumerateObject().Select(m => KeyValuePair.Create(m.Name, m.Value.ValueKind == JsonValueKind.Number ? m.Value.GetDouble() : (double?)null))],
            Text("run"))
        {
            Skipped = root.TryGetProperty("skipped", out JsonElement skipped) ? skipped.GetInt64() : 0,
            Restorations = root.TryGetProperty("restorations", out JsonElement restorations) ? [.. restorations.EnumerateArray().Select(Restoration)] : [],
            Variants = root.TryGetProperty("variants", out JsonElement variants) ? [.. variants.EnumerateObject().Select(v => KeyValuePair.Create(v.Name, Of(v.Value)))] : [],
        };
    }

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("name", Name);
        writer.WriteString("kind", Kind);
        writer.WriteString("status", Status);
        writer.WriteString("reason", Reason);
        writer.WriteNumber("seconds", Math.Round(Seconds, 3));
        writer.WriteNumber("steps", Steps);
        writer.WriteNumber("seed", Seed);
        writer.WriteStartObject("metrics");
        foreach ((string name, double? value) in Metrics)
        {
            if (value is { } number && double.IsFinite(number))
            {
                writer.WriteNumber(name, number);
            }
            else
            {
                writer.WriteNull(name);
            }
        }

        writer.WriteEndObject();
        writer.WriteNumber("skipped", Skipped);
        writer.WriteStartArray("restorations");
        foreach (RestorationRecord restoration in Restorations)
        {
            writer.WriteStartObject();
            writer.WriteNumber("step", restoration.Step);
            writer.WriteNumber("epoch", restoration.Epoch);
            writer.WriteNumber("from_step", restoration.FromStep);
            writer.WriteNumber("learning_rate_factor", restoration.Factor);
            writer.WriteString("reason", restoration.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("run", Run);
        if (!Variants.IsEmpty)
        {
            writer.WriteStartObject("variants");
            foreach ((string name, RunSummary variant) in Variants)
            {
                writer.WritePropertyName(name);
                variant.Write(writer);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
