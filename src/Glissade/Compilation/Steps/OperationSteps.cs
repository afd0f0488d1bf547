using System.Numerics;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;

namespace Glissade.Compilation.Steps;

/// <summary>Makes the step of an operation that is not part of a loop.</summary>
internal static class OperationSteps
{
    public static Step<T> Create<T>(Tensor node, Func<Tensor, Place<T>> placeOf)
        where T : unmanaged, IFloatingPointIeee754<T> => node.Operation switch
        {
            MatrixMultiply m => new MatrixProductStep<T>(node, new MatrixMultiplyFused(m.TransposeLeft, m.TransposeRight, false, false), placeOf),
            MatrixMultiplyFused m => new MatrixProductStep<T>(node, m, placeOf),
            Permute permute => StridedCopyStep<T>.Permute(node, permute, placeOf),
            MaterializedBroadcast => StridedCopyStep<T>.Broadcast(node, placeOf),
            Slice slice => StridedCopyStep<T>.Slice(node, slice, placeOf),
            Pad pad => new PadStep<T>(node, pad, placeOf),
            Concatenate concatenate => new ConcatenateStep<T>(node, concatenate, placeOf),
            OneHot oneHot => new OneHotStep<T>(node, oneHot, placeOf),
            Scan scan => new ScanStep<T>(node, scan, placeOf),
            _ => throw new NotSupportedException($"No step is known for '{node.Operation.Name}'."),
        };
}
