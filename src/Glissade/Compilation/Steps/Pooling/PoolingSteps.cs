using System.Numerics;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>Gives each operation of pooling its kernel.</summary>
internal static class PoolingSteps
{
    public static Step<T> Create<T>(Tensor node, Func<Tensor, Place<T>> placeOf)
        where T : unmanaged, IFloatingPointIeee754<T> => node.Operation switch
        {
            MaximumPooling p => new PoolingStep<T, MaximumKernel>(node, p.Geometry, placeOf),
            MaximumPoolingTangent p => new PoolingStep<T, MaximumTangentKernel>(node, p.Geometry, placeOf),
            MaximumPoolingAdjoint p => new PoolingAdjointStep<T, MaximumAdjointKernel<ShareOfTies>>(node, p.Geometry, placeOf),
            MaximumPoolingAdjointMasked p => new PoolingAdjointStep<T, MaximumAdjointKernel<ShareOfPositiveTies>>(node, p.Geometry, placeOf),
            AveragePooling p => new PoolingStep<T, AverageKernel>(node, p.Geometry, placeOf),
            AveragePoolingAdjoint p => new PoolingAdjointStep<T, AverageAdjointKernel>(node, p.Geometry, placeOf),
            _ => throw new NotSupportedException($"No step is known for '{node.Operation.Name}'."),
        };
}
