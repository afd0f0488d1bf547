using System.Numerics;
using Glissade.Compilation.Loops;
using Glissade.Compilation.Steps;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;

namespace Glissade.Compilation;

/// <summary>Describes the steps of a program.</summary>
internal static unsafe class StepDescriptions
{
    /// <summary>An operation that is no loop.</summary>
    public static StepDescription Of<T>(Step<T> step, Tensor node)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        (bool left, bool right) = node.Operation switch
        {
            MatrixMultiply m => (m.TransposeLeft, m.TransposeRight),
            MatrixMultiplyFused m => (m.TransposeLeft, m.TransposeRight),
            _ => (false, false),
        };
        string operands = node.Inputs.Length > 4
            ? Counted(node.Inputs)
            : string.Join(", ", node.Inputs.Select((x, i) => x.Shape + ((i == 0 && left) || (i == 1 && right) ? "ᵀ" : "")));

        // A slice reads no more than it gives.
        long read = node.Operation is Slice ? node.Shape.Count : node.Inputs.Sum(i => (long)i.Shape.Count);
        return new StepDescription(node.Operation.Name, $"{operands} → {node.Shape}", (step as ScanStep<T>)?.Detail ?? "", read * sizeof(T), (long)node.Shape.Count * sizeof(T), step.Flops);
    }

    /// <summary>A loop.</summary>
    public static StepDescription Of<T>(BlockedLoop<T> step, FusedLoop loop, Func<Tensor, Place<T>> placeOf)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        long read = loop.Inputs.Sum(i => i.Access switch
        {
            Access.Full => (long)loop.Rows * loop.Columns,
            Access.PerRow => loop.Rows,
            Access.PerColumn => loop.Columns,
            Access.Segment => ((SegmentInput)i.Value.Operation).Ends.Length,
            _ => 1,
        });
        Tensor[] results = [.. loop.Stores.Select(s => s.Result), .. loop.Reductions.Select(r => r.Result)];
        Tensor[] overwritten = [.. loop.Inputs.Select(i => i.Value).Where(x => Array.Exists(results, r =>
            Place<T>.Overlap(placeOf(x), x.Shape.Count, placeOf(r), r.Shape.Count)))];
        string inPlace = overwritten.Length == 0 ? "" : $"; in place of {string.Join(", ", overwritten.Select(x => x.Operation.Name))}";
        string shapes = $"[{loop.Rows}, {loop.Columns}] → {Counted(results)}";
        return new StepDescription(
            step.IsEmitted ? "loop" : "loop, interpreted", shapes, Shortened(loop) + inPlace, read * sizeof(T), results.Sum(r => (long)r.Shape.Count) * sizeof(T), step.Flops);
    }

    /// <summary>A copy of an output to where it belongs.</summary>
    public static StepDescription OfCopy<T>(int length)
        where T : unmanaged, IFloatingPointIeee754<T> => new("copy", $"[{length}] → [{length}]", "", (long)length * sizeof(T), (long)length * sizeof(T), 0);

    private static string Counted(IEnumerable<Tensor> values) =>
        string.Join(", ", values.CountBy(v => v.Shape).Select(g => g.Value == 1 ? $"{g.Key}" : $"{g.Value} × {g.Key}"));

    /// <summary>The operations; of very many only how often each occurs.</summary>
    private static string Shortened(FusedLoop loop) => loop.Instructions.Count <= 40
        ? loop.Operations
        : string.Join(", ", loop.Operations.Split(", ").CountBy(o => o).OrderByDescending(o => o.Value).ThenBy(o => o.Key, StringComparer.Ordinal).Select(o => $"{o.Value} × {o.Key}"));
}
