using System.Numerics;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>Gives each operation of pooling its kernel.</summary>
internal static class PoolingSteps
{
    public static Step<T> Create<T>(Tensor node, Func<Tensor, Place<T>> placeOf)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        WindowGeometry geometry = ((PoolingOperation)node.Operation).Geometry;
        return node.Operation switch
        {
            MaximumPooling => new PoolingStep<T, MaximumKernel>(node, geometry, placeOf),
            MaximumPoolingTangent => new PoolingStep<T, MaximumTangentKernel>(node, geometry, placeOf),
            MaximumPoolingAdjoint => new PoolingAdjointStep<T, MaximumAdjointKernel>(node, geometry, placeOf),
            AveragePooling => new PoolingStep<T, AverageKernel>(node, geometry, placeOf),
            AveragePoolingAdjoint => new PoolingAdjointStep<T, AverageAdjointKernel>(node, geometry, placeOf),
            _ => throw new NotSupportedException($"No step is known for '{node.Operation.Name}'."),
        };
    }
}
