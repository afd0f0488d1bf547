namespace Glissade.Experiments.Reporting;

/// <summary>How the run of a report ended.</summary>
public enum ReportStatus
{
    /// <summary>It did what it set out to do, or met a limit that was set for it.</summary>
    Completed,

    /// <summary>The numbers ran away: a loss or gradient that is not finite, or grew past all bounds.</summary>
    Diverged,

    /// <summary>Somebody stopped it.</summary>
    Interrupted,

    /// <summary>It could not go on: an error.</summary>
    Failed,
}

/// <summary>Everything the report of one run shows: the agreement between those who run and the page that shows.</summary>
/// <remarks>
/// Numbers that are not finite are welcome everywhere; they are shown as gaps. A report holds either a
/// <see cref="Confusion"/> or <see cref="Predictions"/> or neither. The other half of the agreement is
/// <c>page/src/contract.ts</c>.
/// </remarks>
public sealed record RunReport
{
    /// <summary>The name of the experiment: the title of the page.</summary>
    public required string Name { get; init; }

    /// <summary>What kind of run it was: "train", "minimize", "reinforce", "tune".</summary>
    public required string Kind { get; init; }

    /// <summary>How it ended.</summary>
    public required ReportStatus Status { get; init; }

    /// <summary>Why it ended, in a sentence.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The seed all randomness came from.</summary>
    public ulong Seed { get; init; }

    /// <summary>How long it took, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>When it began, if that may be told.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>The experiment as it was run, every default written out: YAML, shown as it is.</summary>
    public string Experiment { get; init; } = "";

    /// <summary>What it ran on.</summary>
    public ReportMachine? Machine { get; init; }

    /// <summary>How many steps were taken.</summary>
    public long Steps { get; init; }

    /// <summary>How many parameters there are to learn or to optimize.</summary>
    public long Parameters { get; init; }

    /// <summary>How many steps make an epoch; if given, the page can count in epochs.</summary>
    public double? StepsPerEpoch { get; init; }

    /// <summary>The layers of the network, in order.</summary>
    public IReadOnlyList<ReportLayer> Network { get; init; } = [];

    /// <summary>The few numbers a reader wants first.</summary>
    public IReadOnlyList<ReportMetric> Metrics { get; init; } = [];

    /// <summary>The curves.</summary>
    public IReadOnlyList<ReportSeries> Series { get; init; } = [];

    /// <summary>The steps at which something was done to the update.</summary>
    public ReportMarks Marks { get; init; } = new();

    /// <summary>The gradient norm above which an update is clipped; drawn across the gradient norm.</summary>
    public double? ClipBound { get; init; }

    /// <summary>The step whose parameters were kept as the best.</summary>
    public ReportBest? Best { get; init; }

    /// <summary>How each of several variants ended that are shown side by side; null for a run of one.</summary>
    public IReadOnlyList<ReportVariant>? Variants { get; init; }

    /// <summary>For a function of two numbers: its heights and the ways taken over them.</summary>
    public ReportLandscape? Landscape { get; init; }

    /// <summary>For a classifier: which class was taken for which.</summary>
    public ReportConfusion? Confusion { get; init; }

    /// <summary>For a regression: what was predicted and what was true.</summary>
    public ReportPredictions? Predictions { get; init; }

    /// <summary>What the reader should be warned of.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Checks what the types cannot: lists that must be of one length, and that there is one kind of result.</summary>
    /// <exception cref="ArgumentException">The report contradicts itself; the message says where.</exception>
    public void Validate()
    {
        if (Confusion is not null && Predictions is not null)
        {
            throw new ArgumentException($"The report of '{Name}' has both a confusion matrix and predictions; it may have one of them.");
        }

        foreach (ReportSeries series in Series)
        {
            series.Validate();
        }

        foreach (ReportSeries series in Series.Where(s => s.Variant is { } name && Variants?.Any(v => v.Name == name) != true))
        {
            throw new ArgumentException($"The series '{series.Group}/{series.Name}' is of the variant '{series.Variant}', which the report of '{Name}' does not list.");
        }

        Landscape?.Validate();
        Confusion?.Validate();
        Predictions?.Validate();
    }
}
