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
/// The body is written once. The remainder that fills no vector goes through it too: what is stored is first stored aside, and of that only the wanted
/// elements are copied. Where sums to one number are kept in registers, the body is written for each of the running sums, so that vectors fall on them as
/// those of <see cref="ReductionKernels{T}.Sum"/> do, or if it is long, once, and the sums take turns; what is left is written to the slot's scratch block,
/// to be summed up afterwards.
/// </remarks>
[RequiresDynamicCode("Writes IL at run time.")]
internal sealed unsafe partial class BlockEmitter<T, TVector, TSimd> : LoopEmitter<T, TVector, TSimd>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TVector : struct
    where TSimd : struct, ISimd<TVector, T>
{
    private static readonly MethodInfo ZeroMethod = ((Func<TVector>)Zero).Method;

    private readonly LocalBuilder _end, _remainder;
    private readonly LocalBuilder?[] _steps;
    private readonly LocalBuilder[][] _sums;
    private readonly LocalBuilder[] _sumPointers;

    private BlockEmitter(LoopBody body)
        : base(body, "block")
    {
        _stages = StagesOf(body);
        _end = Code.DeclareLocal(typeof(int));
        _remainder = Code.DeclareLocal(typeof(int));
        _steps = new LocalBuilder?[body.Inputs.Length];
        _sums = [.. body.Sums.Select(_ => Enumerable.Range(0, Turns).Select(_ => DeclareVector()).ToArray())];
        _sumPointers = [.. body.Sums.Select(_ => Code.DeclareLocal(typeof(byte*)))];
        if (body.IsMoved.Contains(true))
        {
            _lanes = Code.DeclareLocal(typeof(byte*));
            _starts = Code.DeclareLocal(typeof(byte*));
            _lanesHere = DeclareVector();
            _rowStart = Code.DeclareLocal(typeof(nint));
        }
    }

    /// <summary>Vectors that make up one stride of the running sums.</summary>
    private static int Turns => ReductionKernels<T>.SumStride / TSimd.Count;

    /// <summary>The kernel of a loop's instructions.</summary>
    public static BlockKernel Emit(LoopBody body) => new BlockEmitter<T, TVector, TSimd>(body).Emit();

    protected override bool IsStored(int slot, int sum) => Body.IsStored[slot] || (sum < 0 && Body.IsSummed(slot));

    protected override LocalBuilder? StepOf(int slot) => slot < _steps.Length ? _steps[slot] : null;

    protected override void EmitSums(int slot, int sum)
    {
        for (int s = 0; s < _sums.Length; s++)
        {
            if (Body.Sums[s] == slot)
            {
                EmitAddTo(_sums[s][sum], slot);
            }
        }
    }

    private BlockKernel Emit()
    {
        EmitPrologue();
        Label single = Code.DefineLabel(), more = Code.DefineLabel(), finish = Code.DefineLabel(), end = Code.DefineLabel();
        if (_stages is not null)
        {
            EmitInStages();
        }
        else if (_sums.Length > 0)
        {
            EmitSummedBlocks();
        }
        else
        {
            // Nothing is made of each block: they are one.
            EmitAllBlocks();
        }

        Code.Emit(OpCodes.Br, more);
        Code.MarkLabel(single);
        EmitBody(partial: null);
        Code.MarkLabel(more);
        EmitRemaining();
        Code.Emit(OpCodes.Ldc_I4, TSimd.Count);
        Code.Emit(OpCodes.Bge, single);

        Code.Emit(OpCodes.Ldloc, _remainder);
        Code.Emit(OpCodes.Brtrue, finish);
        EmitRemaining();
        Code.Emit(OpCodes.Stloc, _remainder);
        Code.Emit(OpCodes.Ldloc, _remainder);
        Code.Emit(OpCodes.Brfalse, end);
        EmitStepAside();
        Code.Emit(OpCodes.Br, single);

        Code.MarkLabel(finish);
        EmitCopyAside();
        Code.MarkLabel(end);
        Code.Emit(OpCodes.Ret);
        return Method.CreateDelegate<BlockKernel>();
    }

    /// <summary>The end of the last block is that of what is run.</summary>
    private void EmitAllBlocks()
    {
        Code.Emit(OpCodes.Ldarg_1);
        Code.Emit(OpCodes.Ldarg_2);
        Code.Emit(OpCodes.Mul);
        Code.Emit(OpCodes.Stloc, _end);
    }

    /// <summary>Block after block: whole strides of the running sums, which are then left where the next block's follow.</summary>
    private void EmitSummedBlocks()
    {
        Label block = Code.DefineLabel();
        LocalBuilder last = Code.DeclareLocal(typeof(int));
        Code.MarkLabel(block);
        EmitZeroSums();
        Code.Emit(OpCodes.Ldloc, Offset);
        Code.Emit(OpCodes.Ldarg_1);
        Code.Emit(OpCodes.Ldc_I4, -ReductionKernels<T>.SumStride);
        Code.Emit(OpCodes.And);
        Code.Emit(OpCodes.Add);
        Code.Emit(OpCodes.Stloc, last);
        Code.Emit(OpCodes.Ldloc, _end);
        Code.Emit(OpCodes.Ldarg_1);
        Code.Emit(OpCodes.Add);
        Code.Emit(OpCodes.Stloc, _end);
        EmitStrides(last, LoopCuts.Fits(Body.Instructions, Body.Inputs.Length, Turns + 1));
        Code.Emit(OpCodes.Ldarg_2);
        Code.Emit(OpCodes.Ldc_I4_1);
        Code.Emit(OpCodes.Sub);
        Code.Emit(OpCodes.Dup);
        Code.Emit(OpCodes.Starg_S, (byte)2);
        Code.Emit(OpCodes.Ldc_I4_0);
        Code.Emit(OpCodes.Bgt, block);
    }

    /// <summary>What is left of whole strides up to an offset; then the running sums are put down.</summary>
    /// <param name="last">The offset.</param>
    /// <param name="isUnrolled">Whether the body is written for each of the running sums; else once, and they take turns.</param>
    private void EmitStrides(LocalBuilder last, bool isUnrolled)
    {
        Label next = Code.DefineLabel(), summed = Code.DefineLabel();
        Code.MarkLabel(next);
        Code.Emit(OpCodes.Ldloc, Offset);
        Code.Emit(OpCodes.Ldloc, last);
        Code.Emit(OpCodes.Bge, summed);
        for (int turn = 0; turn < (isUnrolled ? Turns : 1); turn++)
        {
            EmitBody(partial: null, turn);
        }

        if (!isUnrolled)
        {
            EmitTakeTurns();
        }

        Code.Emit(OpCodes.Br, next);

        // Before the remainder, whose stores are calls: what lives across a call is kept in memory all along.
        Code.MarkLabel(summed);
        EmitStoreSums();
    }

    private void EmitPrologue()
    {
        EmitPointers(slot => IsStored(slot, -1));
        for (int slot = 0; slot < Body.Inputs.Length; slot++)
        {
            if (Body.Inputs[slot] is Access.PerRow or Access.Segment && !Body.IsMoved[slot])
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
            EmitPointer(Body.Slots.Length + s, _sumPointers[s]);
        }

        if (_lanes is not null)
        {
            EmitPointer(Body.Slots.Length + _sumPointers.Length + 1, _lanes);
            EmitPointer(Body.Slots.Length + _sumPointers.Length + 2, _starts!);
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

    /// <summary>The running sum that was added to becomes the last.</summary>
    private void EmitTakeTurns()
    {
        foreach (LocalBuilder[] sums in _sums)
        {
            LocalBuilder first = DeclareVector();
            Code.Emit(OpCodes.Ldloc, sums[0]);
            Code.Emit(OpCodes.Stloc, first);
            for (int turn = 0; turn < Turns; turn++)
            {
                Code.Emit(OpCodes.Ldloc, turn + 1 < Turns ? sums[turn + 1] : first);
                Code.Emit(OpCodes.Stloc, sums[turn]);
            }
        }
    }

    /// <summary>Leaves the running sums of a block where the next block's follow.</summary>
    private void EmitStoreSums()
    {
        for (int s = 0; s < _sums.Length; s++)
        {
            for (int turn = 0; turn < Turns; turn++)
            {
                Code.Emit(OpCodes.Ldloc, _sums[s][turn]);
                Code.Emit(OpCodes.Ldc_I4, turn * TSimd.Count);
                EmitElement(_sumPointers[s]);
                EmitStore(partial: null);
            }

            Code.Emit(OpCodes.Ldc_I4, ReductionKernels<T>.SumStride);
            EmitElement(_sumPointers[s]);
            Code.Emit(OpCodes.Stloc, _sumPointers[s]);
        }
    }

    /// <summary>Lets one vector more be run, and what it stores go aside.</summary>
    private void EmitStepAside()
    {
        foreach ((int slot, int aside) in StoredAside())
        {
            EmitOperandField(Body.Slots.Length + _sums.Length, 0);
            Code.Emit(OpCodes.Ldind_I);
            Code.Emit(OpCodes.Ldc_I4, aside * Size);
            Code.Emit(OpCodes.Conv_I);
            Code.Emit(OpCodes.Add);
            Code.Emit(OpCodes.Ldloc, Offset);
            Code.Emit(OpCodes.Conv_I);
            Code.Emit(OpCodes.Ldc_I4, Size);
            Code.Emit(OpCodes.Conv_I);
            Code.Emit(OpCodes.Mul);
            Code.Emit(OpCodes.Sub);
            Code.Emit(OpCodes.Stloc, PointerOf(slot));
        }

        Code.Emit(OpCodes.Ldloc, Offset);
        Code.Emit(OpCodes.Ldc_I4, TSimd.Count);
        Code.Emit(OpCodes.Add);
        Code.Emit(OpCodes.Stloc, _end);
    }

    /// <summary>Copies of what was stored aside as much as is left of the block.</summary>
    private void EmitCopyAside()
    {
        foreach ((int slot, _) in StoredAside())
        {
            Code.Emit(OpCodes.Ldloc, Offset);
            Code.Emit(OpCodes.Ldc_I4, TSimd.Count);
            Code.Emit(OpCodes.Sub);
            EmitElement(PointerOf(slot));
            EmitLoad();
            EmitPointer(slot, PointerOf(slot));
            Code.Emit(OpCodes.Ldloc, Offset);
            Code.Emit(OpCodes.Ldc_I4, TSimd.Count);
            Code.Emit(OpCodes.Sub);
            EmitElement(PointerOf(slot));
            EmitStore(() => Code.Emit(OpCodes.Ldloc, _remainder));
        }
    }

    /// <summary>Every slot that the remainder is stored of, and where its vector stands among those aside.</summary>
    private IEnumerable<(int Slot, int Aside)> StoredAside() =>
        Enumerable.Range(0, Body.Slots.Length).Where(slot => IsStored(slot, -1)).Select((slot, i) => (slot, i * ElementKernel<T>.SpreadLength));

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
