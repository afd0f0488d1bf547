namespace Glissade.Experiments.Reporting;

/// <summary>How a series is drawn.</summary>
public enum ReportSeriesKind
{
    /// <summary>As a line through its points.</summary>
    Line,

    /// <summary>As points that nothing joins.</summary>
    Points,
}

/// <summary>Names of groups that the page knows: they have a place of their own, and marks are drawn on some.</summary>
public static class ReportGroups
{
    /// <summary>The loss; comes first, and carries the line of the best step.</summary>
    public const string Loss = "loss";

    /// <summary>The share of right answers.</summary>
    public const string Accuracy = "accuracy";

    /// <summary>The share of variance explained, R².</summary>
    public const string RSquared = "R²";

    /// <summary>The learning rate.</summary>
    public const string LearningRate = "learning rate";

    /// <summary>The value of what is minimised.</summary>
    public const string Value = "value";

    /// <summary>The distance to the minimiser.</summary>
    public const string Distance = "distance to the minimiser";

    /// <summary>The norm of the update.</summary>
    public const string UpdateNorm = "update norm";

    /// <summary>The share of the update's elements that a rule clipped, at the steps at which it clipped any; 1 where it shortened all alike.</summary>
    public const string Clipped = "clipped";

    /// <summary>The norm of the gradient; clipped and skipped steps are marked on its first series.</summary>
    public const string GradientNorm = "gradient norm";
}

/// <summary>A curve: values over steps.</summary>
public sealed record ReportSeries
{
    /// <summary>Its name within the group: "train". The same name has the same colour in every group.</summary>
    public required string Name { get; init; }

    /// <summary>The picture it belongs to; see <see cref="ReportGroups"/>. Series of one group share one picture.</summary>
    public required string Group { get; init; }

    /// <summary>The variant it is of, in a report that shows several; null otherwise. Variants of one curve share one picture.</summary>
    public string? Variant { get; init; }

    /// <summary>The label of the vertical axis, with the unit if there is one.</summary>
    public string Axis { get; init; } = "";

    /// <summary>Whether the vertical axis is logarithmic at first; the reader can change that.</summary>
    public bool Logarithmic { get; init; }

    /// <summary>Line or points.</summary>
    public ReportSeriesKind Kind { get; init; }

    /// <summary>The steps, ascending.</summary>
    public required IReadOnlyList<long> Steps { get; init; }

    /// <summary>The value at each step. A value that is not finite is a gap.</summary>
    public required IReadOnlyList<double> Values { get; init; }

    /// <summary>How many points were recorded, if only some are listed. The writer sets it when it thins a long series.</summary>
    public long? Recorded { get; init; }

    internal void Validate()
    {
        if (Steps.Count != Values.Count)
        {
            throw new ArgumentException($"The series '{Group}/{Name}' has {Steps.Count} steps but {Values.Count} values.");
        }

        for (int i = 1; i < Steps.Count; i++)
        {
            if (Steps[i] <= Steps[i - 1])
            {
                throw new ArgumentException(
                    $"The steps of the series '{Group}/{Name}' must ascend; step {Steps[i]} follows step {Steps[i - 1]} at index {i}.");
            }
        }
    }
}
