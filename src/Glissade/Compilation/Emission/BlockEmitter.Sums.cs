using System.Numerics;
using System.Reflection.Emit;
using Glissade.Numerics;
using Glissade.Numerics.Elementwise;

namespace Glissade.Compilation.Emission;

/// <summary>Sums to one number, kept in registers as the body goes along.</summary>
internal sealed unsafe partial class BlockEmitter<T, TVector, TSimd>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TVector : struct
    where TSimd : struct, ISimd<TVector, T>
{
    /// <summary>Vectors that make up one stride of the running sums.</summary>
    private static int Repeats => ReductionKernels<T>.SumStride / TSimd.Count;

    private void EmitZeroSums()
    {
        foreach (LocalBuilder sum in _sums.SelectMany(s => s))
        {
            _code.Emit(OpCodes.Call, ZeroMethod);
            _code.Emit(OpCodes.Stloc, sum);
        }
    }

    /// <summary>Leaves the running sums of a block where the next block's follow.</summary>
    private void EmitStoreSums()
    {
        for (int s = 0; s < _sums.Length; s++)
        {
            for (int repeat = 0; repeat < Repeats; repeat++)
            {
                _code.Emit(OpCodes.Ldloc, _sums[s][repeat]);
                _code.Emit(OpCodes.Ldloc, _sumPointers[s]);
                _code.Emit(OpCodes.Ldc_I4, repeat * TSimd.Count * Size);
                _code.Emit(OpCodes.Conv_I);
                _code.Emit(OpCodes.Add);
                _code.Emit(OpCodes.Call, StoreMethod);
            }

            _code.Emit(OpCodes.Ldloc, _sumPointers[s]);
            _code.Emit(OpCodes.Ldc_I4, ReductionKernels<T>.SumStride * Size);
            _code.Emit(OpCodes.Conv_I);
            _code.Emit(OpCodes.Add);
            _code.Emit(OpCodes.Stloc, _sumPointers[s]);
        }
    }

    private bool IsSummed(int slot) => _plan.InnerSums.Any(r => _plan.Loop.Reductions[r].Slot == slot);

    private void EmitSums(int slot, int repeat)
    {
        for (int s = 0; s < _sums.Length; s++)
        {
            if (_plan.Loop.Reductions[_plan.InnerSums[s]].Slot == slot)
            {
                _code.Emit(OpCodes.Ldloc, _sums[s][repeat]);
                _code.Emit(OpCodes.Ldloc, _values[slot]!);
                _code.Emit(OpCodes.Call, AddMethod);
                _code.Emit(OpCodes.Stloc, _sums[s][repeat]);
            }
        }
    }
}
