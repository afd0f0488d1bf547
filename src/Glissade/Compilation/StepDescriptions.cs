using System.Numerics;
using Glissade.Compilation.Loops;
using Glissade.Compilation.Steps;
using Glissade.Compilation.Storage;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation;

/// <summary>Describes the steps of a program.</summary>
internal static unsafe class StepDescriptions
{
    /// <summary>An operation that is no loop.</summary>
    public static StepDescription Of<T>(Step<T> step, Tensor node, Func<Tensor, Place<T>> placeOf)
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
            : string.Join(", ", node.Inputs.Select((x, i) => x.Shape + ((i == 0 && left) || (i == 1 && right) ? "ᵀ" : "") + Named(placeOf(x).Format ?? (x.Operation as RoundedOperand)?.Format)));

        // A slice reads no more than it gives.
        long read = node.Operation is Slice ? (long)node.Shape.Count * sizeof(T) : node.Inputs.Sum(i => BytesOf(placeOf(i), i.Shape.Count));
        return new StepDescription(node.Operation.Name, $"{operands} → {node.Shape}", (step as ScanStep<T>)?.Detail ?? "", read, (long)node.Shape.Count * sizeof(T), step.Flops);
    }

    /// <summary>A product that a loop was joined with.</summary>
    public static StepDescription Of<T>(Step<T> step, Tensor product, MaskedEnd end, Func<Tensor, Place<T>> placeOf)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        StepDescription plain = Of(step, product, placeOf);
        (string name, string shapes, long written) = end.Sums is null
            ? ("masked", "", 0L)
            : ("masked+sum per column", $", {end.Sums.Shape}", (long)end.Sums.Shape.Count * sizeof(T));
        return plain with
        {
            Kind = $"{plain.Kind}+{name}",
            Shapes = $"{plain.Shapes}{shapes}",
            BytesRead = plain.BytesRead + ((long)end.Mask.Shape.Count * sizeof(T)),
            BytesWritten = plain.BytesWritten + written,
        };
    }

    /// <summary>A loop.</summary>
    public static StepDescription Of<T>(BlockedLoop<T> step, FusedLoop loop, Func<Tensor, Place<T>> placeOf)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        long read = loop.Inputs.Sum(i => BytesOf(placeOf(i.Value), i.Access switch
        {
            Access.Full => (long)loop.Rows * loop.Columns,
            Access.PerRow => loop.Rows,
            Access.PerColumn => loop.Columns,
            Access.Segment => ((SegmentInput)i.Value.Operation).Ends.Length,
            _ => 1,
        }));
        Tensor[] results = [.. loop.Stores.Select(s => s.Result), .. loop.Reductions.Select(r => r.Result)];
        var written = new Dictionary<FlatVector<T>, OccupiedRanges>();
        foreach (Tensor result in results)
        {
            placeOf(result).Take(result.Shape.Count, written);
        }

        Tensor[] overwritten = [.. loop.Inputs.Select(i => i.Value).Where(x => placeOf(x).IsTaken(x.Shape.Count, written))];
        string inPlace = overwritten.Length == 0 ? "" : $"; in place of {string.Join(", ", overwritten.Select(x => x.Operation.Name))}";
        string kept = string.Join(", ", results.CountBy(r => Named(placeOf(r).Format)).Where(c => c.Key.Length > 0).Select(c => $" ({c.Value} as{c.Key})"));
        string shapes = $"[{loop.Rows}, {loop.Columns}] → {Counted(results)}{kept}";
        return new StepDescription(
            step.IsEmitted ? "loop" : "loop, interpreted", shapes, Shortened(loop) + inPlace, read, results.Sum(r => BytesOf(placeOf(r), r.Shape.Count)), step.Flops);
    }

    /// <summary>The format of 16 bits of an operand, in words.</summary>
    private static string Named(StorageFormat? format) => format switch
    {
        StorageFormat.BFloat16 => " bfloat16",
        StorageFormat.Half => " half",
        _ => "",
    };

    private static long BytesOf<T>(Place<T> place, long count)
        where T : unmanaged, IFloatingPointIeee754<T> => count * (place.Format is null ? sizeof(T) : sizeof(ushort));

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
