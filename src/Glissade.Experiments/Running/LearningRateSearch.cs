using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Glissade.Experiments.Reporting;
using Glissade.Experiments.Sections;
using Glissade.Input;
using Glissade.Learning.Training;

namespace Glissade.Experiments.Running;

/// <summary>Looks for a learning rate for an experiment: a range test with its network, data, loss and update rules. No run is begun and no run is touched.</summary>
public static class LearningRateSearch
{
    /// <summary>Reads an experiment and sweeps.</summary>
    /// <param name="request">The experiment; its folder and whether to resume play no part.</param>
    /// <param name="options">How to sweep.</param>
    /// <param name="report">Where to write a report; null for nowhere.</param>
    /// <param name="cancellation">Ends the sweep after the current step; what was seen until then is judged.</param>
    /// <exception cref="InputException">The file, an assignment or the data is wrong, or there is no learning rate to sweep.</exception>
    /// <exception cref="IOException">The report cannot be written.</exception>
    public static LearningRateFinding Find(RunRequest request, LearningRateRangeOptions options, string? report = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(options);
        DateTimeOffset started = DateTimeOffset.Now;
        if (ExperimentReader.Read(request).Single is not TrainExperiment experiment)
        {
            throw new InputException(new InputProblem(request.File, "an experiment that trains nothing, or several variants", "one experiment of the kind 'train'"));
        }

        TrainingData data = experiment.Data.Data;
        var session = new TrainingSession(
            experiment.Network.Built, experiment.Loss, experiment.Chain, experiment.Average, data, experiment.Options);
        LearningRateRangeResult result;
        try
        {
            result = LearningRateRangeTest.Run(session, options, cancellation);
        }
        catch (ArgumentException refusal)
        {
            string message = refusal.Message;
            int note = message.IndexOf(" (Parameter", StringComparison.Ordinal);
            throw new InputException(new InputProblem(request.File, "no learning rate that can be swept", note > 0 ? message[..note] : message), refusal);
        }

        var finding = new LearningRateFinding(experiment.Header.Name, experiment.Header.Seed, result, DeadEnd(experiment));
        if (report is not null)
        {
            ReportWriter.Write(report, Report(experiment, session, finding, options, started));
        }

        return finding;
    }

    /// <summary>What would make the suggestion useless, or null.</summary>
    private static string? DeadEnd(TrainExperiment experiment) =>
        experiment.Chain.Rules.Count(rule => rule.Name == new Updates.LearningRate(1).Name) > 1
            ? "The chain has several learning rates; the rates here are those that metrics show, their product or the greatest."
            : null;

    private static RunReport Report(TrainExperiment experiment, TrainingSession session, LearningRateFinding finding, LearningRateRangeOptions options, DateTimeOffset started)
    {
        LearningRateRangeResult result = finding.Result;
        long[] steps = [.. Enumerable.Range(1, result.Points.Length).Select(i => (long)i)];
        ReportSeries Curve(string name, string group, string axis, Func<LearningRateRangePoint, double> value) =>
            new() { Name = name, Group = group, Axis = axis, Logarithmic = true, Steps = steps, Values = [.. result.Points.Select(value)] };
        List<ReportMetric> metrics = [];
        if (result is { Suggested: { } suggested, TenthOfMinimum: { } tenth })
        {
            metrics = [new("suggested learning rate", suggested, false), new("a tenth of the rate of the least loss", tenth, false)];
        }

        int at = result.Points.Select(p => p.Rate).ToList().IndexOf(result.Suggested ?? double.NaN);
        return new RunReport
        {
            Name = finding.Name,
            Kind = "learning-rate range test",
            Status = result.End == LearningRateRangeEnd.Cancelled ? ReportStatus.Interrupted : ReportStatus.Completed,
            Reason = result.Reason,
            Seed = finding.Seed,
            Seconds = (DateTimeOffset.Now - started).TotalSeconds,
            Started = started,
            Experiment = experiment.ToYaml(Path.GetDirectoryName(Path.GetFullPath(experiment.Data.File)) ?? string.Empty),
            Machine = Machine.Describe(),
            Steps = result.Points.Length,
            Parameters = session.Parameters.Length,
            Metrics = metrics,
            Series =
            [
                Curve("smoothed", ReportGroups.Loss, experiment.Loss.Name, p => p.Smoothed),
                Curve("batch", ReportGroups.Loss, experiment.Loss.Name, p => p.Loss),
                Curve("sweep", ReportGroups.LearningRate, "", p => p.Rate),
            ],
            Best = at < 0 ? null : new ReportBest(at + 1, string.Create(CultureInfo.InvariantCulture, $"suggested rate {result.Suggested:G3}")),
            Warnings = finding.Doubt is { } doubt ? [doubt] : [],
        };
    }
}

/// <summary>What the search for a learning rate found.</summary>
/// <param name="Name">The experiment's name.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Result">The sweep and the suggestion.</param>
/// <param name="Doubt">What to bear in mind; null for nothing.</param>
public sealed record LearningRateFinding(string Name, ulong Seed, LearningRateRangeResult Result, string? Doubt = null)
{
    /// <summary>The finding as one JSON object on one line: <c>name, seed, end, suggested, tenth_of_minimum, reason, points [{ rate, loss, smoothed }]</c>.</summary>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("name", Name);
            writer.WriteNumber("seed", Seed);
            writer.WriteString("end", Result.End switch
            {
                LearningRateRangeEnd.Swept => "swept",
                LearningRateRangeEnd.Exploded => "exploded",
                LearningRateRangeEnd.NotFinite => "not finite",
                _ => "interrupted",
            });
            WriteOrNull(writer, "suggested", Result.Suggested);
            WriteOrNull(writer, "tenth_of_minimum", Result.TenthOfMinimum);
            writer.WriteString("reason", Result.Reason);
            writer.WriteStartArray("points");
            foreach (LearningRateRangePoint point in Result.Points)
            {
                writer.WriteStartObject();
                writer.WriteNumber("rate", point.Rate);
                writer.WriteNumber("loss", point.Loss);
                writer.WriteNumber("smoothed", point.Smoothed);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteOrNull(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
