using System.Numerics;
using Glissade.Compilation.Steps;
using Glissade.Differentiation;

namespace Glissade.Compilation.Loops;

/// <summary>Makes the step that runs a fused loop: the one interface behind which executors stand.</summary>
internal static class LoopExecutor
{
    public static Step<T> Create<T>(FusedLoop loop, Func<Tensor, Place<T>> placeOf)
        where T : unmanaged, IFloatingPointIeee754<T> => new BlockedLoop<T>(loop, placeOf);
}
