using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Glissade.Experiments.Reporting;

/// <summary>The run as JSON that may stand inside a script element of a page.</summary>
internal static class ReportJson
{
    internal static string Write(RunReport report)
    {
        string json = JsonSerializer.Serialize(report, ReportJsonContext.Default.RunReport);
        // The serializer escapes these by default; a page must not depend on a default that somebody may relax.
        return json.Replace("<", "\\u003c", StringComparison.Ordinal)
            .Replace(">", "\\u003e", StringComparison.Ordinal)
            .Replace("&", "\\u0026", StringComparison.Ordinal);
    }
}

/// <summary>Numbers of up to seven digits, more than a picture or a person resolves; null for what JSON has no number for.</summary>
internal sealed class ReportNumberConverter : JsonConverter<double>
{
    public override bool HandleNull => true;

    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (!double.IsFinite(value))
        {
            writer.WriteNullValue();
            return;
        }

        // A float widened to double has seventeen digits, of which the last ten are noise and half of the page's size.
        Span<char> digits = stackalloc char[32];
        value.TryFormat(digits, out int length, "G7", CultureInfo.InvariantCulture);
        writer.WriteRawValue(digits[..length], skipInputValidation: true);
    }
}

/// <summary>The seed as text: JavaScript's numbers hold 53 bits of its 64.</summary>
internal sealed class ReportSeedConverter : JsonConverter<ulong>
{
    public override ulong Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ulong.Parse(reader.GetString() ?? "0", CultureInfo.InvariantCulture);

    public override void Write(Utf8JsonWriter writer, ulong value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString(CultureInfo.InvariantCulture));
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = false,
    Converters = [typeof(ReportNumberConverter), typeof(ReportSeedConverter), typeof(ReportStatusConverter), typeof(ReportSeriesKindConverter)])]
[JsonSerializable(typeof(RunReport))]
internal sealed partial class ReportJsonContext : JsonSerializerContext;

/// <summary>Statuses by their names in lower case.</summary>
internal sealed class ReportStatusConverter() : JsonStringEnumConverter<ReportStatus>(JsonNamingPolicy.CamelCase);

/// <summary>Kinds of series by their names in lower case.</summary>
internal sealed class ReportSeriesKindConverter() : JsonStringEnumConverter<ReportSeriesKind>(JsonNamingPolicy.CamelCase);
