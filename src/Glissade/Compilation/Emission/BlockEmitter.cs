using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Glissade.Compilation.Loops;
using Glissade.Numerics;
using Glissade.Numerics.Elementwise;

namespace Glissade.Compilation.Emission;

/// <summary>Writes the block kernel of a loop as IL over hardware vectors; the runtime's compiler makes machine code of it.</summary>
/// <remarks>
/// One load for each input, one store for each output, everything between in registers. The vector functions are those of the interpreted kernels and
/// nothing is contracted or reordered, so both give the same bits. The remainder that fills no vector goes through the same body, of which only the
/// wanted elements are stored. Sums to one number are kept in registers too: the body is repeated so that its vectors fall on the running sums as those of
/// <see cref="ReductionKernels{T}.Sum"/> do, and what is left is written to the slot's scratch block, to be summed up afterwards.
/// </remarks>
[RequiresDynamicCode("Writes IL at run time.")]
internal sealed unsafe partial class BlockEmitter<T, TVector, TSimd>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TVector : struct
    where TSimd : struct, ISimd<TVector, T>
{
    private static readonly MethodInfo LoadMethod = MethodOf(Load);
    private static readonly MethodInfo StoreMethod = MethodOf(Store);
    private static readonly MethodInfo StoreFirstMethod = MethodOf(StoreFirst);
    private static readonly MethodInfo ZeroMethod = ((Func<TVector>)Zero).Method;
    private static readonly MethodInfo AddMethod = ((Func<TVector, TVector, TVector>)Add).Method;

    private readonly LoopPlan<T> _plan;
    private readonly DynamicMethod _method;
    private readonly ILGenerator _code;
    private readonly LocalBuilder _offset;
    private readonly LocalBuilder _end;
    private readonly LocalBuilder?[] _pointers;
    private readonly LocalBuilder?[] _steps;
    private readonly LocalBuilder?[] _values;
    private readonly bool[] _loaded;
    private readonly LocalBuilder[][] _sums;
    private readonly LocalBuilder[] _sumPointers;

    private BlockEmitter(LoopPlan<T> plan)
    {
        _plan = plan;
        _method = new DynamicMethod("block", typeof(void), [typeof(Operand*), typeof(int), typeof(int)], typeof(BlockKernel).Module, skipVisibility: true);
        _code = _method.GetILGenerator();
        _offset = _code.DeclareLocal(typeof(int));
        _end = _code.DeclareLocal(typeof(int));
        int slots = plan.Scratch.Length;
        _pointers = new LocalBuilder?[slots];
        _steps = new LocalBuilder?[slots];
        _values = new LocalBuilder?[slots];
        _loaded = new bool[slots];
        _sums = [.. plan.InnerSums.Select(_ => Enumerable.Range(0, Repeats).Select(_ => _code.DeclareLocal(typeof(TVector))).ToArray())];
        _sumPointers = [.. plan.InnerSums.Select(_ => _code.DeclareLocal(typeof(byte*)))];
    }

    private static int Size => sizeof(T);

    /// <summary>The kernel of a loop's instructions.</summary>
    public static BlockKernel Emit(LoopPlan<T> plan) => new BlockEmitter<T, TVector, TSimd>(plan).Emit();

    private BlockKernel Emit()
    {
        EmitPrologue();
        Label block = _code.DefineLabel(), whole = _code.DefineLabel(), summed = _code.DefineLabel(), single = _code.DefineLabel(), remainder = _code.DefineLabel(), end = _code.DefineLabel();
        _code.MarkLabel(block);
        _code.Emit(OpCodes.Ldloc, _end);
        _code.Emit(OpCodes.Ldarg_1);
        if (_sums.Length == 0)
        {
            // Nothing is made of each block: they are one.
            _code.Emit(OpCodes.Ldarg_2);
            _code.Emit(OpCodes.Mul);
        }

        _code.Emit(OpCodes.Add);
        _code.Emit(OpCodes.Stloc, _end);
        if (_sums.Length > 0)
        {
            EmitZeroSums();
            _code.MarkLabel(whole);
            EmitRemaining();
            _code.Emit(OpCodes.Ldc_I4, ReductionKernels<T>.SumStride);
            _code.Emit(OpCodes.Blt, summed);
            for (int repeat = 0; repeat < Repeats; repeat++)
            {
                EmitBody(partial: false, repeat);
            }

            _code.Emit(OpCodes.Br, whole);

            // Before the remainder, whose stores are calls: what lives across a call is kept in memory all along.
            _code.MarkLabel(summed);
            EmitStoreSums();
            _code.Emit(OpCodes.Ldarg_2);
            _code.Emit(OpCodes.Ldc_I4_1);
            _code.Emit(OpCodes.Sub);
            _code.Emit(OpCodes.Dup);
            _code.Emit(OpCodes.Starg_S, (byte)2);
            _code.Emit(OpCodes.Ldc_I4_0);
            _code.Emit(OpCodes.Bgt, block);
        }

        _code.MarkLabel(single);
        EmitRemaining();
        _code.Emit(OpCodes.Ldc_I4, TSimd.Count);
        _code.Emit(OpCodes.Blt, remainder);
        EmitBody(partial: false);
        _code.Emit(OpCodes.Br, single);

        _code.MarkLabel(remainder);
        EmitRemaining();
        _code.Emit(OpCodes.Ldc_I4_0);
        _code.Emit(OpCodes.Ble, end);
        EmitBody(partial: true);
        _code.MarkLabel(end);
        _code.Emit(OpCodes.Ret);
        return _method.CreateDelegate<BlockKernel>();
    }

    /// <summary>Pointers into locals; what stands still is loaded once.</summary>
    private void EmitPrologue()
    {
        for (int slot = 0; slot < _plan.Scratch.Length; slot++)
        {
            bool isInput = slot < _plan.Inputs.Length;
            if (!isInput && !_plan.IsWritten(slot) && !IsSummed(slot))
            {
                continue;
            }

            _pointers[slot] = _code.DeclareLocal(typeof(byte*));
            EmitOperandField(slot, 0);
            _code.Emit(OpCodes.Ldind_I);
            _code.Emit(OpCodes.Stloc, _pointers[slot]!);
            if (isInput)
            {
                EmitInput(slot, _plan.Inputs[slot].Access);
            }
        }

        for (int s = 0; s < _sumPointers.Length; s++)
        {
            EmitOperandField(_plan.Scratch.Length + s, 0);
            _code.Emit(OpCodes.Ldind_I);
            _code.Emit(OpCodes.Stloc, _sumPointers[s]);
        }
    }

    private void EmitInput(int slot, Access access)
    {
        switch (access)
        {
            case Access.Scalar:
                _values[slot] = _code.DeclareLocal(typeof(TVector));
                _code.Emit(OpCodes.Ldloc, _pointers[slot]!);
                _code.Emit(OpCodes.Call, LoadMethod);
                _code.Emit(OpCodes.Stloc, _values[slot]!);
                _loaded[slot] = true;
                break;
            case Access.PerRow or Access.Segment:
                // One value for the whole block, or a block of values: known only when the block is run.
                _steps[slot] = _code.DeclareLocal(typeof(int));
                EmitOperandField(slot, IntPtr.Size);
                _code.Emit(OpCodes.Ldind_I4);
                _code.Emit(OpCodes.Stloc, _steps[slot]!);
                break;
        }
    }

    /// <summary>All instructions on one vector of each input.</summary>
    /// <param name="partial">Whether fewer elements than a vector has are left to store.</param>
    /// <param name="sum">Which of the running sums the vector falls on; −1 where it is left for later.</param>
    private void EmitBody(bool partial, int sum = -1)
    {
        int inputs = _plan.Inputs.Length;
        for (int slot = 0; slot < _loaded.Length; slot++)
        {
            _loaded[slot] = slot < inputs && _plan.Inputs[slot].Access == Access.Scalar;
        }

        for (int i = 0; i < _plan.Instructions.Length; i++)
        {
            LoopInstruction instruction = _plan.Instructions[i];
            int arity = instruction.Operation.Arity;
            EmitValue(instruction.X);
            if (arity > 1)
            {
                EmitValue(instruction.Y);
            }

            if (arity > 2)
            {
                EmitValue(instruction.Z);
            }

            int slot = inputs + i;
            _code.Emit(OpCodes.Call, instruction.Operation.Body<T, TVector, TSimd>());
            _values[slot] ??= _code.DeclareLocal(typeof(TVector));
            _code.Emit(OpCodes.Stloc, _values[slot]!);
            _loaded[slot] = true;
            if (sum >= 0)
            {
                EmitSums(slot, sum);
            }

            if (_plan.IsWritten(slot) || (sum < 0 && IsSummed(slot)))
            {
                EmitStore(slot, partial);
            }
        }

        _code.Emit(OpCodes.Ldloc, _offset);
        _code.Emit(OpCodes.Ldc_I4, TSimd.Count);
        _code.Emit(OpCodes.Add);
        _code.Emit(OpCodes.Stloc, _offset);
    }

    private void EmitValue(int slot)
    {
        if (!_loaded[slot])
        {
            _values[slot] ??= _code.DeclareLocal(typeof(TVector));
            EmitAddress(slot);
            _code.Emit(OpCodes.Call, LoadMethod);
            _code.Emit(OpCodes.Stloc, _values[slot]!);
            _loaded[slot] = true;
        }

        _code.Emit(OpCodes.Ldloc, _values[slot]!);
    }

    private void EmitStore(int slot, bool partial)
    {
        _code.Emit(OpCodes.Ldloc, _values[slot]!);
        EmitAddress(slot);
        if (partial)
        {
            EmitRemaining();
            _code.Emit(OpCodes.Call, StoreFirstMethod);
        }
        else
        {
            _code.Emit(OpCodes.Call, StoreMethod);
        }
    }

    private void EmitAddress(int slot)
    {
        _code.Emit(OpCodes.Ldloc, _pointers[slot]!);
        _code.Emit(OpCodes.Ldloc, _offset);
        if (_steps[slot] is { } step)
        {
            _code.Emit(OpCodes.Ldloc, step);
            _code.Emit(OpCodes.Mul);
        }

        _code.Emit(OpCodes.Conv_I);
        _code.Emit(OpCodes.Ldc_I4, Size);
        _code.Emit(OpCodes.Conv_I);
        _code.Emit(OpCodes.Mul);
        _code.Emit(OpCodes.Add);
    }

    /// <summary>Elements from the current offset to the end of the block.</summary>
    private void EmitRemaining()
    {
        _code.Emit(OpCodes.Ldloc, _end);
        _code.Emit(OpCodes.Ldloc, _offset);
        _code.Emit(OpCodes.Sub);
    }

    private void EmitOperandField(int slot, int offset)
    {
        _code.Emit(OpCodes.Ldarg_0);
        _code.Emit(OpCodes.Ldc_I4, (slot * Unsafe.SizeOf<Operand>()) + offset);
        _code.Emit(OpCodes.Conv_I);
        _code.Emit(OpCodes.Add);
    }

    private delegate TVector Loading(T* source);

    private delegate void Storing(TVector value, T* destination);

    private delegate void StoringFirst(TVector value, T* destination, int count);

    private static MethodInfo MethodOf(Loading method) => method.Method;

    private static MethodInfo MethodOf(Storing method) => method.Method;

    private static MethodInfo MethodOf(StoringFirst method) => method.Method;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Zero() => TSimd.Constant(0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Add(TVector x, TVector y) => TSimd.Add(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load(T* source) => TSimd.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector value, T* destination) => TSimd.Store(value, destination);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreFirst(TVector value, T* destination, int count)
    {
        T* whole = stackalloc T[TSimd.Count];
        TSimd.Store(value, whole);
        for (int i = 0; i < count; i++)
        {
            destination[i] = whole[i];
        }
    }
}
