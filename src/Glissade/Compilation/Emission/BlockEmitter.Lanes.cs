using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Glissade.Compilation.Loops;

namespace Glissade.Compilation.Emission;

/// <content>Numbers for each row or column, moved to their lanes as a <see cref="LaneTable{T}"/> says.</content>
internal sealed unsafe partial class BlockEmitter<T, TVector, TSimd>
{
    private static readonly MethodInfo MoveMethod = ((Func<TVector, TVector, TVector>)Move).Method;

    private readonly LocalBuilder? _lanes, _starts, _lanesHere, _rowStart;
    private bool _areLanesKnown;

    protected override void BeginBody() => _areLanesKnown = false;

    protected override void EmitInput(int slot)
    {
        if (!Body.IsMoved[slot])
        {
            base.EmitInput(slot);
            return;
        }

        bool isPerRow = Body.Inputs[slot] == Access.PerRow;
        if (isPerRow && !_areLanesKnown)
        {
            EmitStart(0);
            Code.Emit(OpCodes.Stloc, _rowStart!);
            EmitStart(2);
            Code.Emit(OpCodes.Ldloc, _lanes!);
            Code.Emit(OpCodes.Add);
            EmitLoad();
            Code.Emit(OpCodes.Stloc, _lanesHere!);
            _areLanesKnown = true;
        }

        if (isPerRow)
        {
            Code.Emit(OpCodes.Ldloc, _rowStart!);
        }
        else
        {
            EmitStart(1);
        }

        Code.Emit(OpCodes.Ldloc, PointerOf(slot));
        Code.Emit(OpCodes.Add);
        EmitLoad();
        if (isPerRow)
        {
            Code.Emit(OpCodes.Ldloc, _lanesHere!);
            Code.Emit(OpCodes.Call, MoveMethod);
        }
    }

    /// <summary>Pushes one of the numbers that say where a vector begins: 0 among the rows, 1 among the columns, 2 among the lanes.</summary>
    private void EmitStart(int place)
    {
        Code.Emit(OpCodes.Ldloc, Offset);
        Code.Emit(OpCodes.Ldc_I4, LaneTable<T>.StartBytes);
        Code.Emit(OpCodes.Mul);
        Code.Emit(OpCodes.Ldc_I4, BitOperations.Log2((uint)TSimd.Count));
        Code.Emit(OpCodes.Shr);
        Code.Emit(OpCodes.Conv_I);
        Code.Emit(OpCodes.Ldloc, _starts!);
        Code.Emit(OpCodes.Add);
        Code.Emit(OpCodes.Ldc_I4, place * sizeof(int));
        Code.Emit(OpCodes.Conv_I);
        Code.Emit(OpCodes.Add);
        Code.Emit(OpCodes.Ldind_I4);
        Code.Emit(OpCodes.Conv_I);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Move(TVector x, TVector lanes) => TSimd.MoveLanes(x, lanes);
}
