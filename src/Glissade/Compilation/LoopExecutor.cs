using System.Numerics;
using Glissade.Compilation.Emission;
using Glissade.Compilation.Loops;
using Glissade.Differentiation;

namespace Glissade.Compilation;

/// <summary>Makes the step that runs a fused loop, and chooses its executor: the emitted kernel if there is one, else the interpreted instructions.</summary>
internal static class LoopExecutor
{
    public static BlockedLoop<T> Create<T>(FusedLoop loop, Func<Tensor, Place<T>> placeOf, bool emits)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var plan = new LoopPlan<T>(loop, placeOf);
        ColumnKernel? columns = emits ? LoopKernels.ForColumns(plan) : null;
        plan.Choose(emits && columns is null ? LoopKernels.ForBlocks(plan) : null, columns);
        return new BlockedLoop<T>(plan, placeOf);
    }
}
