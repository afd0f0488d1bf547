using System.Text.Json;

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

    /// <summary>Reads a metrics file; a line that is not a record ends the reading.</summary>
    /// <param name="path">The file.</param>
    public static MetricsHistory Read(string path)
    {
        var history = new MetricsHistory();
        MetricsLines.Read(path, history.Add);
        return history;
    }

    /// <summary>The values of a key over the steps; a value that was not finite is NaN.</summary>
    public Curve this[JsonEncodedText key] => _curves[Array.IndexOf(Keys, key)];

    private bool Add(ReadOnlySpan<byte> line)
    {
        if (MetricsLines.StepOf(line) is not { } step)
        {
            return false;
        }

        var reader = new Utf8JsonReader(line);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

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
        }

        return true;
    }

    /// <summary>Values over steps.</summary>
    internal sealed record Curve(List<long> Steps, List<double> Values);
}
