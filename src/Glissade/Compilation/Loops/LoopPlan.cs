using System.Numerics;
using Glissade.Differentiation;
using Glissade.Numerics.Elementwise;

namespace Glissade.Compilation.Loops;

/// <summary>What all workers of a loop share: places, kernels, and which block of scratch holds which value.</summary>
internal sealed class LoopPlan<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public LoopPlan(FusedLoop loop, Func<Tensor, Place<T>> placeOf)
    {
        Loop = loop;
        RowsPerBlock = Math.Max(1, Math.Min(loop.Rows, BlockLength / Math.Max(1, loop.Columns)));
        Inputs = [.. loop.Inputs.Select(i => (placeOf(i.Value), i.Access))];
        SegmentEnds = loop.Inputs.Select(i => i.Value.Operation).OfType<Differentiation.Operations.SegmentInput>().FirstOrDefault()?.Ends.ToArray() ?? [];
        Kernels = [.. loop.Instructions.Select(i => i.Operation.Kernel<T>())];
        int slots = loop.Inputs.Count + loop.Instructions.Count;
        Scratch = new int[slots];
        Destinations = new Place<T>?[slots];
        IsDeferred = new bool[slots];
        foreach ((int slot, Tensor result) in loop.Stores)
        {
            Destinations[slot] = placeOf(result);
            IsDeferred[slot] = OverwritesLaterInput(slot, placeOf(result), result.Shape.Count);
        }

        DeferredSlots = [.. Enumerable.Range(0, slots).Where(s => IsDeferred[s])];
        Instructions = [.. loop.Instructions];
        AssignScratch();
        InnerSums = [.. Enumerable.Range(0, loop.Reductions.Count).Where(r =>
            loop.Reductions[r] is { Kind: Differentiation.Operations.ReductionKind.Sum, Over: Access.Scalar } reduction && reduction.Slot >= Inputs.Length)];
    }

    /// <summary>Elements of a block: 4 KiB, so that a handful of them fit in the first-level cache.</summary>
    public static unsafe int BlockLength => 4096 / sizeof(T);

    /// <summary>Distance of scratch blocks: a block and the room a kernel may read beyond it.</summary>
    public static int ScratchLength => BlockLength + ElementKernel<T>.SpreadLength;

    public FusedLoop Loop { get; }

    public int RowsPerBlock { get; }

    public (Place<T> Place, Access Access)[] Inputs { get; }

    public int[] SegmentEnds { get; }

    public ElementKernel<T>[] Kernels { get; }

    /// <summary>Index of each slot's scratch block; −1 where it needs none.</summary>
    public int[] Scratch { get; }

    public int ScratchBlocks { get; private set; }

    /// <summary>Where each slot is stored; null where it is not.</summary>
    public Place<T>?[] Destinations { get; }

    /// <summary>Slots computed into scratch and copied at the end of the block, because their destination overlies an input that is still read.</summary>
    public bool[] IsDeferred { get; }

    public int[] DeferredSlots { get; }

    public LoopInstruction[] Instructions { get; }

    /// <summary>The whole block as machine code; null where the instructions are interpreted one by one.</summary>
    public BlockKernel? Emitted { get; set; }

    /// <summary>The reductions that an emitted kernel can make in registers: sums of results to one number.</summary>
    public int[] InnerSums { get; }

    /// <summary>Whether the emitted kernel makes the running sums of a reduction.</summary>
    public bool IsSummedInside(int reduction) => Emitted is not null && Array.IndexOf(InnerSums, reduction) >= 0;

    /// <summary>Whether a slot's block is needed in memory, whole: stored, or reduced after the block.</summary>
    public bool IsWritten(int slot)
    {
        for (int r = 0; r < Loop.Reductions.Count; r++)
        {
            if (Loop.Reductions[r].Slot == slot && Array.IndexOf(InnerSums, r) < 0)
            {
                return true;
            }
        }

        return Destinations[slot] is not null;
    }

    private bool OverwritesLaterInput(int slot, Place<T> destination, int length)
    {
        for (int input = 0; input < Inputs.Length; input++)
        {
            if (Place<T>.Overlap(Inputs[input].Place, length, destination, length))
            {
                for (int later = slot - Inputs.Length + 1; later < Loop.Instructions.Count; later++)
                {
                    LoopInstruction instruction = Loop.Instructions[later];
                    if (instruction.X == input || instruction.Y == input || instruction.Z == input)
                    {
                        return true;
                    }
                }

                if (Loop.Reductions.Any(r => r.Slot == input))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>Blocks are reused as soon as their value has been read for the last time.</summary>
    private void AssignScratch()
    {
        int inputs = Inputs.Length;
        int[] lastRead = new int[Scratch.Length];
        for (int i = 0; i < Loop.Instructions.Count; i++)
        {
            LoopInstruction instruction = Loop.Instructions[i];
            lastRead[instruction.X] = lastRead[instruction.Y] = lastRead[instruction.Z] = i;
        }

        foreach (LoopReduction reduction in Loop.Reductions)
        {
            lastRead[reduction.Slot] = int.MaxValue;
        }

        var free = new Stack<int>();
        for (int slot = 0; slot < inputs; slot++)
        {
            Scratch[slot] = Inputs[slot].Access == Access.Full ? -1 : ScratchBlocks++;
        }

        for (int i = 0; i < Loop.Instructions.Count; i++)
        {
            int slot = inputs + i;
            bool direct = Destinations[slot] is not null && !IsDeferred[slot];
            Scratch[slot] = direct ? -1 : free.TryPop(out int block) ? block : ScratchBlocks++;
            if (IsDeferred[slot])
            {
                lastRead[slot] = int.MaxValue;
            }

            for (int read = inputs; read <= slot; read++)
            {
                bool diesHere = lastRead[read] == i && Scratch[read] >= 0 && read != slot;
                if (diesHere)
                {
                    free.Push(Scratch[read]);
                }
            }
        }
    }
}
