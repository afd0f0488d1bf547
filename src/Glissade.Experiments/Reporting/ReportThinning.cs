namespace Glissade.Experiments.Reporting;

/// <summary>Makes a long run fit a page: as many points as a screen can show, and every peak among them.</summary>
internal static class ReportThinning
{
    /// <summary>The most points of one series on the page.</summary>
    internal const int SeriesLimit = 4000;

    /// <summary>The most points of the picture of predictions.</summary>
    internal const int PredictionLimit = 5000;

    internal static RunReport Thin(RunReport report)
    {
        ReportSeries[] series = [.. report.Series.Select(Thin)];
        HashSet<long> shown = [.. series.Where(one => one.Group == ReportGroups.GradientNorm).SelectMany(one => one.Steps)];
        return report with
        {
            Series = series,
            Marks = Thin(report.Marks, shown),
            Variants = report.Variants is null ? null : [.. report.Variants.Select(variant => variant with { Marks = Thin(variant.Marks, shown) })],
            Landscape = report.Landscape is null ? null : report.Landscape with { Paths = [.. report.Landscape.Paths.Select(Thin)] },
            Predictions = report.Predictions is null ? null : Thin(report.Predictions),
        };
    }

    /// <summary>
    /// Of each of a number of equal stretches of the list the lowest and the highest point stay, in their order; so do
    /// the first and the last point, and a stretch that holds a gap keeps one gap.
    /// </summary>
    internal static ReportSeries Thin(ReportSeries series)
    {
        int count = series.Values.Count;
        if (count <= SeriesLimit)
        {
            return series;
        }

        // A stretch keeps three points at most (low, high, gap), and the series its two ends.
        int stretches = (SeriesLimit - 2) / (series.Values.All(double.IsFinite) ? 2 : 3);
        SortedSet<int> kept = [0, count - 1];
        for (int stretch = 0; stretch < stretches; stretch++)
        {
            int start = (int)((long)count * stretch / stretches);
            int end = (int)((long)count * (stretch + 1) / stretches);
            KeepExtremes(series.Values, start, end, kept);
        }

        return series with
        {
            Steps = [.. kept.Select(i => series.Steps[i])],
            Values = [.. kept.Select(i => series.Values[i])],
            Recorded = series.Recorded ?? count,
        };
    }

    private static void KeepExtremes(IReadOnlyList<double> values, int start, int end, SortedSet<int> kept)
    {
        int low = -1, high = -1, gap = -1;
        for (int i = start; i < end; i++)
        {
            double value = values[i];
            if (!double.IsFinite(value))
            {
                gap = i;
                continue;
            }

            low = low < 0 || value < values[low] ? i : low;
            high = high < 0 || value > values[high] ? i : high;
        }

        kept.UnionWith(new[] { low, high, gap }.Where(index => index >= 0));
    }

    private static ReportMarks Thin(ReportMarks marks, HashSet<long> shown) => new()
    {
        Clipped = Thin(marks.Clipped, shown),
        Skipped = Thin(marks.Skipped, shown),
        ClippedCount = marks.ClippedCount,
        SkippedCount = marks.SkippedCount,
    };

    /// <summary>Of a long way points that stand evenly among its steps, the first and the last with them.</summary>
    private static ReportPath Thin(ReportPath path)
    {
        int count = path.X.Count;
        if (count <= SeriesLimit)
        {
            return path;
        }

        int[] kept = [.. Enumerable.Range(0, SeriesLimit).Select(i => (int)((long)i * (count - 1) / (SeriesLimit - 1)))];
        return path with { X = [.. kept.Select(i => path.X[i])], Y = [.. kept.Select(i => path.Y[i])] };
    }

    /// <summary>A short list of marks stays as it is; of a long one those stay that lie on the curve as it is drawn.</summary>
    private static IReadOnlyList<long> Thin(IReadOnlyList<long> marks, HashSet<long> shown) =>
        marks.Count <= SeriesLimit ? marks : [.. marks.Where(shown.Contains).Take(SeriesLimit)];

    /// <summary>
    /// A tenth of the points are the largest errors, which are what one looks for; the rest stand evenly among the
    /// true values, so that the cloud keeps its shape. The errors are measured on all.
    /// </summary>
    internal static ReportPredictions Thin(ReportPredictions predictions)
    {
        int count = predictions.Truth.Count;
        ReportPredictions measured = predictions with { Errors = predictions.Errors ?? Measure(predictions) };
        if (count <= PredictionLimit)
        {
            return measured;
        }

        double ErrorOf(int i) => Math.Abs(predictions.Predicted[i] - predictions.Truth[i]);
        int[] finite = [.. Enumerable.Range(0, count).Where(i => double.IsFinite(ErrorOf(i)))];
        HashSet<int> kept = [.. finite.OrderByDescending(ErrorOf).Take(PredictionLimit / 10)];
        int[] rest = [.. finite.Where(i => !kept.Contains(i)).OrderBy(i => predictions.Truth[i])];
        int wanted = Math.Min(PredictionLimit - kept.Count, rest.Length);
        for (int i = 0; i < wanted; i++)
        {
            kept.Add(rest[(int)((long)i * rest.Length / wanted)]);
        }

        int[] order = [.. kept.Order()];
        return measured with
        {
            Truth = [.. order.Select(i => predictions.Truth[i])],
            Predicted = [.. order.Select(i => predictions.Predicted[i])],
            Recorded = predictions.Recorded ?? count,
        };
    }

    /// <summary>The errors over the pairs in which both numbers are finite; not a number where there are none.</summary>
    internal static ReportPredictionErrors Measure(ReportPredictions predictions)
    {
        (double Truth, double Error)[] pairs =
        [
            .. predictions.Truth
                .Zip(predictions.Predicted, (truth, predicted) => (Truth: truth, Error: predicted - truth))
                .Where(pair => double.IsFinite(pair.Truth) && double.IsFinite(pair.Error)),
        ];
        if (pairs.Length == 0)
        {
            return new ReportPredictionErrors(double.NaN, double.NaN, double.NaN);
        }

        double mean = pairs.Average(pair => pair.Truth);
        double spread = pairs.Sum(pair => (pair.Truth - mean) * (pair.Truth - mean));
        double squares = pairs.Sum(pair => pair.Error * pair.Error);
        // Where the truth never varies R² has no meaning, and a division by zero would pretend it had.
        double rSquared = spread > 0 ? 1 - (squares / spread) : double.NaN;
        return new ReportPredictionErrors(rSquared, Math.Sqrt(squares / pairs.Length), pairs.Average(pair => Math.Abs(pair.Error)));
    }
}
