using System.Text.Json;
using Glissade.Learning.Training;

namespace Glissade.Experiments.Recording;

/// <summary>What the metrics file says, by key: the curves of a run.</summary>
internal sealed class MetricsHistory
{
    private static readonly MetricsNames.PartNames[] Parts = [MetricsNames.Validation, MetricsNames.Test];

    private static readonly JsonEncodedText[] Keys =
    [
        MetricsNames.Loss, MetricsNames.LearningRate, MetricsNames.GradientNorm, MetricsNames.UpdateNorm, MetricsNames.TrainLoss,
        MetricsNames.Value, MetricsNames.Distance, MetricsNames.X1, MetricsNames.X2,
        .. Parts.SelectMany(p => (JsonEncodedText[])[p.Loss, p.Accuracy, p.RootMeanSquareError, p.RSquared]),
    ];

    private readonly Curve[] _curves = [.. Keys.Select(_ => new Curve([], []))];

    /// <summary>Steps whose update was clipped.</summary>
    public List<long> Clipped { get; } = [];

    /// <summary>Steps that were not applied.</summary>
    public List<long> Skipped { get; } = [];

    /// <summary>How many steps were not applied, by what was not finite: <c>loss</c>, <c>gradient</c> or <c>curvature</c>.</summary>
    public SortedDictionary<string, int> SkipReasons { get; } = new(StringComparer.Ordinal);

    /// <summary>The hyperparameters that move, by name.</summary>
    public SortedDictionary<string, Curve> Hyperparameters { get; } = new(StringComparer.Ordinal);

    /// <summary>What was clipped, by rule: points where it was something.</summary>
    public SortedDictionary<string, Curve> Clips { get; } = new(StringComparer.Ordinal);

    /// <summary>Returns to a sound state, in their order.</summary>
    public List<RestorationRecord> Restorations { get; } = [];

    /// <summary>The steps of which there is a line, ascending.</summary>
    public IReadOnlyList<long> RecordedSteps => this[MetricsNames.Loss] is { Steps: { Count: > 0 } steps } ? steps : this[MetricsNames.Value].Steps;

    /// <summary>Reads a metrics file; a line that is not a record ends the reading. One that is lacking tells nothing.</summary>
    /// <param name="path">The file.</param>
    public static MetricsHistory Read(string path)
    {
        var history = new MetricsHistory();
        if (File.Exists(path))
        {
            MetricsLines.Read(path, history.Add);
        }

        return history;
    }

    /// <summary>The values of a key over the steps; a value that was not finite is NaN.</summary>
    public Curve this[JsonEncodedText key] => _curves[Array.IndexOf(Keys, key)];

    private bool Add(ReadOnlySpan<byte> line)
    {
        if (MetricsLines.StepOf(line, out long restored) is not { } step)
        {
            return false;
        }

        if (restored > 0)
        {
            Restorations.Add(Restoration(line));
            return true;
        }

        SortedDictionary<string, Curve>? inside = null;
        var reader = new Utf8JsonReader(line);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                inside = null;
            }

            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (inside is not null)
            {
                string name = reader.GetString()!;
                reader.Read();

                // The line of step 0 lists those, too, that never move.
                if (step > 0)
                {
                    Curve curve = inside.TryGetValue(name, out Curve? known) ? known : inside[name] = new Curve([], []);
                    curve.Steps.Add(step);
                    curve.Values.Add(reader.TokenType == JsonTokenType.Number ? reader.GetDouble() : double.NaN);
                }

                continue;
            }

            inside = reader.ValueTextEquals(MetricsNames.Hyperparameters.EncodedUtf8Bytes) ? Hyperparameters : reader.ValueTextEquals(MetricsNames.Clips.EncodedUtf8Bytes) ? Clips : null;
            bool isReason = reader.ValueTextEquals(MetricsNames.SkipReason.EncodedUtf8Bytes);
            int key = 0;
            while (key < Keys.Length && !reader.ValueTextEquals(Keys[key].EncodedUtf8Bytes))
            {
                key++;
            }

            List<long>? marks = reader.ValueTextEquals(MetricsNames.Clipped.EncodedUtf8Bytes) ? Clipped : reader.ValueTextEquals(MetricsNames.Skipped.EncodedUtf8Bytes) ? Skipped : null;
            reader.Read();
            if (key < Keys.Length)
            {
                _curves[key].Steps.Add(step);
                _curves[key].Values.Add(reader.TokenType == JsonTokenType.Number ? reader.GetDouble() : double.NaN);
            }
            else if (marks is not null && reader.TokenType == JsonTokenType.True)
            {
                marks.Add(step);
            }
            else if (isReason && reader.GetString() is { } reason)
            {
                SkipReasons[reason] = SkipReasons.GetValueOrDefault(reason) + 1;
            }
        }

        return true;
    }

    private static RestorationRecord Restoration(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        JsonElement record = JsonElement.ParseValue(ref reader);
        return new RestorationRecord(
            record.GetProperty(MetricsNames.Restored.Value).GetInt32(),
            record.GetProperty(MetricsNames.Step.Value).GetInt64(),
            record.GetProperty(MetricsNames.Epoch.Value).GetInt32(),
            record.GetProperty(MetricsNames.FromStep.Value).GetInt64(),
            record.GetProperty(MetricsNames.RateFactor.Value).GetDouble(),
            record.GetProperty(MetricsNames.Reason.Value).GetString() ?? "");
    }

    /// <summary>Values over steps.</summary>
    internal sealed record Curve(List<long> Steps, List<double> Values);
}
