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
            rows.AddRange(steps.Select((s, i) => Row($"{i}", s.Kind, s.Shapes, [s], s.Detail)));
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

        int loops = all.Count(s => s.Kind.StartsWith("loop", StringComparison.Ordinal)), emitted = all.Count(s => s.Kind == "loop");
        return text.Append(CultureInfo.InvariantCulture, $"""
            arena       {program.ArenaBytes:N0} B
            workspaces  {program.WorkspaceBytes:N0} B
            constants   {program.ConstantBytes:N0} B
            executor    {emitted} of {loops} loops as machine code, {loops - emitted} interpreted
            Elementwise operations and reduced elements count as 1 FLOP each.

            """).Replace("\r", "").ToString();
    }

    private static StepDescription[] Descriptions<T>(IEnumerable<Step<T>> steps)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        [.. steps.Select(s => s.Description ?? new StepDescription(s.ToString()!, "", "", 0, 0, s.Flops))];

    private static string[] Row(params string[] cells) => cells;

    private static string[] Row(string number, string kind, string shapes, StepDescription[] steps, string detail) =>
        [number, kind, shapes, Number(steps.Sum(s => s.BytesRead)), Number(steps.Sum(s => s.BytesWritten)), Number(steps.Sum(s => s.Flops)), detail];

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
