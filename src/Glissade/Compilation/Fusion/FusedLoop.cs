using Glissade.Differentiation;
using Glissade.Differentiation.Operations;

namespace Glissade.Compilation;

/// <summary>One operation of a fused loop on slots: inputs have the first slots, results the next.</summary>
internal sealed record LoopInstruction(ElementwiseOperation Operation, int X, int Y, int Z);

/// <summary>A reduction at the end of a fused loop.</summary>
/// <param name="Slot">What is reduced.</param>
/// <param name="Kind">How.</param>
/// <param name="Over"><see cref="Access.Scalar"/>: everything to one number; <see cref="Access.PerRow"/>: to a number a row; <see cref="Access.PerColumn"/>: to a number a column.</param>
/// <param name="Result">What it gives.</param>
internal sealed record LoopReduction(int Slot, ReductionKind Kind, Access Over, Tensor Result);

/// <summary>A chain of elementwise operations run in one pass over rows × columns: what an executor is given.</summary>
internal sealed record FusedLoop(
    int Rows,
    int Columns,
    IReadOnlyList<(Tensor Value, Access Access)> Inputs,
    IReadOnlyList<LoopInstruction> Instructions,
    IReadOnlyList<(int Slot, Tensor Result)> Stores,
    IReadOnlyList<LoopReduction> Reductions)
{
    /// <summary>The operations in order, in words.</summary>
    public string Operations => string.Join(", ", Instructions.Select(i => i.Operation.Name).Concat(Reductions.Select(r =>
        $"{(r.Kind == ReductionKind.Sum ? "sum" : "max")} {r.Over switch { Access.Scalar => "all", Access.PerRow => "per row", _ => "per column" }}")));
}
