using Glissade.Numerics;

namespace Glissade.Differentiation.Operations;

/// <summary>Numbers of windows from those of images [..., spatial..., channels], or the way back; each channel by itself, and linear in the last tensor but for the maximum itself.</summary>
/// <param name="Geometry">Where the windows lie.</param>
internal abstract record PoolingOperation(WindowGeometry Geometry) : Operation
{
    public sealed override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped)
    {
        // Axes before the spatial ones are many images anyway.
        int batch = BatchOf(inputs, mapped);
        return Functions.Node(this, [.. inputs.Select((x, i) => WithBatch(x, mapped[i], batch))]);
    }

    /// <summary>Nothing by x: where the greatest elements are changes at single points alone.</summary>
    protected Tensor? TangentOfSecond(Tensor node, Tensor?[] tangents) => tangents[1] is { } tangent ? Functions.Node(this, node.Inputs[0], tangent) : null;
}

/// <summary>The greatest element of each window of x; elements beside the image are left out. NaN if any is, −∞ of none.</summary>
/// <param name="Geometry">Where the windows lie.</param>
internal sealed record MaximumPooling(WindowGeometry Geometry) : PoolingOperation(Geometry)
{
    public override string Name => "maximum-pooling";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => Geometry.ResultOf(inputs[0].Shape);

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) => [Functions.Node(new MaximumPoolingAdjoint(Geometry), node.Inputs[0], adjoint)];

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) => Functions.Node(new MaximumPoolingTangent(Geometry), node.Inputs[0], tangents[0]!);
}

/// <summary>The mean, over the elements of each window of x that are its greatest, of what stands in their places in a second tensor like x.</summary>
/// <remarks>The transpose, by the second tensor, of <see cref="MaximumPoolingAdjoint"/>; so the two are each other's derivatives to any order.</remarks>
/// <param name="Geometry">Where the windows lie.</param>
internal sealed record MaximumPoolingTangent(WindowGeometry Geometry) : PoolingOperation(Geometry)
{
    public override string Name => "maximum-pooling-tangent";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => Geometry.ResultOf(inputs[0].Shape);

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) => [null, Functions.Node(new MaximumPoolingAdjoint(Geometry), node.Inputs[0], adjoint)];

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) => TangentOfSecond(node, tangents);
}

/// <summary>Adds each window's number of a second tensor to the elements of the window of x that are its greatest, in equal shares.</summary>
/// <remarks>
/// Equal, so that the result does not depend on the order of the elements. If one element of a window is NaN, none is the greatest, and all get NaN.
/// The greatest is found anew: x must be read in any case, and so nothing is kept for it.
/// </remarks>
/// <param name="Geometry">Where the windows lie.</param>
internal sealed record MaximumPoolingAdjoint(WindowGeometry Geometry) : PoolingOperation(Geometry)
{
    public override string Name => "maximum-pooling-adjoint";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => inputs[0].Shape;

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) => [null, Functions.Node(new MaximumPoolingTangent(Geometry), node.Inputs[0], adjoint)];

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) => TangentOfSecond(node, tangents);
}

/// <summary>The mean of the elements of each window that lie within the image; 0 of none.</summary>
/// <param name="Geometry">Where the windows lie.</param>
internal sealed record AveragePooling(WindowGeometry Geometry) : PoolingOperation(Geometry)
{
    public override string Name => "average-pooling";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => Geometry.ResultOf(inputs[0].Shape);

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) =>
        [Functions.Node(new AveragePoolingAdjoint(Geometry, Geometry.LengthsOf(node.Inputs[0].Shape)), adjoint)];

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) => Functions.Node(this, tangents[0]!);
}

/// <summary>Adds each window's number to its elements in equal shares: the transpose of <see cref="AveragePooling"/>.</summary>
/// <param name="Geometry">Where the windows lie in the result.</param>
/// <param name="Lengths">Lengths of the spatial axes of the result.</param>
internal sealed record AveragePoolingAdjoint(WindowGeometry Geometry, IntegerSequence Lengths) : PoolingOperation(Geometry)
{
    public override string Name => "average-pooling-adjoint";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) =>
        new([.. inputs[0].Shape.Lengths[..^(Geometry.Axes + 1)], .. Lengths.ToArray(), inputs[0].Shape[-1]]);

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) => [Functions.Node(new AveragePooling(Geometry), adjoint)];

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) => Functions.Node(this, tangents[0]!);
}

/// <summary>A <see cref="MaximumPoolingAdjoint"/> where x is positive, else 0: the gradient through a rectifier whose result x is; what the compiler makes of the separate operations.</summary>
/// <param name="Geometry">Where the windows lie.</param>
internal sealed record MaximumPoolingAdjointMasked(WindowGeometry Geometry) : LoweredOperation
{
    public override string Name => "maximum-pooling-adjoint+masked";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => inputs[0].Shape;
}
