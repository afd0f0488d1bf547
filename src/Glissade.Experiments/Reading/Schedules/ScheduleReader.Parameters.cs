using System.Collections.Immutable;
using Glissade.Schedules;

namespace Glissade.Experiments.Reading;

/// <content>The parameters of one shape.</content>
public static partial class ScheduleReader
{
    /// <summary>Pairs of a step and a value. A step here is a place and not a length, so it may be 0.</summary>
    private static ImmutableArray<SchedulePoint> ReadPoints(FileNode node, ScheduleContext context)
    {
        const string Right = "a pair of a step and a value, such as [5 epochs, 0.01]";
        var points = new List<SchedulePoint>();
        foreach (FileNode pair in node.AsList("pairs of a step and a value"))
        {
            if (pair is not { Kind: FileNodeKind.Sequence, Items: [var at, var value] })
            {
                pair.Report(Right);
                continue;
            }

            bool isStart = at is { Kind: FileNodeKind.Scalar, IsQuoted: false } && ScalarText.TryInteger(at.Text, out long step) && step == 0;
            points.Add(new SchedulePoint(isStart ? 0 : DurationReader.Read(at, context), value.AsNumber()));
        }

        return [.. points];
    }

    private static bool Set(ScheduleValues values, ScheduleParameter parameter, FileNode value, Run run, NumberRange range)
    {
        switch (parameter.Kind)
        {
            case ScheduleParameterKind.Steps:
                values.Set(parameter.Name, [DurationReader.Read(value, run.Context)]);
                break;
            case ScheduleParameterKind.Milestones:
                values.Set(parameter.Name, [.. value.AsList("milestones").Select(item => DurationReader.Read(item, run.Context))]);
                break;
            case ScheduleParameterKind.Value:
                values.Set(parameter.Name, value.AsNumber());
                break;
            case ScheduleParameterKind.Count:
                values.Set(parameter.Name, (double)value.AsInteger(1));
                break;
            case ScheduleParameterKind.Share:
                values.Set(parameter.Name, value.AsNumber(0, 1));
                break;
            case ScheduleParameterKind.Boolean:
                values.Set(parameter.Name, value.AsBoolean() ? 1.0 : 0);
                break;
            case ScheduleParameterKind.Word:
                values.Set(parameter.Name, (object)value.AsWord(parameter.Words));
                break;
            case ScheduleParameterKind.Points:
                values.Set(parameter.Name, (object)ReadPoints(value, run.Context));
                break;
            case ScheduleParameterKind.Schedule:
                values.Set(parameter.Name, (object)Read(value, run, range));
                break;
            case ScheduleParameterKind.Power:
                values.Set(parameter.Name, value.AsNumber(above: 0));
                break;
            default:
                values.Set(parameter.Name, value.AsNumber(min: 0));
                break;
        }

        return true;
    }

    private static bool SetAbsent(ScheduleValues values, ScheduleParameter parameter, ScheduleEntry entry, FileNode node, FileMapping written, Run run)
    {
        if (parameter is { FollowsOn: true, Kind: ScheduleParameterKind.Value } && run.EndBefore is { } end)
        {
            values.Set(parameter.Name, end);
            return true;
        }

        if (parameter is { FollowsOn: true, Kind: ScheduleParameterKind.Steps } && run.Context.TotalSteps is { } total)
        {
            if (total > run.Before)
            {
                values.Set(parameter.Name, [total - run.Before]);
                return true;
            }

            node.Report($"'{parameter.Name}', or a shorter beginning", found: FormattableString.Invariant($"no steps left for '{entry.Key}': {run.Before:N0} come before it, and the run has {total:N0}"));
            return false;
        }

        if (parameter.Kind == ScheduleParameterKind.Word)
        {
            values.Set(parameter.Name, (object)parameter.Words[0]);
            return true;
        }

        if (parameter.IsOptional)
        {
            return true;
        }

        if (parameter.Default is { } number)
        {
            values.Set(parameter.Name, number);
            return true;
        }

        if (parameter is { FollowsOn: true, Kind: ScheduleParameterKind.Steps })
        {
            node.Report($"the key '{parameter.Name}', since the length of the run is not known here", found: $"no '{parameter.Name}' for '{entry.Key}'");
            return false;
        }

        written.Required(parameter.Name);
        return false;
    }
}
