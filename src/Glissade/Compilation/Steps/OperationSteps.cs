using System.Numerics;
using Glissade.Compilation.Rewriting;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;

namespace Glissade.Compilation.Steps;

/// <summary>Makes the step of an operation that is not part of a loop.</summary>
internal static class OperationSteps
{
    public static Step<T> Create<T>(Tensor node, CompilerPasses passes, Func<Tensor, Place<T>> placeOf)
        where T : unmanaged, IFloatingPointIeee754<T> => node.Operation switch
        {
            MatrixMultiply m => new MatrixProductStep<T>(node, MatrixProductStep<T>.Plain(m), placeOf),
            MatrixMultiplyFused m => new MatrixProductStep<T>(node, m, placeOf),
            Permute permute => StridedCopyStep<T>.Permute(node, permute, placeOf),
            MaterializedBroadcast => StridedCopyStep<T>.Broadcast(node, placeOf),
            Slice slice => StridedCopyStep<T>.Slice(node, slice, placeOf),
            Flip flip => StridedCopyStep<T>.Flip(node, flip, placeOf),
            Pad pad => new PadStep<T>(node, pad, placeOf),
            Concatenate concatenate => new ConcatenateStep<T>(node, concatenate, placeOf),
            OneHot oneHot => new OneHotStep<T>(node, oneHot, placeOf),
            Scan scan => new ScanStep<T>(node, scan, passes, placeOf),
            CumulativeSum sum => new CumulativeSumStep<T>(node, sum, placeOf),
            ArgExtreme extreme => new ArgExtremeStep<T>(node, extreme, placeOf),
            ArgSort sort => new ArgSortStep<T>(node, sort, placeOf),
            TakeAlongAxis take => new TakeAlongAxisStep<T>(node, take, placeOf),
            ScatterAddAlongAxis scatter => new ScatterAddAlongAxisStep<T>(node, scatter, placeOf),
            Gather gather => new GatherStep<T>(node, gather, placeOf),
            ScatterAdd scatter => new ScatterAddStep<T>(node, scatter, placeOf),
            CholeskyFactor => new CholeskyStep<T>(node, placeOf),
            TriangularSolve solve => new TriangularSolveStep<T>(node, solve, placeOf),
            Triangle triangle => new TriangleStep<T>(node, triangle, placeOf),
            PoolingOperation or MaximumPoolingAdjointMasked => PoolingSteps.Create(node, placeOf),
            Convolve c => ConvolutionSteps.Create(node, false, c.Geometry, c.Groups, false, false, placeOf),
            ConvolveFused c => ConvolutionSteps.Create(node, false, c.Geometry, c.Groups, c.Bias, c.Rectify, placeOf),
            ConvolveTransposed c => ConvolutionSteps.Create(node, true, c.Geometry, c.Groups, false, false, placeOf),
            ConvolveKernel c => new ConvolutionKernelStep<T>(node, c.Geometry, c.Groups, placeOf),
            RandomDraw draw => new RandomStep<T>(node, draw, placeOf),
            _ => throw new NotSupportedException($"No step is known for '{node.Operation.Name}'."),
        };
}
