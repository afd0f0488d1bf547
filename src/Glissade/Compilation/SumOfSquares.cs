using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation;

/// <summary>Σ over all its inputs of the sums of their squares: how long a gradient is that was computed in pieces.</summary>
/// <remarks>One operation for all pieces, so that it is one step however many they are, and products may make their part of it at their end.</remarks>
internal sealed record SumOfSquares : LoweredOperation
{
    public override string Name => "sum-of-squares";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => Shape.Scalar;

    /// <summary>The product that a value is, perhaps in another shape; null for none.</summary>
    public static Tensor? ProductOf(Tensor value)
    {
        while (value.Operation is Reshape)
        {
            value = value.Inputs[0];
        }

        return value.Operation is MatrixMultiply ? value : null;
    }
}
