using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Reflection.Emit;
using Glissade.Compilation.Loops;
using Glissade.Numerics;

namespace Glissade.Compilation.Emission;

/// <summary>Writes the kernel that runs a loop down its columns: a strip of them at a time, the sums of the strip's columns in registers.</summary>
/// <remarks>Each column is summed from the first row to the last, as adding row after row to the totals does. Inputs with a number a column are loaded once for each strip.</remarks>
[RequiresDynamicCode("Writes IL at run time.")]
internal sealed unsafe class ColumnEmitter<T, TVector, TSimd> : LoopEmitter<T, TVector, TSimd>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TVector : struct
    where TSimd : struct, ISimd<TVector, T>
{
    /// <summary>Vectors across a wide strip: two chains of instructions keep the units busier than one, four want too many registers.</summary>
    private const int Widest = 2;

    private readonly LocalBuilder _column, _row;
    private readonly LocalBuilder[] _totals;
    private readonly LocalBuilder[][] _sums;
    private readonly LocalBuilder[][] _held;

    private ColumnEmitter(LoopBody body)
        : base(body, "columns")
    {
        _column = Code.DeclareLocal(typeof(int));
        _row = Code.DeclareLocal(typeof(int));
        _totals = [.. body.Sums.Select(_ => Code.DeclareLocal(typeof(byte*)))];
        _sums = [.. body.Sums.Select(_ => Enumerable.Range(0, Widest).Select(_ => DeclareVector()).ToArray())];
        _held = [.. body.Inputs.Select(i => i == Access.PerColumn ? Enumerable.Range(0, Widest).Select(_ => DeclareVector()).ToArray() : [])];
    }

    /// <summary>How often the body is written: for a wide strip, for one vector, and for the remainder.</summary>
    public static int Copies => Widest + 2;

    /// <summary>The kernel of a loop's instructions.</summary>
    public static ColumnKernel Emit(LoopBody body) => new ColumnEmitter<T, TVector, TSimd>(body).Emit();

    protected override bool IsStored(int slot, int sum) => Body.IsStored[slot];

    protected override bool IsHeld(int input) => Body.Inputs[input] != Access.Full;

    protected override void EmitSums(int slot, int sum)
    {
        for (int r = 0; r < _sums.Length; r++)
        {
            if (Body.Sums[r] == slot)
            {
                EmitAddTo(_sums[r][sum], slot);
            }
        }
    }

    private ColumnKernel Emit()
    {
        EmitPointers(slot => IsStored(slot, 0));
        for (int r = 0; r < _totals.Length; r++)
        {
            EmitPointer(Body.Slots.Length + r, _totals[r]);
        }

        // The remainder is in a loop of its own: what lives across its calls is kept in memory.
        Label wide = Code.DefineLabel(), single = Code.DefineLabel(), remainder = Code.DefineLabel(), end = Code.DefineLabel();
        EmitStrips(wide, single, Widest);
        EmitStrips(single, remainder, 1);
        Code.MarkLabel(remainder);
        EmitRemaining();
        Code.Emit(OpCodes.Ldc_I4_0);
        Code.Emit(OpCodes.Ble, end);
        EmitStrip(1, EmitRemaining);
        Code.MarkLabel(end);
        Code.Emit(OpCodes.Ret);
        return Method.CreateDelegate<ColumnKernel>();
    }

    /// <summary>Strips of so many vectors as long as there is room for one.</summary>
    private void EmitStrips(Label start, Label next, int vectors)
    {
        Code.MarkLabel(start);
        EmitRemaining();
        Code.Emit(OpCodes.Ldc_I4, vectors * TSimd.Count);
        Code.Emit(OpCodes.Blt, next);
        EmitStrip(vectors, partial: null);
        Code.Emit(OpCodes.Ldloc, _column);
        Code.Emit(OpCodes.Ldc_I4, vectors * TSimd.Count);
        Code.Emit(OpCodes.Add);
        Code.Emit(OpCodes.Stloc, _column);
        Code.Emit(OpCodes.Br, start);
    }

    /// <summary>One strip, from the first row to the last.</summary>
    private void EmitStrip(int vectors, Action? partial)
    {
        Label rows = Code.DefineLabel();
        for (int v = 0; v < vectors; v++)
        {
            for (int slot = 0; slot < _held.Length; slot++)
            {
                if (_held[slot].Length > 0)
                {
                    EmitColumn(v);
                    EmitElement(PointerOf(slot));
                    EmitLoad();
                    Code.Emit(OpCodes.Stloc, _held[slot][v]);
                }
            }

            for (int r = 0; r < _sums.Length; r++)
            {
                EmitColumn(v);
                EmitElement(_totals[r]);
                EmitLoad();
                Code.Emit(OpCodes.Stloc, _sums[r][v]);
            }
        }

        Code.Emit(OpCodes.Ldloc, _column);
        Code.Emit(OpCodes.Stloc, Offset);
        Code.Emit(OpCodes.Ldc_I4_0);
        Code.Emit(OpCodes.Stloc, _row);
        Code.MarkLabel(rows);
        EmitRow(vectors, partial);
        Code.Emit(OpCodes.Ldloc, _row);
        Code.Emit(OpCodes.Ldc_I4_1);
        Code.Emit(OpCodes.Add);
        Code.Emit(OpCodes.Dup);
        Code.Emit(OpCodes.Stloc, _row);
        Code.Emit(OpCodes.Ldarg_1);
        Code.Emit(OpCodes.Blt, rows);

        for (int v = 0; v < vectors; v++)
        {
            for (int r = 0; r < _sums.Length; r++)
            {
                Code.Emit(OpCodes.Ldloc, _sums[r][v]);
                EmitColumn(v);
                EmitElement(_totals[r]);
                EmitStore(partial);
            }
        }
    }

    private void EmitRow(int vectors, Action? partial)
    {
        for (int slot = 0; slot < Body.Inputs.Length; slot++)
        {
            if (Body.Inputs[slot] == Access.PerRow)
            {
                EmitAddress(slot, _row);
                EmitBroadcast(slot);
            }
        }

        for (int v = 0; v < vectors; v++)
        {
            for (int slot = 0; slot < _held.Length; slot++)
            {
                if (_held[slot].Length > 0)
                {
                    Hold(slot, _held[slot][v]);
                }
            }

            EmitBody(partial, v);
        }

        // To the next row, from where the body has moved on to.
        Code.Emit(OpCodes.Ldloc, Offset);
        Code.Emit(OpCodes.Ldarg_2);
        Code.Emit(OpCodes.Add);
        Code.Emit(OpCodes.Ldc_I4, vectors * TSimd.Count);
        Code.Emit(OpCodes.Sub);
        Code.Emit(OpCodes.Stloc, Offset);
    }

    /// <summary>Pushes the column at which a vector of the strip begins.</summary>
    private void EmitColumn(int vector)
    {
        Code.Emit(OpCodes.Ldloc, _column);
        Code.Emit(OpCodes.Ldc_I4, vector * TSimd.Count);
        Code.Emit(OpCodes.Add);
    }

    /// <summary>Pushes the columns from the strip's first to the last of all.</summary>
    private void EmitRemaining()
    {
        Code.Emit(OpCodes.Ldarg_2);
        Code.Emit(OpCodes.Ldloc, _column);
        Code.Emit(OpCodes.Sub);
    }
}
