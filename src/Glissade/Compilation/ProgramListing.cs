using System.Globalization;
using System.Numerics;
using System.Text;
using Glissade.Compilation.Steps;

namespace Glissade.Compilation;

/// <summary>A program as a table: a line for each step, totals for each stage and for the whole.</summary>
internal static class ProgramListing
{
    public static string Of<T>(Program<T> program)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var rows = new List<string[]> { Row("", "step", "shapes", "read, B", "written, B", "FLOP", "") };
        for (int stage = 0; stage < program.Stages; stage++)
        {
            StepDescription[] steps = Descriptions(program.Steps[stage]);
            rows.Add(Row($"stage {stage}", "", "", "", "", "", ""));
            AddSteps(rows, program.Steps[stage], "");
            if (program.Stages > 1)
            {
                rows.Add(Row("", "sum", $"{steps.Length} steps", steps, ""));
            }
        }

        StepDescription[] all = Descriptions(program.Steps.SelectMany(s => s));
        rows.Add(Row("total", "", $"{all.Length} steps", all, ""));

        var text = new StringBuilder();
        int[] widths = [.. Enumerable.Range(0, 6).Select(c => rows.Max(r => r[c].Length))];
        foreach (string[] row in rows)
        {
            var line = new StringBuilder();
            for (int column = 0; column < 6; column++)
            {
                line.Append(column >= 3 ? row[column].PadLeft(widths[column]) : row[column].PadRight(widths[column])).Append("  ");
            }

            text.Append(line.Append(row[6]).ToString().TrimEnd()).Append('\n');
        }

        StepDescription[] inner = Descriptions(WithInner(program));
        int loops = inner.Count(s => s.Kind.StartsWith("loop", StringComparison.Ordinal)), emitted = inner.Count(s => s.Kind == "loop");
        return text.Append(CultureInfo.InvariantCulture, $"""
            arena       {program.ArenaBytes:N0} B
            workspaces  {program.WorkspaceBytes:N0} B
            constants   {program.ConstantBytes:N0} B
            together    {program.PeakBytes:N0} B beside inputs and outputs
            executor    {emitted} of {loops} loops as machine code, {loops - emitted} interpreted
            Elementwise operations and reduced elements count as 1 FLOP each.

            """).Replace("\r", "").ToString();
    }

    /// <summary>A line for each step, and below a loop one for each of those it repeats, with what one of its turns costs.</summary>
    private static void AddSteps<T>(List<string[]> rows, Step<T>[] steps, string prefix)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        StepDescription[] descriptions = Descriptions(steps);
        for (int i = 0; i < steps.Length; i++)
        {
            rows.Add(Row($"{prefix}{i}", descriptions[i].Kind, descriptions[i].Shapes, [descriptions[i]], descriptions[i].Detail));
            if (steps[i].Inner is { } inner)
            {
                AddSteps(rows, [.. inner.Steps.SelectMany(s => s)], $"{prefix}{i}.");
            }
        }
    }

    /// <summary>All steps, those that loops repeat included.</summary>
    private static IEnumerable<Step<T>> WithInner<T>(Program<T> program)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        program.Steps.SelectMany(s => s).SelectMany(s => s.Inner is { } inner ? WithInner(inner).Prepend(s) : [s]);

    private static StepDescription[] Descriptions<T>(IEnumerable<Step<T>> steps)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        [.. steps.Select(s => s.Description ?? new StepDescription(s.ToString()!, "", "", 0, 0, s.Flops))];

    private static string[] Row(params string[] cells) => cells;

    private static string[] Row(string number, string kind, string shapes, StepDescription[] steps, string detail) =>
        [number, kind, shapes, Number(steps.Sum(s => s.BytesRead)), Number(steps.Sum(s => s.BytesWritten)), Number(steps.Sum(s => s.Flops)), detail];

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
