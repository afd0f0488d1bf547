using System.Collections.Immutable;
using Glissade.Experiments.Reporting;
using Glissade.Learning.Training;

namespace Glissade.Experiments.Running;

/// <summary>A figure that sums up a run.</summary>
/// <param name="Key">Its name in files, such as <c>test_accuracy</c>.</param>
/// <param name="Title">Its name for people, such as <c>test accuracy</c>.</param>
/// <param name="Value">The figure.</param>
/// <param name="HigherIsBetter">Whether more of it is better.</param>
internal sealed record RunFigure(string Key, string Title, double Value, bool HigherIsBetter)
{
    /// <summary>The figures of the weights that a run gave, those on the test part first.</summary>
    public static ImmutableArray<RunFigure> Of(TrainingResult result)
    {
        TrainingSession session = result.Session;
        Evaluation? validation = session.Data.Validation is { } data ? session.Evaluate(result.Weights.Span, data, result.LayerStates.Span) : null;
        return [.. Of("test", result.Test), .. Of("validation", validation), .. Of("train", result.Training), .. OfPrecision(session)];
    }

    /// <summary>A figure by its key alone.</summary>
    /// <param name="key">Its name in files.</param>
    /// <param name="value">The figure.</param>
    public static RunFigure Of(string key, double value) =>
        new(key, key.Replace("_r2", "_R²", StringComparison.Ordinal).Replace("_rmse", "_RMSE", StringComparison.Ordinal).Replace('_', ' '), value, key.EndsWith("_accuracy", StringComparison.Ordinal) || key.EndsWith("_r2", StringComparison.Ordinal));

    /// <summary>The figure as a summary holds it.</summary>
    public KeyValuePair<string, double?> ToMetric() => KeyValuePair.Create(Key, double.IsFinite(Value) ? Value : (double?)null);

    /// <summary>The figure as a report shows it.</summary>
    public ReportMetric ToReport() => new(Title, Value, HigherIsBetter);

    /// <summary>What computing in 16 bits brings: the memory of a step, and of the same step with floats; and where the factor of the loss stands.</summary>
    private static IEnumerable<RunFigure> OfPrecision(TrainingSession session)
    {
        if (session.Precision != TrainingPrecision.Float32)
        {
            TrainingMemory memory = session.Memory();
            yield return new RunFigure("step_memory_bytes", "memory of a step, bytes", memory.StepBytes, false);
            yield return new RunFigure("step_memory_bytes_float32", "memory of a step with floats, bytes", memory.FloatBytes, false);
        }

        if (session.Progress.LossScale is { } scale)
        {
            yield return new RunFigure("loss_scale", "loss scale", scale.Scale, true);
        }
    }

    private static IEnumerable<RunFigure> Of(string part, Evaluation? evaluation)
    {
        if (evaluation is null)
        {
            yield break;
        }

        if (evaluation.Accuracy is { } accuracy)
        {
            yield return Of($"{part}_accuracy", accuracy);
        }

        if (evaluation.RSquared is { } explained)
        {
            yield return Of($"{part}_r2", explained);
        }

        if (evaluation.RootMeanSquareError is { } error)
        {
            yield return Of($"{part}_rmse", error);
        }

        yield return Of($"{part}_loss", evaluation.Loss);
    }
}
