using Glissade.Experiments.Reporting;

namespace Glissade.Experiments.Tests.Reporting;

/// <summary>Long runs on a page: fewer points, the same peaks.</summary>
public sealed class ReportThinningTests
{
    private static ReportSeries Long(int count, Func<int, double> value) => new()
    {
        Name = "train",
        Group = "loss",
        Steps = [.. Enumerable.Range(1, count).Select(i => (long)i)],
        Values = [.. Enumerable.Range(0, count).Select(value)],
    };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(ReportThinning.SeriesLimit)]
    public void A_short_series_stays_as_it_is(int count)
    {
        ReportSeries series = Long(count, i => i);
        Assert.Same(series, ReportThinning.Thin(series));
    }

    [Theory]
    [InlineData(ReportThinning.SeriesLimit + 1)]
    [InlineData(12_345)]
    [InlineData(100_000)]
    public void A_long_series_keeps_its_ends_and_every_lone_peak(int count)
    {
        int[] peaks = [17, count / 3, count / 2, count - 5];
        ReportSeries thinned = ReportThinning.Thin(Long(count, i => Math.Sin(i * 0.01) + (peaks.Contains(i) ? 10 : 0)));

        Assert.InRange(thinned.Steps.Count, ReportThinning.SeriesLimit / 2, ReportThinning.SeriesLimit);
        Assert.Equal(count, thinned.Recorded);
        Assert.Equal(1, thinned.Steps[0]);
        Assert.Equal(count, thinned.Steps[^1]);
        Assert.All(peaks, peak => Assert.Contains(peak + 1L, thinned.Steps));
        thinned.Validate();
    }

    [Fact]
    public void Gaps_stay_visible()
    {
        ReportSeries thinned = ReportThinning.Thin(Long(50_000, i => i is > 20_000 and < 30_000 ? double.NaN : i));
        Assert.InRange(thinned.Steps.Count, 1000, ReportThinning.SeriesLimit);
        Assert.InRange(thinned.Values.Count(double.IsNaN), 100, ReportThinning.SeriesLimit);
        Assert.Equal(49_999, thinned.Values.Max());
        thinned.Validate();
    }

    [Fact]
    public void A_series_of_gaps_alone_is_still_a_series()
    {
        ReportSeries thinned = ReportThinning.Thin(Long(10_000, _ => double.NaN));
        Assert.InRange(thinned.Steps.Count, 2, ReportThinning.SeriesLimit);
    }

    [Fact]
    public void Many_marks_are_reduced_to_those_on_the_curve_but_still_counted()
    {
        ReportSeries norm = Long(100_000, i => Math.Sin(i)) with { Group = ReportGroups.GradientNorm };
        RunReport thinned = ReportThinning.Thin(SampleReports.Classifier() with
        {
            Series = [norm],
            Marks = new ReportMarks { Clipped = norm.Steps, Skipped = [5] },
        });

        Assert.Equal(100_000, thinned.Marks.ClippedCount);
        Assert.Equal(thinned.Series[0].Steps, thinned.Marks.Clipped);
        Assert.Equal([5L], thinned.Marks.Skipped);
    }

    [Fact]
    public void Many_predictions_keep_the_largest_errors_and_the_errors_of_all()
    {
        ReportPredictions all = SampleReports.Regression(20_000).Predictions!;
        all = all with { Predicted = [.. all.Predicted.Select((value, i) => i == 777 ? 9999 : value)] };
        ReportPredictions thinned = ReportThinning.Thin(all);

        Assert.Equal(ReportThinning.PredictionLimit, thinned.Truth.Count);
        Assert.Equal(ReportThinning.PredictionLimit, thinned.Predicted.Count);
        Assert.Contains(9999, thinned.Predicted);
        Assert.Equal(20_000, thinned.Recorded);
        Assert.Equal(ReportThinning.Measure(all), thinned.Errors);
    }

    [Fact]
    public void Errors_are_those_of_the_textbook()
    {
        // Errors 1, -1, 2: squares sum to 6; truth 1, 2, 6 has mean 3 and spread 14. The pair with a NaN does not count.
        ReportPredictionErrors errors = ReportThinning.Measure(new ReportPredictions("y", "", [1, 2, 6, 4], [2, 1, 8, double.NaN]));
        Assert.Equal(1 - (6.0 / 14), errors.RSquared, 12);
        Assert.Equal(Math.Sqrt(2), errors.RootMeanSquare, 12);
        Assert.Equal(4.0 / 3, errors.MeanAbsolute, 12);
        Assert.True(double.IsNaN(ReportThinning.Measure(new ReportPredictions("y", "", [2, 2], [2, 2])).RSquared));
    }

    [Fact]
    public void Samples_can_be_looked_at()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "sample-reports");
        ReportWriter.Write(Path.Combine(folder, "classifier.html"), SampleReports.Classifier());
        ReportWriter.Write(Path.Combine(folder, "regression.html"), SampleReports.Regression());
        ReportWriter.Write(Path.Combine(folder, "long.html"), SampleReports.Classifier(100_000));
        Assert.InRange(new FileInfo(Path.Combine(folder, "long.html")).Length, 1, 700_000);
    }
}
