using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
using Glissade.Compilation.Loops;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation.Emission;

/// <summary>Emitted kernels by structure: loops that differ only in shape or place share one.</summary>
internal static class LoopKernels
{
    /// <summary>Elements below which making machine code costs more than it will save.</summary>
    private const int LeastElements = 64;

    /// <summary>
    /// Transcendental functions that a method may hold, its repetitions of the body counted. The runtime's compiler stops inlining at 512 locals, of which one such
    /// function takes some forty, and calls the rest with every vector in memory: measured, emitted loops are then up to five times slower than interpreted ones.
    /// </summary>
    private const int MostTranscendental = 10;

    private static readonly ConcurrentDictionary<string, BlockKernel> Blocks = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, ColumnKernel> Columns = new(StringComparer.Ordinal);

    /// <summary>Which executor runs fused loops: emitted where the runtime can make code, unless GLISSADE_EXECUTOR says <c>interpreted</c>.</summary>
    public static bool IsEmitting { get; set; } =
        !string.Equals(Environment.GetEnvironmentVariable("GLISSADE_EXECUTOR"), "interpreted", StringComparison.OrdinalIgnoreCase);

    /// <summary>The executor in use, in a word or two, for those who report a fault.</summary>
    public static string Description => !RuntimeFeature.IsDynamicCodeSupported ? "interpreted: no code can be made here"
        : IsEmitting ? "emitted"
        : "interpreted, as GLISSADE_EXECUTOR says";

    /// <summary>The kernel that runs blocks of a loop; null where it is to be interpreted.</summary>
    public static BlockKernel? ForBlocks<T>(LoopPlan<T> plan)
        where T : unmanaged, IFloatingPointIeee754<T> => !RuntimeFeature.IsDynamicCodeSupported || !IsWorthwhile(plan, plan.InnerSums.Length > 0 ? 4 : 2) || plan.Instructions.Length == 0 ? null
        : Kept(Blocks, plan, BlockEmitter<T, Vector512<T>, Simd512<T>>.Emit, BlockEmitter<T, Vector256<T>, Simd256<T>>.Emit);

    /// <summary>The kernel that runs a loop down its columns; null where it is to be run block by block.</summary>
    public static ColumnKernel? ForColumns<T>(LoopPlan<T> plan)
        where T : unmanaged, IFloatingPointIeee754<T> => !RuntimeFeature.IsDynamicCodeSupported || !IsWorthwhile(plan, 4) || !plan.IsColumnar ? null
        : Kept(Columns, plan, ColumnEmitter<T, Vector512<T>, Simd512<T>>.Emit, ColumnEmitter<T, Vector256<T>, Simd256<T>>.Emit);

    private static TKernel Kept<TKernel, T>(ConcurrentDictionary<string, TKernel> kernels, LoopPlan<T> plan, Func<LoopPlan<T>, TKernel> emitWide, Func<LoopPlan<T>, TKernel> emit)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        string key = KeyOf(plan);
        return kernels.TryGetValue(key, out TKernel? kernel) ? kernel
            : kernels.GetOrAdd(key, Vector512.IsHardwareAccelerated ? emitWide(plan) : emit(plan));
    }

    private static bool IsWorthwhile<T>(LoopPlan<T> plan, int repetitions)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        IsEmitting && (long)plan.Loop.Rows * plan.Loop.Columns >= LeastElements
        && repetitions * plan.Instructions.Count(i => IsTranscendental(i.Operation)) <= MostTranscendental;

    private static bool IsTranscendental(ElementwiseOperation operation) => operation is
        Exp or ExpMinusOne or Log or LogOnePlus or Power or Sin or Cos or Tan or Tanh or Erf or Sigmoid or Softplus
        or Sinh or Cosh or Asinh or Acosh or Atanh or Asin or Acos or Atan or Atan2;

    private static string KeyOf<T>(LoopPlan<T> plan)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var key = new StringBuilder(typeof(T).Name);
        foreach ((_, Access access) in plan.Inputs)
        {
            key.Append(access switch { Access.Scalar => 's', Access.PerRow => 'r', Access.PerColumn => 'c', Access.Segment => 'g', _ => 'f' });
        }

        for (int i = 0; i < plan.Instructions.Length; i++)
        {
            LoopInstruction instruction = plan.Instructions[i];
            int slot = plan.Inputs.Length + i;
            key.Append('|').Append(instruction.Operation.Name)
                .Append(' ').Append(instruction.X).Append(' ').Append(instruction.Y).Append(' ').Append(instruction.Z)
                .Append(plan.Destinations[slot] is not null ? 'd' : plan.IsWritten(slot) ? 'w' : '-');
        }

        for (int r = 0; r < plan.Loop.Reductions.Count; r++)
        {
            key.Append(Array.IndexOf(plan.InnerSums, r) >= 0 ? "|inner " : "|").Append(plan.Loop.Reductions[r].Slot);
        }

        return key.ToString();
    }
}
