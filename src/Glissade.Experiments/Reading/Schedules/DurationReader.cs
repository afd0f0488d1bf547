using System.Globalization;
using Glissade.Input;

namespace Glissade.Experiments.Reading;

/// <summary>Reads a number of steps, which may be written as steps, epochs or a share of the run.</summary>
public static class DurationReader
{
    internal const long Longest = 1_000_000_000_000_000;

    /// <summary>Reads <c>500</c>, <c>500 steps</c>, <c>5 epochs</c> or <c>10%</c>; parts of a step are rounded, to 1 at least.</summary>
    /// <param name="node">The node.</param>
    /// <param name="context">How long an epoch and the run are.</param>
    /// <returns>The steps, 1 or more; 1 where something is wrong, which is noted.</returns>
    public static long Read(FileNode node, ScheduleContext context)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(context);
        string written = node.Text.Trim();
        if (node.Kind == FileNodeKind.Scalar && !node.IsQuoted && ScalarText.TryInteger(written, out long steps) && steps is >= 1 and <= Longest)
        {
            return steps;
        }

        int end = written.AsSpan().LastIndexOfAnyInRange('0', '9') + 1;
        string unit = written[end..].Trim();
        if (end == 0 || !ScalarText.TryNumber(written[..end], out double amount) || !(amount > 0) || unit is not ("step" or "steps" or "epoch" or "epochs" or "%"))
        {
            node.Report("a whole number of steps of 1 or more, or a duration such as '5 epochs' or '10%'", unit.Length > 0 && end > 0 ? Meant(written[..end], unit) : null);
            return 1;
        }

        double? whole = unit switch
        {
            "%" => context.TotalSteps / 100.0,
            "epoch" or "epochs" => context.StepsPerEpoch,
            _ => 1,
        };
        if (whole is null)
        {
            node.Report(unit == "%" ? "steps: the length of the run is not known here" : "steps: there are no epochs here");
            return 1;
        }

        if (unit == "%" && amount > 100)
        {
            node.Report("at most 100% of the run");
            return 1;
        }

        double total = Math.Round(amount * whole.Value, MidpointRounding.AwayFromZero);
        if (!(total <= Longest))
        {
            node.Report(string.Create(CultureInfo.InvariantCulture, $"at most {Longest:N0} steps"));
            return 1;
        }

        return Math.Max(1, (long)total);
    }

    private static string? Meant(string amount, string unit)
        => NearestName.Find(unit, ["steps", "epochs", "step", "epoch"]) is { } nearest ? $"{amount} {nearest}" : null;
}
