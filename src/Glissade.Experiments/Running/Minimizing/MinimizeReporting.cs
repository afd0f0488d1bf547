using System.Collections.Immutable;
using Glissade.Experiments.Problems;
using Glissade.Experiments.Recording;
using Glissade.Experiments.Reporting;
using Glissade.Experiments.Sections;
using Glissade.Numerics;

namespace Glissade.Experiments.Running;

/// <summary>Makes the report of a minimisation of what was recorded of it.</summary>
internal static class MinimizeReporting
{
    private const int Columns = 97, Rows = 73;

    // Beside what the ways need, as a share of it.
    private const double Margin = 0.12;

    /// <summary>The report.</summary>
    /// <param name="head">What the summary says.</param>
    /// <param name="experiment">What was run.</param>
    /// <param name="folder">The folder of the run.</param>
    /// <param name="steps">Steps taken.</param>
    public static RunReport Make(RunReport head, MinimizeExperiment experiment, RunFolder folder, long steps)
    {
        MetricsHistory history = MetricsHistory.Read(folder.Metrics);
        return head with
        {
            Parameters = experiment.Problem.Layout.Length,
            Series = [.. Series(history).Where(s => s.Steps.Count > 0)],
            Marks = new ReportMarks { Clipped = history.Clipped, Skipped = history.Skipped },
            ClipBound = RunReporting.ClipBound(experiment.Chain),
            Landscape = Landscape(experiment.Problem, [Path(string.Empty, history)], [true]),
            Warnings = [.. RunReporting.Doubts(experiment), .. RunReporting.Gaps(experiment, folder.Metrics, history, steps)],
        };
    }

    /// <summary>The curves of a minimisation.</summary>
    /// <param name="history">What was recorded.</param>
    public static IEnumerable<ReportSeries> Series(MetricsHistory history)
    {
        yield return RunReporting.Curve("value", ReportGroups.Value, "f(x)", history[MetricsNames.Value]) with { Logarithmic = true };
        yield return RunReporting.Curve("distance", ReportGroups.Distance, "L2 norm", history[MetricsNames.Distance]) with { Logarithmic = true };
        yield return RunReporting.Curve("norm", ReportGroups.UpdateNorm, "L2 norm", history[MetricsNames.UpdateNorm]) with { Logarithmic = true };
        yield return RunReporting.Curve("learning rate", ReportGroups.LearningRate, "", history[MetricsNames.LearningRate]);
        yield return RunReporting.Curve("norm", ReportGroups.GradientNorm, "L2 norm", history[MetricsNames.GradientNorm]) with { Logarithmic = true };
    }

    /// <summary>The way that was recorded; empty for a problem that is not of two numbers.</summary>
    public static ReportPath Path(string name, MetricsHistory history) =>
        new(name, history[MetricsNames.X1].Values, history[MetricsNames.X2].Values);

    /// <summary>The function around the ways taken over it; null for one that is not of two numbers.</summary>
    /// <param name="problem">The function.</param>
    /// <param name="paths">The ways.</param>
    /// <param name="decides">Whether each way decides what is shown: one that ran away would make all others a dot.</param>
    public static ReportLandscape? Landscape(Problem problem, IReadOnlyList<ReportPath> paths, IReadOnlyList<bool> decides)
    {
        if (problem.Layout.Length != 2)
        {
            return null;
        }

        (double Left, double Right) across = Extent(p => p.X, 0);
        (double Left, double Right) upwards = Extent(p => p.Y, 1);
        var point = new FlatVector<double>(2);
        var value = new ProblemValue(problem, point);
        double[] heights = new double[Columns * Rows];
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns; column++)
            {
                point[0] = At(across, column, Columns);
                point[1] = At(upwards, row, Rows);
                heights[(row * Columns) + column] = value.Evaluate();
            }
        }

        return new ReportLandscape
        {
            Across = [across.Left, across.Right],
            Upwards = [upwards.Left, upwards.Right],
            Columns = Columns,
            Heights = heights,
            Lowest = problem.Minimiser,
            Paths = paths,
        };

        (double, double) Extent(Func<ReportPath, IReadOnlyList<double>> side, int axis)
        {
            IEnumerable<double> deciding = paths.Where((_, i) => decides[i]).SelectMany(side).Where(double.IsFinite);
            double[] all = [.. deciding, .. paths.SelectMany(p => side(p).Take(1)), .. problem.Minimiser is { } lowest ? [lowest[axis]] : ImmutableArray<double>.Empty];
            double low = all.Min(), high = all.Max(), air = high > low ? Margin * (high - low) : 1;
            return (low - air, high + air);
        }
    }

    private static double At((double Left, double Right) extent, int index, int count)
    {
        double share = index / (count - 1.0);
        return ((1 - share) * extent.Left) + (share * extent.Right);
    }
}
