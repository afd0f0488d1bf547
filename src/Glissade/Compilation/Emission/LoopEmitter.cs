using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Glissade.Compilation.Loops;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;
using Glissade.Numerics.Elementwise;

namespace Glissade.Compilation.Emission;

/// <summary>Writes the instructions of a loop as IL over hardware vectors; the runtime's compiler makes machine code of it.</summary>
/// <remarks>
/// One load for each input, one store for each output, everything between in registers. The vector functions are those of the interpreted kernels and
/// nothing is contracted or reordered, so both give the same bits. The remainder that fills no vector goes through the same body, of which only the
/// wanted elements are stored. How the body is repeated over elements, and what is summed up meanwhile, is for derived classes to say.
/// </remarks>
[RequiresDynamicCode("Writes IL at run time.")]
internal abstract unsafe class LoopEmitter<T, TVector, TSimd>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TVector : struct
    where TSimd : struct, ISimd<TVector, T>
{
    private static readonly MethodInfo LoadMethod = MethodOf(Load);
    private static readonly MethodInfo StoreMethod = MethodOf(Store);
    private static readonly MethodInfo StoreFirstMethod = MethodOf(StoreFirst);
    private static readonly MethodInfo BroadcastMethod = MethodOf(Broadcast);
    private static readonly MethodInfo SqrtByProductsMethod = ((Func<TVector, TVector>)SqrtByProducts).Method;
    private static readonly MethodInfo AddMethod = ((Func<TVector, TVector, TVector>)Add).Method;

    private readonly LocalBuilder?[] _pointers;
    private readonly LocalBuilder?[] _values, _own;
    private readonly bool[] _loaded;

    protected LoopEmitter(LoopBody body, string name)
    {
        Body = body;
        Method = new DynamicMethod(name, typeof(void), [typeof(Operand*), typeof(int), typeof(int)], typeof(BlockKernel).Module, skipVisibility: true);
        Code = Method.GetILGenerator();
        Offset = Code.DeclareLocal(typeof(int));
        int slots = body.Slots.Length;
        _pointers = new LocalBuilder?[slots];
        _values = new LocalBuilder?[slots];
        _own = new LocalBuilder?[slots];
        _loaded = new bool[slots];
    }

    protected static int Size => sizeof(T);

    protected LoopBody Body { get; }

    protected DynamicMethod Method { get; }

    protected ILGenerator Code { get; }

    /// <summary>Elements from where the pointers stand to the vector at hand.</summary>
    protected LocalBuilder Offset { get; }

    /// <summary>Whether the slot's elements are written to where its operand points.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="sum">Which of the running sums the vector falls on; −1 where it is left for later.</param>
    protected abstract bool IsStored(int slot, int sum);

    /// <summary>Adds the slot's vector to the running sums that want it.</summary>
    protected abstract void EmitSums(int slot, int sum);

    /// <summary>Whether an input stands still, so that its value is loaded before the body.</summary>
    protected virtual bool IsHeld(int input) => Body.IsNumber(input);

    /// <summary>Called before each copy of the body.</summary>
    protected virtual void BeginBody()
    {
    }

    /// <summary>Elements that the pointer of a slot moves on for each element of the loop, where that is not one.</summary>
    protected virtual LocalBuilder? StepOf(int slot) => null;

    /// <summary>Where a slot's operand points.</summary>
    protected LocalBuilder PointerOf(int slot) => _pointers[slot]!;

    /// <summary>Pointers into locals; numbers are loaded once.</summary>
    protected void EmitPointers(Func<int, bool> isNeeded)
    {
        for (int slot = 0; slot < _pointers.Length; slot++)
        {
            if (slot < Body.Inputs.Length || isNeeded(slot))
            {
                EmitPointer(slot, _pointers[slot] = Code.DeclareLocal(typeof(byte*)));
                if (Body.IsNumber(slot))
                {
                    Code.Emit(OpCodes.Ldloc, _pointers[slot]!);
                    EmitBroadcast(slot);
                }
            }
        }
    }

    /// <summary>Makes the number that the address on the stack points to the value of a slot, in every lane.</summary>
    protected void EmitBroadcast(int slot)
    {
        Code.Emit(OpCodes.Call, BroadcastMethod);
        EmitHold(slot);
    }

    /// <summary>Makes the vector on the stack the value of a slot.</summary>
    protected void EmitHold(int slot) => Code.Emit(OpCodes.Stloc, _values[slot] ??= _own[slot] ??= DeclareVector());

    /// <summary>Makes another local the value of a slot; null for the slot's own.</summary>
    protected void Hold(int slot, LocalBuilder? value) => _values[slot] = value;

    /// <summary>All instructions on one vector of each input.</summary>
    /// <param name="partial">Pushes the number of elements to store, where fewer are left than a vector has.</param>
    /// <param name="sum">Which of the running sums the vector falls on; −1 where it is left for later.</param>
    protected void EmitBody(Action? partial, int sum = -1)
    {
        Forget();
        for (int i = 0; i < Body.Instructions.Length; i++)
        {
            EmitInstruction(i, partial, sum);
        }

        for (int slot = 0; slot < Body.Inputs.Length && sum >= 0; slot++)
        {
            EmitSums(slot, sum);
        }

        EmitAdvance();
    }

    /// <summary>Begins with a vector of which only what is held is known.</summary>
    protected void Forget()
    {
        BeginBody();
        for (int slot = 0; slot < _loaded.Length; slot++)
        {
            _loaded[slot] = slot < Body.Inputs.Length && IsHeld(slot);
        }
    }

    /// <summary>Takes the value of a slot from another local, where it is already.</summary>
    protected void Recall(int slot, LocalBuilder value)
    {
        Hold(slot, value);
        _loaded[slot] = true;
    }

    /// <summary>One instruction: its value into a local, into memory and onto the sums.</summary>
    /// <param name="i">Which.</param>
    /// <param name="partial">Pushes the number of elements to store, where fewer are left than a vector has.</param>
    /// <param name="sum">Which of the running sums the vector falls on; −1 where it is left for later.</param>
    /// <param name="sparesDivider">Whether roots are taken by products, where there is a way.</param>
    protected void EmitInstruction(int i, Action? partial, int sum, bool sparesDivider = false)
    {
        LoopInstruction instruction = Body.Instructions[i];
        int arity = instruction.Operation.Arity, slot = Body.Inputs.Length + i;
        EmitValue(instruction.X);
        if (arity > 1)
        {
            EmitValue(instruction.Y);
        }

        if (arity > 2)
        {
            EmitValue(instruction.Z);
        }

        Code.Emit(OpCodes.Call, sparesDivider && TSimd.HasSqrtByProducts && instruction.Operation is Sqrt ? SqrtByProductsMethod : instruction.Operation.Body<T, TVector, TSimd>());
        EmitHold(slot);
        _loaded[slot] = true;
        if (sum >= 0)
        {
            EmitSums(slot, sum);
        }

        if (IsStored(slot, sum))
        {
            Code.Emit(OpCodes.Ldloc, _values[slot]!);
            EmitAddress(slot);
            EmitStore(partial);
        }
    }

    /// <summary>Moves on to the next vector.</summary>
    protected void EmitAdvance()
    {
        Code.Emit(OpCodes.Ldloc, Offset);
        Code.Emit(OpCodes.Ldc_I4, TSimd.Count);
        Code.Emit(OpCodes.Add);
        Code.Emit(OpCodes.Stloc, Offset);
    }

    /// <summary>Pushes the vector of a slot at the current offset.</summary>
    protected void EmitValue(int slot)
    {
        if (!_loaded[slot])
        {
            EmitInput(slot);
            EmitHold(slot);
            _loaded[slot] = true;
        }

        Code.Emit(OpCodes.Ldloc, _values[slot]!);
    }

    /// <summary>Pushes the vector of an input at the current offset from where it is in memory.</summary>
    protected virtual void EmitInput(int slot)
    {
        EmitAddress(slot);
        EmitLoad();
    }

    /// <summary>Loads the vector that the address on the stack points to.</summary>
    protected void EmitLoad() => Code.Emit(OpCodes.Call, LoadMethod);

    /// <summary>Stores the vector below the address on the stack there.</summary>
    protected void EmitStore(Action? partial)
    {
        partial?.Invoke();
        Code.Emit(OpCodes.Call, partial is null ? StoreMethod : StoreFirstMethod);
    }

    /// <summary>Adds the vector of a slot to a local.</summary>
    protected void EmitAddTo(LocalBuilder sum, int slot)
    {
        Code.Emit(OpCodes.Ldloc, sum);
        EmitValue(slot);
        Code.Emit(OpCodes.Call, AddMethod);
        Code.Emit(OpCodes.Stloc, sum);
    }

    protected LocalBuilder DeclareVector() => Code.DeclareLocal(typeof(TVector));

    /// <summary>The pointer of an operand into a local.</summary>
    protected void EmitPointer(int operand, LocalBuilder pointer)
    {
        EmitOperandField(operand, 0);
        Code.Emit(OpCodes.Ldind_I);
        Code.Emit(OpCodes.Stloc, pointer);
    }

    /// <summary>Pushes the address of a field of an operand.</summary>
    protected void EmitOperandField(int operand, int field)
    {
        Code.Emit(OpCodes.Ldarg_0);
        Code.Emit(OpCodes.Ldc_I4, (operand * Unsafe.SizeOf<Operand>()) + field);
        Code.Emit(OpCodes.Conv_I);
        Code.Emit(OpCodes.Add);
    }

    /// <summary>Pushes the address of the element that lies <paramref name="index"/> beyond where a slot's pointer stands.</summary>
    protected void EmitAddress(int slot, LocalBuilder? index = null)
    {
        Code.Emit(OpCodes.Ldloc, index ?? Offset);
        if (index is null && StepOf(slot) is { } step)
        {
            Code.Emit(OpCodes.Ldloc, step);
            Code.Emit(OpCodes.Mul);
        }

        EmitElement(_pointers[slot]!);
    }

    /// <summary>Pushes the address of the element whose index is on the stack.</summary>
    protected void EmitElement(LocalBuilder pointer)
    {
        Code.Emit(OpCodes.Conv_I);
        Code.Emit(OpCodes.Ldc_I4, Size);
        Code.Emit(OpCodes.Conv_I);
        Code.Emit(OpCodes.Mul);
        Code.Emit(OpCodes.Ldloc, pointer);
        Code.Emit(OpCodes.Add);
    }

    private delegate TVector Loading(T* source);

    private delegate void Storing(TVector value, T* destination);

    private delegate void StoringFirst(TVector value, T* destination, int count);

    private static MethodInfo MethodOf(Loading method) => method.Method;

    private static MethodInfo MethodOf(Storing method) => method.Method;

    private static MethodInfo MethodOf(StoringFirst method) => method.Method;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector SqrtByProducts(TVector x) => TSimd.SqrtByProducts(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Add(TVector x, TVector y) => TSimd.Add(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Load(T* source) => TSimd.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Broadcast(T* source) => TSimd.Create(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector value, T* destination) => TSimd.Store(value, destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreFirst(TVector value, T* destination, int count) => TSimd.StoreFirst(value, destination, count);
}
