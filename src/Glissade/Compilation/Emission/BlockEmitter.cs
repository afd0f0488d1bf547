using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Glissade.Compilation.Loops;
using Glissade.Numerics;
using Glissade.Numerics.Elementwise;

namespace Glissade.Compilation.Emission;

/// <summary>Writes the kernel that runs a loop on a block of consecutive elements.</summary>
/// <remarks>
/// Sums to one number are kept in registers: the body is repeated so that its vectors fall on the running sums as those of
/// <see cref="ReductionKernels{T}.Sum"/> do, and what is left is written to the slot's scratch block, to be summed up afterwards.
/// </remarks>
[RequiresDynamicCode("Writes IL at run time.")]
internal sealed unsafe class BlockEmitter<T, TVector, TSimd> : LoopEmitter<T, TVector, TSimd>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TVector : struct
    where TSimd : struct, ISimd<TVector, T>
{
    private static readonly MethodInfo ZeroMethod = ((Func<TVector>)Zero).Method;

    private readonly LocalBuilder _end;
    private readonly LocalBuilder?[] _steps;
    private readonly LocalBuilder[][] _sums;
    private readonly LocalBuilder[] _sumPointers;

    private BlockEmitter(LoopPlan<T> plan)
        : base(plan, "block")
    {
        _end = Code.DeclareLocal(typeof(int));
        _steps = new LocalBuilder?[plan.Inputs.Length];
        _sums = [.. plan.InnerSums.Select(_ => Enumerable.Range(0, Repeats).Select(_ => DeclareVector()).ToArray())];
        _sumPointers = [.. plan.InnerSums.Select(_ => Code.DeclareLocal(typeof(byte*)))];
    }

    /// <summary>Vectors that make up one stride of the running sums.</summary>
    private static int Repeats => ReductionKernels<T>.SumStride / TSimd.Count;

    /// <summary>The kernel of a loop's instructions.</summary>
    public static BlockKernel Emit(LoopPlan<T> plan) => new BlockEmitter<T, TVector, TSimd>(plan).Emit();

    protected override bool IsStored(int slot, int sum) => Plan.IsWritten(slot) || (sum < 0 && IsSummed(slot));

    protected override LocalBuilder? StepOf(int slot) => slot < _steps.Length ? _steps[slot] : null;

    protected override void EmitSums(int slot, int sum)
    {
        for (int s = 0; s < _sums.Length; s++)
        {
            if (Plan.Loop.Reductions[Plan.InnerSums[s]].Slot == slot)
            {
                EmitAddTo(_sums[s][sum], slot);
            }
        }
    }

    private BlockKernel Emit()
    {
        EmitPrologue();
        Label block = Code.DefineLabel(), whole = Code.DefineLabel(), summed = Code.DefineLabel();
        Label single = Code.DefineLabel(), remainder = Code.DefineLabel(), end = Code.DefineLabel();
        Code.MarkLabel(block);
        Code.Emit(OpCodes.Ldloc, _end);
        Code.Emit(OpCodes.Ldarg_1);
        if (_sums.Length == 0)
        {
            // Nothing is made of each block: they are one.
            Code.Emit(OpCodes.Ldarg_2);
            Code.Emit(OpCodes.Mul);
        }

        Code.Emit(OpCodes.Add);
        Code.Emit(OpCodes.Stloc, _end);
        if (_sums.Length > 0)
        {
            EmitZeroSums();
            Code.MarkLabel(whole);
            EmitRemaining();
            Code.Emit(OpCodes.Ldc_I4, ReductionKernels<T>.SumStride);
            Code.Emit(OpCodes.Blt, summed);
            for (int repeat = 0; repeat < Repeats; repeat++)
            {
                EmitBody(partial: null, repeat);
            }

            Code.Emit(OpCodes.Br, whole);

            // Before the remainder, whose stores are calls: what lives across a call is kept in memory all along.
            Code.MarkLabel(summed);
            EmitStoreSums();
            Code.Emit(OpCodes.Ldarg_2);
            Code.Emit(OpCodes.Ldc_I4_1);
            Code.Emit(OpCodes.Sub);
            Code.Emit(OpCodes.Dup);
            Code.Emit(OpCodes.Starg_S, (byte)2);
            Code.Emit(OpCodes.Ldc_I4_0);
            Code.Emit(OpCodes.Bgt, block);
        }

        Code.MarkLabel(single);
        EmitRemaining();
        Code.Emit(OpCodes.Ldc_I4, TSimd.Count);
        Code.Emit(OpCodes.Blt, remainder);
        EmitBody(partial: null);
        Code.Emit(OpCodes.Br, single);

        Code.MarkLabel(remainder);
        EmitRemaining();
        Code.Emit(OpCodes.Ldc_I4_0);
        Code.Emit(OpCodes.Ble, end);
        EmitBody(EmitRemaining);
        Code.MarkLabel(end);
        Code.Emit(OpCodes.Ret);
        return Method.CreateDelegate<BlockKernel>();
    }

    private void EmitPrologue()
    {
        EmitPointers(slot => Plan.IsWritten(slot) || IsSummed(slot));
        for (int slot = 0; slot < Plan.Inputs.Length; slot++)
        {
            if (Plan.Inputs[slot].Access is Access.PerRow or Access.Segment)
            {
                // One value for the whole block, or a block of values: known only when the block is run.
                _steps[slot] = Code.DeclareLocal(typeof(int));
                EmitOperandField(slot, IntPtr.Size);
                Code.Emit(OpCodes.Ldind_I4);
                Code.Emit(OpCodes.Stloc, _steps[slot]!);
            }
        }

        for (int s = 0; s < _sumPointers.Length; s++)
        {
            EmitPointer(Plan.Scratch.Length + s, _sumPointers[s]);
        }
    }

    private void EmitZeroSums()
    {
        foreach (LocalBuilder sum in _sums.SelectMany(s => s))
        {
            Code.Emit(OpCodes.Call, ZeroMethod);
            Code.Emit(OpCodes.Stloc, sum);
        }
    }

    /// <summary>Leaves the running sums of a block where the next block's follow.</summary>
    private void EmitStoreSums()
    {
        for (int s = 0; s < _sums.Length; s++)
        {
            for (int repeat = 0; repeat < Repeats; repeat++)
            {
                Code.Emit(OpCodes.Ldloc, _sums[s][repeat]);
                Code.Emit(OpCodes.Ldc_I4, repeat * TSimd.Count);
                EmitElement(_sumPointers[s]);
                EmitStore(partial: null);
            }

            Code.Emit(OpCodes.Ldc_I4, ReductionKernels<T>.SumStride);
            EmitElement(_sumPointers[s]);
            Code.Emit(OpCodes.Stloc, _sumPointers[s]);
        }
    }

    private bool IsSummed(int slot) => Plan.InnerSums.Any(r => Plan.Loop.Reductions[r].Slot == slot);

    /// <summary>Pushes the elements from the current offset to the end of the block.</summary>
    private void EmitRemaining()
    {
        Code.Emit(OpCodes.Ldloc, _end);
        Code.Emit(OpCodes.Ldloc, Offset);
        Code.Emit(OpCodes.Sub);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Zero() => TSimd.Constant(0);
}
