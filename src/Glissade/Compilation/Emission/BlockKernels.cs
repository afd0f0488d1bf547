using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;
using Glissade.Compilation.Loops;
using Glissade.Numerics;

namespace Glissade.Compilation.Emission;

/// <summary>Block kernels by structure: loops that differ only in shape or place share one.</summary>
internal static class BlockKernels
{
    /// <summary>Elements below which making machine code costs more than it will save.</summary>
    private const int LeastElements = 64;

    private static readonly ConcurrentDictionary<string, BlockKernel> Cache = new(StringComparer.Ordinal);

    /// <summary>Which executor runs fused loops: emitted where the runtime can make code, unless GLISSADE_EXECUTOR says <c>interpreted</c>.</summary>
    public static bool IsEmitting { get; set; } =
        !string.Equals(Environment.GetEnvironmentVariable("GLISSADE_EXECUTOR"), "interpreted", StringComparison.OrdinalIgnoreCase);

    /// <summary>The executor in use, in a word or two, for those who report a fault.</summary>
    public static string Description => !RuntimeFeature.IsDynamicCodeSupported ? "interpreted: no code can be made here"
        : IsEmitting ? "emitted"
        : "interpreted, as GLISSADE_EXECUTOR says";

    /// <summary>The kernel of a loop; null where it is to be interpreted.</summary>
    public static BlockKernel? For<T>(LoopPlan<T> plan)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!RuntimeFeature.IsDynamicCodeSupported || !IsEmitting || (long)plan.Loop.Rows * plan.Loop.Columns < LeastElements || plan.Instructions.Length == 0)
        {
            return null;
        }

        string key = KeyOf(plan);
        if (!Cache.TryGetValue(key, out BlockKernel? kernel))
        {
            kernel = Vector512.IsHardwareAccelerated
                ? BlockEmitter<T, Vector512<T>, Simd512<T>>.Emit(plan)
                : BlockEmitter<T, Vector256<T>, Simd256<T>>.Emit(plan);
            kernel = Cache.GetOrAdd(key, kernel);
        }

        return kernel;
    }

    private static string KeyOf<T>(LoopPlan<T> plan)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var key = new StringBuilder(typeof(T).Name);
        foreach ((_, Access access) in plan.Inputs)
        {
            key.Append(access switch { Access.Scalar => 's', Access.PerRow or Access.Segment => 'r', _ => 'f' });
        }

        for (int i = 0; i < plan.Instructions.Length; i++)
        {
            LoopInstruction instruction = plan.Instructions[i];
            int slot = plan.Inputs.Length + i;
            key.Append('|').Append(instruction.Operation.Name)
                .Append(' ').Append(instruction.X).Append(' ').Append(instruction.Y).Append(' ').Append(instruction.Z)
                .Append(plan.IsWritten(slot) ? 'w' : '-');
        }

        foreach (int reduction in plan.InnerSums)
        {
            key.Append("|sum ").Append(plan.Loop.Reductions[reduction].Slot);
        }

        return key.ToString();
    }
}
