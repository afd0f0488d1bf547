using System.Numerics;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;

namespace Glissade.Compilation.Steps;

/// <summary>Chooses the way to compute a convolution or a transposed one.</summary>
internal static class ConvolutionSteps
{
    public static Step<T> Create<T>(Tensor node, bool transposed, WindowGeometry geometry, int groups, bool bias, bool rectify, Func<Tensor, Place<T>> placeOf)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        return DepthwiseStep<T>.Takes(node, groups) ? new DepthwiseStep<T>(node, transposed, geometry, groups, bias, rectify, placeOf)
            : NarrowConvolutionStep<T>.Pays(node, transposed, geometry, groups) ? new NarrowConvolutionStep<T>(node, transposed, geometry, groups, bias, rectify, placeOf)
            : new ConvolutionStep<T>(node, transposed, geometry, groups, bias, rectify, placeOf);
    }
}
