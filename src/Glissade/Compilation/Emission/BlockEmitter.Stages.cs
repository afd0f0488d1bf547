using System.Reflection.Emit;
using Glissade.Compilation.Loops;
using Glissade.Numerics.Elementwise;

namespace Glissade.Compilation.Emission;

/// <content>Groups of vectors of which each runs one stage of the body while the next runs the stage before it.</content>
internal sealed unsafe partial class BlockEmitter<T, TVector, TSimd>
{
    /// <summary>Vectors of a group. Of each group, one has its roots taken by products: roots and quotients fill the divider, while the units for products idle.</summary>
    private const int GroupVectors = 4;

    private readonly LoopStages? _stages;

    /// <summary>Where each vector of a group keeps what is read in later stages, by the stage that it is kept after.</summary>
    private LocalBuilder?[,][]? _kept;

    /// <summary>Registers that there are, where vectors are of 512 bits; less those for values that live within an instruction or two.</summary>
    private const int Registers = 32 - 6;

    private static int GroupLength => GroupVectors * TSimd.Count;

    /// <summary>The body's stages, where their values fit in registers: of vectors of 512 bits there are 32, of shorter ones often 16.</summary>
    private static LoopStages? StagesOf(LoopBody body)
    {
        if (TSimd.Count * Size < 64 || !LoopCuts.Fits(body.Instructions, body.Inputs.Length, GroupVectors + 2) || LoopStages.Of(body) is not { } stages)
        {
            return null;
        }

        int held = Enumerable.Range(0, body.Inputs.Length).Count(body.IsNumber) + (body.Sums.Length * Turns);
        return (stages.Kept * GroupVectors) + held <= Registers ? stages : null;
    }

    /// <summary>All blocks as one row of groups, and what then is left of whole strides of the running sums.</summary>
    private void EmitInStages()
    {
        EmitAllBlocks();
        LocalBuilder length = Code.DeclareLocal(typeof(int));
        Label rest = Code.DefineLabel();
        EmitZeroSums();
        EmitWhole(GroupLength, length);
        Code.Emit(OpCodes.Ldloc, length);
        Code.Emit(OpCodes.Ldc_I4, _stages!.Count * GroupLength);
        Code.Emit(OpCodes.Blt, rest);
        EmitGroups(length);
        Code.MarkLabel(rest);
        if (_sums.Length > 0)
        {
            EmitWhole(ReductionKernels<T>.SumStride, length);
            EmitStrides(length, isUnrolled: false);
        }
    }

    /// <summary>The length of all blocks less what fills no stride.</summary>
    private void EmitWhole(int stride, LocalBuilder length)
    {
        Code.Emit(OpCodes.Ldloc, _end);
        Code.Emit(OpCodes.Ldc_I4, -stride);
        Code.Emit(OpCodes.And);
        Code.Emit(OpCodes.Stloc, length);
    }

    /// <summary>Groups up to a length. Where there are several blocks, each is of whole groups.</summary>
    private void EmitGroups(LocalBuilder length)
    {
        LocalBuilder group = Code.DeclareLocal(typeof(int)), left = Code.DeclareLocal(typeof(int));
        Label next = Code.DefineLabel();
        EmitBlockLength(left);
        Code.Emit(OpCodes.Ldc_I4_0);
        Code.Emit(OpCodes.Stloc, group);
        Code.MarkLabel(next);
        for (int stage = _stages!.Count - 1; stage >= 0; stage--)
        {
            // As an unsigned number, one before the first group is beyond the last.
            Label skip = Code.DefineLabel();
            EmitGroup(group, stage);
            Code.Emit(OpCodes.Stloc, Offset);
            Code.Emit(OpCodes.Ldloc, Offset);
            Code.Emit(OpCodes.Ldloc, length);
            Code.Emit(OpCodes.Bge_Un, skip);
            if (_sums.Length > 0 && stage == _stages.SumStage)
            {
                EmitNextBlock(left);
            }

            for (int vector = 0; vector < GroupVectors; vector++)
            {
                EmitStage(stage, vector);
            }

            Code.MarkLabel(skip);
        }

        Code.Emit(OpCodes.Ldloc, group);
        Code.Emit(OpCodes.Ldc_I4, GroupLength);
        Code.Emit(OpCodes.Add);
        Code.Emit(OpCodes.Stloc, group);
        EmitGroup(group, _stages.Count - 1);
        Code.Emit(OpCodes.Ldloc, length);
        Code.Emit(OpCodes.Blt, next);
        Code.Emit(OpCodes.Ldloc, length);
        Code.Emit(OpCodes.Stloc, Offset);
    }

    /// <summary>All of a block is left.</summary>
    private void EmitBlockLength(LocalBuilder left)
    {
        Code.Emit(OpCodes.Ldarg_1);
        Code.Emit(OpCodes.Stloc, left);
    }

    /// <summary>If nothing is left of a block, its sums are put down and those of the next begun.</summary>
    private void EmitNextBlock(LocalBuilder left)
    {
        Label same = Code.DefineLabel();
        Code.Emit(OpCodes.Ldloc, left);
        Code.Emit(OpCodes.Brtrue, same);
        EmitStoreSums();
        EmitZeroSums();
        EmitBlockLength(left);
        Code.MarkLabel(same);
        Code.Emit(OpCodes.Ldloc, left);
        Code.Emit(OpCodes.Ldc_I4, GroupLength);
        Code.Emit(OpCodes.Sub);
        Code.Emit(OpCodes.Stloc, left);
    }

    /// <summary>Pushes where, from the first group on, the group begins that is in a stage.</summary>
    private void EmitGroup(LocalBuilder group, int stage)
    {
        Code.Emit(OpCodes.Ldloc, group);
        Code.Emit(OpCodes.Ldc_I4, stage * GroupLength);
        Code.Emit(OpCodes.Sub);
    }

    private void EmitStage(int stage, int vector)
    {
        LoopStages stages = _stages!;
        int inputs = Body.Inputs.Length;
        Forget();
        for (int slot = 0; slot < Body.Slots.Length; slot++)
        {
            if (stage > 0 && stages.IsKept(slot, stage - 1))
            {
                Recall(slot, Kept(slot, stage - 1, vector));
            }
            else if (!Body.IsNumber(slot))
            {
                Hold(slot, stages.IsKept(slot, stage) ? Kept(slot, stage, vector) : null);
            }
        }

        for (int slot = 0; slot < inputs; slot++)
        {
            if (stages.StageOf(slot) == stage && stages.IsKept(slot, stage))
            {
                EmitValue(slot);
                Code.Emit(OpCodes.Pop);
            }
        }

        for (int i = 0; i < Body.Instructions.Length; i++)
        {
            if (stages.StageOf(inputs + i) == stage)
            {
                EmitInstruction(i, partial: null, _sums.Length > 0 ? vector % Turns : -1, sparesDivider: vector == 0);
            }
        }

        for (int slot = 0; slot < Body.Slots.Length; slot++)
        {
            if (stage > 0 && stages.IsKept(slot, stage - 1) && stages.IsKept(slot, stage))
            {
                Code.Emit(OpCodes.Ldloc, Kept(slot, stage - 1, vector));
                Code.Emit(OpCodes.Stloc, Kept(slot, stage, vector));
            }

            if (!Body.IsNumber(slot))
            {
                Hold(slot, null);
            }
        }

        EmitAdvance();
    }

    private LocalBuilder Kept(int slot, int stage, int vector)
    {
        _kept ??= new LocalBuilder?[Body.Slots.Length, _stages!.Count][];
        return (_kept[slot, stage] ??= new LocalBuilder?[GroupVectors])[vector] ??= DeclareVector();
    }
}
