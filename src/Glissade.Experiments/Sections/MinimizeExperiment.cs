using System.Globalization;
using Glissade.Experiments.Problems;
using Glissade.Experiments.Reading;
using Glissade.Updates;

namespace Glissade.Experiments.Sections;

/// <summary>An experiment of the kind <c>minimize</c>, read and checked: a small built-in problem made small by update rules.</summary>
internal sealed record MinimizeExperiment : Experiment
{
    /// <summary>What is made small.</summary>
    public required Problem Problem { get; init; }

    /// <summary>How many steps are taken.</summary>
    public required int Steps { get; init; }

    /// <summary>The sections, written out.</summary>
    public required IReadOnlyList<(string Key, FileNode? Value)> Resolved { get; init; }

    /// <inheritdoc/>
    public override string Describe() =>
        string.Create(CultureInfo.InvariantCulture, $"{Problem.Name}, {Problem.Layout.Length:N0} {(Problem.Layout.Length == 1 ? "parameter" : "parameters")}, {Steps:N0} steps of {Chain}");

    /// <inheritdoc/>
    public override IReadOnlyList<(string Key, FileNode? Value)> SectionsFor(string? folder) => Resolved;
}

/// <summary>Reads an experiment of the kind <c>minimize</c>.</summary>
/// <remarks>
/// <code>
/// problem: { ravine: { condition: 50, start: [-4, 1] } }   # see glissade list problems
/// update: [ { momentum: 0.9 }, { learning-rate: 0.02 } ]
/// average: { ema: 0.98 }                                   # evaluated instead of the parameters; none where left out
/// steps: 200                                               # 100 where left out
/// </code>
/// </remarks>
internal static class MinimizeReader
{
    private const int DefaultSteps = 100;

    // The record holds a line for each step; more would be a task for another tool.
    private const int MostSteps = 1_000_000;

    /// <summary>Reads the sections.</summary>
    /// <param name="map">The experiment.</param>
    /// <param name="header">Its head, already read.</param>
    /// <returns>The experiment, or null where something is wrong, which is noted.</returns>
    public static MinimizeExperiment? Read(FileMapping map, HeadSection header)
    {
        FileNode problem = map.Required("problem"), update = map.Required("update");
        FileNode? average = map.Present("average");
        int steps = map.Optional("steps")?.AsCount(1, MostSteps) ?? DefaultSteps;
        map.RejectUnknownKeys(VariantsSection.Key);

        ScheduleContext context = new(steps);
        RegistryItem<Problem>? what = problem.Kind == FileNodeKind.Absent ? null : ProblemRegistry.All.Read(problem, context);
        UpdateSection? rules = UpdateSection.Read(update, context, what?.Value?.Layout, hasTargets: false);
        RegistryItem<ParameterAverage>? mean = average is null ? null : AverageRegistry.All.Read(average, context);
        if (map.Node.Problems.Any || what?.Value is null || rules is null)
        {
            return null;
        }

        return new MinimizeExperiment
        {
            Header = header,
            Problem = what.Value,
            Chain = rules.Chain,
            Average = mean?.Value,
            Steps = steps,
            Resolved = [("problem", what.Resolved), ("update", rules.Resolved), ("average", mean?.Resolved), ("steps", NodeWriter.Integer(steps))],
        };
    }
}
