using System.Collections.Immutable;
using Glissade.Experiments.Reading;
using Glissade.Experiments.Sections;

namespace Glissade.Experiments.Catalog;

/// <summary>Something that can stand in an experiment file.</summary>
/// <param name="Key">The word in the file, such as <c>clip-by-global-norm</c>.</param>
/// <param name="Formula">Its formula, on one line.</param>
/// <param name="Parameters">The keys of its parameters with their defaults, on one line; empty if it has none.</param>
/// <param name="Source">Where it comes from: author, year; empty if it is common knowledge.</param>
public sealed record CatalogEntry(string Key, string Formula, string Parameters, string Source);

/// <summary>One kind of thing, such as updates or layers.</summary>
/// <param name="Name">The kind, as typed after <c>glissade list</c>: <c>updates</c>, <c>schedules</c>, <c>layers</c>, <c>losses</c>, <c>averages</c>, <c>problems</c>.</param>
/// <param name="Summary">What it is, in a sentence.</param>
/// <param name="Entries">What there is of it, in order.</param>
public sealed record CatalogSection(string Name, string Summary, ImmutableArray<CatalogEntry> Entries);

/// <summary>All that can stand in an experiment file.</summary>
public static class ExperimentCatalog
{
    /// <summary>The sections, in the order in which they are listed.</summary>
    public static ImmutableArray<CatalogSection> Sections { get; } =
    [
        UpdateRegistry.All.ToCatalog(),
        new CatalogSection(
            "schedules",
            "Numbers that change with the step, wherever a number of a rule or an average may stand; beside each may stand for, repeat, times, scale, clamp and then.",
            [.. ScheduleCatalog.All.Select(s => new CatalogEntry(s.Key, s.Formula, string.Join(", ", s.Parameters.Select(Show)), s.Source))]),
        LayerRegistry.All.ToCatalog(),
        LossRegistry.All.ToCatalog(),
        AverageRegistry.All.ToCatalog(),
        ProblemRegistry.All.ToCatalog(),
    ];

    private static string Show(ScheduleParameter parameter) =>
        parameter.Kind == ScheduleParameterKind.Word ? $"{parameter.Name}={string.Join('|', parameter.Words)}"
        : parameter is { Kind: ScheduleParameterKind.Boolean, Default: { } flag } ? $"{parameter.Name}={(flag == 0 ? "false" : "true")}"
        : parameter.IsOptional ? $"[{parameter.Name}]"
        : parameter.Default is { } start ? FormattableString.Invariant($"{parameter.Name}={start}") : parameter.Name;
}
