namespace Glissade.Experiments.Reporting;

/// <summary>What a run ran on.</summary>
/// <param name="Processor">The processor's name.</param>
/// <param name="Threads">How many threads did the work.</param>
public sealed record ReportMachine(string Processor, int Threads);

/// <summary>A layer of the network.</summary>
/// <param name="Text">What it is, as one would write it: "Dense(64 → 128)".</param>
/// <param name="Shape">The shape of what comes out of it.</param>
/// <param name="Parameters">How many parameters it has.</param>
public sealed record ReportLayer(string Text, string Shape, long Parameters);

/// <summary>A number that sums up the run.</summary>
/// <param name="Name">What it measures: "test accuracy".</param>
/// <param name="Value">The number.</param>
/// <param name="HigherIsBetter">Whether more of it is better.</param>
public sealed record ReportMetric(string Name, double Value, bool HigherIsBetter);

/// <summary>The step whose parameters were kept.</summary>
/// <param name="Step">The step.</param>
/// <param name="Label">What to write beside its line: "best test accuracy".</param>
public sealed record ReportBest(long Step, string Label);

/// <summary>The steps at which the update was not applied as it came.</summary>
public sealed record ReportMarks
{
    /// <summary>Steps whose update was clipped, ascending.</summary>
    public IReadOnlyList<long> Clipped { get; init; } = [];

    /// <summary>Steps whose update was not applied at all, ascending.</summary>
    public IReadOnlyList<long> Skipped { get; init; } = [];

    /// <summary>How many were clipped. Stays true when the list is thinned.</summary>
    public long ClippedCount { get => field == 0 ? Clipped.Count : field; init; }

    /// <summary>How many were skipped. Stays true when the list is thinned.</summary>
    public long SkippedCount { get => field == 0 ? Skipped.Count : field; init; }
}

/// <summary>How often each class was taken for each.</summary>
/// <param name="Classes">The names of the classes.</param>
/// <param name="Counts">A row for each true class, in it a count for each predicted class.</param>
public sealed record ReportConfusion(IReadOnlyList<string> Classes, IReadOnlyList<IReadOnlyList<long>> Counts)
{
    internal void Validate()
    {
        if (Counts.Count != Classes.Count || Counts.Any(row => row.Count != Classes.Count))
        {
            throw new ArgumentException(
                $"The confusion matrix of {Classes.Count} classes must have {Classes.Count} rows of {Classes.Count} counts; " +
                $"it has {Counts.Count} rows of {string.Join(", ", Counts.Select(row => row.Count).Distinct())}.");
        }
    }
}

/// <summary>What was predicted beside what was true, example by example.</summary>
/// <param name="Target">The name of what is predicted: "price".</param>
/// <param name="Unit">Its unit; empty if it has none.</param>
/// <param name="Truth">The true values.</param>
/// <param name="Predicted">The predicted values, in the same order.</param>
public sealed record ReportPredictions(string Target, string Unit, IReadOnlyList<double> Truth, IReadOnlyList<double> Predicted)
{
    /// <summary>How many examples there were, if only some are listed.</summary>
    public long? Recorded { get; init; }

    /// <summary>The errors over all examples. The writer measures them if they are not given.</summary>
    public ReportPredictionErrors? Errors { get; init; }

    internal void Validate()
    {
        if (Truth.Count != Predicted.Count)
        {
            throw new ArgumentException($"The predictions of '{Target}' have {Truth.Count} true values but {Predicted.Count} predicted ones.");
        }
    }
}

/// <summary>How far predictions are off.</summary>
/// <param name="RSquared">One less the ratio of the squared errors to the variance of the truth.</param>
/// <param name="RootMeanSquare">The root of the mean squared error, in the target's unit.</param>
/// <param name="MeanAbsolute">The mean absolute error, in the target's unit.</param>
public sealed record ReportPredictionErrors(double RSquared, double RootMeanSquare, double MeanAbsolute);
