using Glissade.Experiments.Reporting;

namespace Glissade.Experiments.Tests.Reporting;

/// <summary>Made-up runs that look like real ones. The numbers come from a formula: no file, no chance.</summary>
internal static class SampleReports
{
    private const string Experiment = """
        name: digits-mlp
        kind: train
        seed: 7
        data: { file: data/digits.csv, target: label, test: 0.2 }
        network:
          - dense: 128
          - gelu
          - dropout: 0.1
          - dense: 10
        loss: { cross-entropy: { label-smoothing: 0.1 } }
        update:
          - clip: { global-norm: 1.0 }
          - adam: { beta1: 0.9, beta2: 0.999 }
          - decay: { rate: 0.01, except: "*.bias" }
          - rate: { warmup: 100, then: { cosine: { from: 3e-3, to: 0 } } }
        batch: 32
        epochs: 30
        """;

    /// <summary>A classifier of digits.</summary>
    internal static RunReport Classifier(int steps = 1200, int every = 1)
    {
        const double perEpoch = 45;
        double Noise(long step) => Math.Sin(step * 12.9898) * 0.5 + Math.Sin(step * 78.233) * 0.5;
        long[] each = [.. Enumerable.Range(1, steps / every).Select(i => (long)i * every)];
        long[] epochs = [.. Enumerable.Range(1, (int)(steps / perEpoch)).Select(i => (long)(i * perEpoch))];
        double Progress(long step) => (double)step / steps;
        double[] norms = [.. each.Select(step => 0.25 + (2.2 * Math.Exp(-Progress(step) * 9)) + (0.2 * Math.Abs(Noise(step))))];
        long[] clipped = [.. each.Where((_, i) => norms[i] > 1)];
        norms = [.. norms.Select((norm, i) => each[i] == steps / 2 ? double.NaN : norm)];
        double Loss(long step, double floor) => floor + (2.2 * Math.Exp(-Progress(step) * 7));
        double Rate(long step) => step < 100 ? 3e-3 * step / 100 : 1.5e-3 * (1 + Math.Cos(Math.PI * (step - 100) / (steps - 100)));
        return new RunReport
        {
            Name = "digits-mlp",
            Kind = "train",
            Status = ReportStatus.Completed,
            Reason = "All 30 epochs were run; the parameters of the best epoch were kept.",
            Seed = 18_446_744_073_709_551_557,
            Seconds = 4.37,
            Started = new DateTimeOffset(2026, 3, 14, 9, 26, 53, TimeSpan.Zero),
            Experiment = Experiment,
            Machine = new ReportMachine("Example processor, 8 cores", 4),
            Steps = steps,
            Parameters = 9610,
            StepsPerEpoch = perEpoch,
            Network =
            [
                new ReportLayer("Dense(64 → 128)", "[batch, 128]", 8320),
                new ReportLayer("Gelu", "[batch, 128]", 0),
                new ReportLayer("Dropout(0.1)", "[batch, 128]", 0),
                new ReportLayer("Dense(128 → 10)", "[batch, 10]", 1290),
            ],
            Metrics =
            [
                new ReportMetric("test accuracy", 0.9778, true),
                new ReportMetric("test loss", 0.0913, false),
                new ReportMetric("train loss", 0.0312, false),
            ],
            Series =
            [
                Series("train", ReportGroups.Loss, "cross-entropy", each, step => Loss(step, 0.03) * (1 + (0.3 * Noise(step)))) with { Logarithmic = true },
                Series("test", ReportGroups.Loss, "cross-entropy", epochs, step => Loss(step, 0.09)),
                Series("train", ReportGroups.Accuracy, "share right", epochs, step => 1 - (0.7 * Math.Exp(-Progress(step) * 11))),
                Series("test", ReportGroups.Accuracy, "share right", epochs, step => 0.978 - (0.7 * Math.Exp(-Progress(step) * 10)) + (0.004 * Noise(step))),
                Series("learning rate", ReportGroups.LearningRate, "", each, Rate),
                Series("norm", ReportGroups.GradientNorm, "L2 norm", each, _ => 0) with { Values = norms },
            ],
            Marks = new ReportMarks { Clipped = clipped, Skipped = [steps / 2] },
            ClipBound = 1,
            Best = new ReportBest(epochs[epochs.Length * 4 / 5], "best test loss"),
            Confusion = Digits(),
            Warnings = ["One step was skipped because its gradient was not finite."],
        };
    }

    /// <summary>A regression that ended badly.</summary>
    internal static RunReport Regression(int examples = 800)
    {
        double[] truth = [.. Enumerable.Range(0, examples).Select(i => 50 + (300 * (0.5 + (0.5 * Math.Sin(i * 0.7)))))];
        return Classifier(300) with
        {
            Name = "diabetes-progression",
            Status = ReportStatus.Diverged,
            Reason = "The loss was not finite at step 300.",
            Metrics = [new ReportMetric("test R²", 0.8512, true), new ReportMetric("test loss", double.NaN, false)],
            Confusion = null,
            Predictions = new ReportPredictions("progression", "points", truth,
                [.. truth.Select((value, i) => 200 + (0.9 * (value - 200)) + (35 * Math.Sin(i * 12.9898)))]),
        };
    }

    private static ReportSeries Series(string name, string group, string axis, long[] steps, Func<long, double> value) =>
        new() { Name = name, Group = group, Axis = axis, Steps = steps, Values = [.. steps.Select(value)] };

    private static ReportConfusion Digits()
    {
        long Count(int truth, int predicted) => truth == predicted ? 33 + (truth % 4) : (truth, predicted) switch
        {
            (8, 1) => 3,
            (9, 4) or (3, 8) => 2,
            (5, 9) or (4, 9) or (7, 9) => 1,
            _ => 0,
        };
        return new ReportConfusion(
            [.. Enumerable.Range(0, 10).Select(digit => $"{digit}")],
            [.. Enumerable.Range(0, 10).Select(truth => (IReadOnlyList<long>)[.. Enumerable.Range(0, 10).Select(predicted => Count(truth, predicted))])]);
    }
}
