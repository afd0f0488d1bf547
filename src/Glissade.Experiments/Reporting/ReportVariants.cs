namespace Glissade.Experiments.Reporting;

/// <summary>How one of several variants ended.</summary>
/// <param name="Name">Its name, as in <see cref="ReportSeries.Variant"/>.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="Steps">How many steps it took.</param>
/// <param name="Metrics">The few numbers a reader wants first; all variants have the same.</param>
public sealed record ReportVariant(string Name, ReportStatus Status, string Reason, long Steps, IReadOnlyList<ReportMetric> Metrics)
{
    /// <summary>The steps at which something was done to its update.</summary>
    public ReportMarks Marks { get; init; } = new();

    /// <summary>The gradient norm above which its update is clipped.</summary>
    public double? ClipBound { get; init; }
}

/// <summary>The way that was taken over a landscape.</summary>
/// <param name="Name">Whose: a variant's name; empty for a run of one.</param>
/// <param name="X">Where it was, across, from the start on.</param>
/// <param name="Y">Where it was, upwards.</param>
public sealed record ReportPath(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y);

/// <summary>A function of two numbers on a grid, for contour lines, and the ways taken over it.</summary>
public sealed record ReportLandscape
{
    /// <summary>The left and the right end of the grid.</summary>
    public required IReadOnlyList<double> Across { get; init; }

    /// <summary>The lower and the upper end of the grid.</summary>
    public required IReadOnlyList<double> Upwards { get; init; }

    /// <summary>How many points a row of the grid has, its ends included.</summary>
    public required int Columns { get; init; }

    /// <summary>The heights, row by row, the lowest row first.</summary>
    public required IReadOnlyList<double> Heights { get; init; }

    /// <summary>Where the function is lowest: two numbers; null where that is not known.</summary>
    public IReadOnlyList<double>? Lowest { get; init; }

    /// <summary>The ways.</summary>
    public IReadOnlyList<ReportPath> Paths { get; init; } = [];

    internal void Validate()
    {
        if (Across is not [var left, var right] || Upwards is not [var low, var high] || !(left < right) || !(low < high))
        {
            throw new ArgumentException($"A landscape must reach from a lesser to a greater number both ways, not [{string.Join(", ", Across)}] by [{string.Join(", ", Upwards)}].");
        }

        if (Columns < 2 || Heights.Count < 2 * Columns || Heights.Count % Columns != 0)
        {
            throw new ArgumentException($"The grid of a landscape must have at least 2 whole rows of at least 2 points; it has {Heights.Count} heights in rows of {Columns}.");
        }

        if (Paths.FirstOrDefault(path => path.X.Count != path.Y.Count) is { } torn)
        {
            throw new ArgumentException($"The path '{torn.Name}' has {torn.X.Count} positions across, but {torn.Y.Count} upwards.");
        }
    }
}
