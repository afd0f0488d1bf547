using Glissade.Input;
using Glissade.Schedules;

namespace Glissade.Experiments.Reading;

/// <summary>Reads a schedule wherever a number may stand.</summary>
/// <remarks>
/// <code>
/// 0.003                                                      # a number: constant
/// { linear: { from: 0.1, to: 0, steps: 100 } }               # a keyword of the catalogue with its parameters
/// { warmup: 50, to: 0.003, then: { cosine: { to: 0 } } }     # the main parameter behind the keyword, the others beside it
/// { constant: 0.1, for: 10 epochs, then: cosine }            # the rest of the run, from 0.1 to 0
/// { group: { warmup: 5, to: 1, then: … }, repeat: 3 }        # all of it, three times
/// </code>
/// Beside every keyword may stand, applied in this order: <c>for</c> (a length, then at rest), <c>repeat</c> (a number of times, or <c>forever</c>),
/// <c>times</c> (another schedule, step for step), <c>scale</c> (a factor), <c>clamp</c> (with <c>low</c> and <c>high</c>) and <c>then</c> (what follows). Where <c>from</c> is left out behind <c>then</c>, it is the end of what came before;
/// where <c>steps</c> is left out, it is the rest of the run. Steps and milestones behind <c>then</c> are counted from there.
/// </remarks>
public static partial class ScheduleReader
{
    /// <summary>Reads a schedule.</summary>
    /// <param name="node">The node.</param>
    /// <param name="context">How long an epoch and the run are.</param>
    /// <param name="range">The values that are right; each part of the schedule is held to it at both its ends.</param>
    /// <returns>The schedule; some constant where something is wrong, which is noted.</returns>
    public static Schedule Read(FileNode node, ScheduleContext context, NumberRange range = default)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(context);
        return Read(node, new Run(context, 0, null), range);
    }

    /// <summary>Where in the run a part stands: the steps before it, and the value on which they ended.</summary>
    private sealed record Run(ScheduleContext Context, long Before, double? EndBefore);

    private static Schedule Read(FileNode node, Run run, NumberRange range)
    {
        Schedule standIn = range.Placeholder;
        if (node.Kind == FileNodeKind.Mapping)
        {
            return ReadMapping(node, run, range) ?? standIn;
        }

        if (node.Kind == FileNodeKind.Scalar && !node.IsLiteral && ScheduleCatalog.Find(node.Text) is { } entry)
        {
            FileNode empty = FileNode.Mapping(node.Place, []);
            return Checked(Make(entry, empty, empty.AsMapping("a schedule"), null, run, range), node, run, range) ?? standIn;
        }

        if (node.IsLiteral && !node.IsNothing)
        {
            return node.AsNumber(range with { AllowNonFinite = false });
        }

        ReportNoSchedule(node, range, node.Kind == FileNodeKind.Scalar ? node.Text : null);
        return standIn;
    }

    private static Schedule? ReadMapping(FileNode node, Run run, NumberRange range)
    {
        string[] named = [.. node.Entries.Select(e => e.Key).Where(key => ScheduleCatalog.Find(key) is not null)];
        if (named.Length != 1)
        {
            if (named.Length > 1)
            {
                node.Report("one of them, and the next behind 'then'", found: $"several schedules, {string.Join(" and ", named)}");
            }
            else
            {
                ReportNoSchedule(node, range, node.Entries.IsEmpty ? null : node.Entries[0].Key);
            }

            return null;
        }

        ScheduleEntry entry = ScheduleCatalog.Find(named[0])!;
        FileMapping beside = node.AsMapping("a schedule");
        FileNode argument = beside.Required(entry.Key);
        Schedule? schedule;
        if (argument.Kind == FileNodeKind.Mapping && entry.Parameters is not [{ Kind: ScheduleParameterKind.Schedule }])
        {
            FileMapping inside = argument.AsMapping("parameters");
            schedule = Make(entry, argument, inside, null, run, range);
            inside.RejectUnknownKeys();
        }
        else
        {
            schedule = Make(entry, node, beside, argument.IsNothing ? null : argument, run, range);
        }

        if (entry.IsWarmup && schedule?.Length is { } ramp && run.Before + ramp > run.Context.TotalSteps)
        {
            argument.Report(
                "a warm-up that ends within the run",
                found: FormattableString.Invariant($"a warm-up until step {run.Before + ramp:N0} of a run of {run.Context.TotalSteps:N0} steps ({schedule})"));
            schedule = null;
        }

        schedule = Modified(schedule, beside, run);
        schedule = Checked(schedule, node, run, range);
        if (beside.Optional("then") is { } next)
        {
            schedule = Followed(schedule, next, run, range);
        }

        beside.RejectUnknownKeys();
        return schedule;
    }

    /// <summary>Reads the parameters and makes the shape; null where something is wrong, which is noted.</summary>
    private static Schedule? Make(ScheduleEntry entry, FileNode node, FileMapping written, FileNode? main, Run run, NumberRange range)
    {
        var values = new ScheduleValues();
        bool isComplete = true;
        int problems = node.Problems.Count;
        foreach (ScheduleParameter parameter in entry.Parameters)
        {
            FileNode? value = main is not null && parameter.Name == entry.Main ? main : written.Optional(parameter.Name);
            isComplete &= value is not null ? Set(values, parameter, value, run, range) : SetAbsent(values, parameter, entry, node, written, run);
        }

        // A shape made of stand-ins would be complained about in its turn.
        return isComplete && node.Problems.Count == problems ? node.Make(() => entry.Make(values), problems) : null;
    }

    private static Schedule? Modified(Schedule? schedule, FileMapping beside, Run run)
    {
        int problems = beside.Node.Problems.Count;
        if (beside.Optional("for") is { } length)
        {
            long steps = DurationReader.Read(length, run.Context);
            schedule = schedule?.For(steps);
        }

        if (beside.Optional("repeat") is { } repeat)
        {
            long? count = repeat is { Kind: FileNodeKind.Scalar, IsQuoted: false } && ScalarText.TryInteger(repeat.Text, out long times) && times >= 1 ? times : null;
            if (count is null && repeat is not { Kind: FileNodeKind.Scalar, Text: "forever" })
            {
                repeat.Report("a whole number of 1 or more, or 'forever'");
            }

            schedule = schedule is null || beside.Node.Problems.Count > problems ? null : repeat.Make(() => schedule.Repeat(count), problems);
        }

        if (beside.Optional("times") is { } other)
        {
            Schedule factor = Read(other, run with { EndBefore = null }, default);
            schedule = schedule?.Times(factor);
        }

        if (beside.Optional("scale") is { } scale)
        {
            double factor = scale.AsNumber();
            schedule = schedule?.Scale(factor);
        }

        if (beside.Optional("clamp") is { } clamp)
        {
            FileMapping bounds = clamp.AsMapping("bounds");
            double low = bounds.Optional("low")?.AsNumber() ?? double.NegativeInfinity;
            double high = bounds.Optional("high")?.AsNumber(min: double.IsFinite(low) ? low : null) ?? double.PositiveInfinity;
            bounds.RejectUnknownKeys();
            schedule = high >= low ? schedule?.Clamp(low, high) : schedule;
        }

        return beside.Node.Problems.Count == problems ? schedule : null;
    }

    /// <summary>Holds all values of the run to the range.</summary>
    private static Schedule? Checked(Schedule? schedule, FileNode node, Run run, NumberRange range)
    {
        if (schedule is null)
        {
            return null;
        }

        long last = schedule.Length ?? Math.Max(0, (run.Context.TotalSteps ?? run.Before) - run.Before);
        (double low, double high) = schedule.Bounds(last);
        foreach (double value in (ReadOnlySpan<double>)[low, high])
        {
            if (!(range with { AllowNonFinite = false }).Contains(value))
            {
                node.Report(range.Describe("each value"), found: FormattableString.Invariant($"a schedule that reaches {value:R} ({schedule})"));
                return null;
            }
        }

        return schedule;
    }

    private static Schedule? Followed(Schedule? schedule, FileNode next, Run run, NumberRange range)
    {
        if (schedule is not null && schedule.Length is null or 0)
        {
            next.Report("'for' with a number of steps before it", found: $"'then' behind a schedule that {(schedule.Length is null ? "has no end" : "has no length")} ({schedule})");
            return null;
        }

        // Where the beginning is wrong, what follows is still read for what is wrong in itself, on a stand-in for the beginning.
        long length = schedule?.Length ?? 0;
        double end = schedule?.At(length) ?? range.Placeholder;
        Schedule following = Read(next, new Run(run.Context, run.Before + length, end), range);
        return schedule?.Then(following);
    }

    private static void ReportNoSchedule(FileNode node, NumberRange range, string? word)
        => node.Report(
            $"{range.Describe("a number")} or a schedule ({string.Join(", ", ScheduleCatalog.Keys)})",
            word is null ? null : NearestName.Find(word, ScheduleCatalog.Keys));
}
