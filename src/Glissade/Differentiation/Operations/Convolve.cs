using Glissade.Numerics;

namespace Glissade.Differentiation.Operations;

/// <summary>Σ x·kernel·y over windows, a function linear in each of three tensors, differentiated by one of them.</summary>
/// <remarks>
/// x [..., spatial..., channels], kernel [kernel..., channels / groups, q], y [..., windows..., q].
/// So the derivatives of each of the three operations are the other two, to any order.
/// </remarks>
/// <param name="Geometry">Where the windows lie in x.</param>
/// <param name="Groups">Parts of the channels, of which each goes with its part of the channels of y.</param>
internal abstract record ConvolutionOperation(WindowGeometry Geometry, int Groups) : Operation
{
    public sealed override Tensor? Tangent(Tensor node, Tensor?[] tangents)
    {
        Tensor? left = tangents[0] is { } first ? Functions.Node(this, first, node.Inputs[1]) : null;
        Tensor? right = tangents[1] is { } second ? Functions.Node(this, node.Inputs[0], second) : null;
        return left is null ? right : right is null ? left : left + right;
    }

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped)
    {
        int batch = BatchOf(inputs, mapped);
        if (batch == 0)
        {
            return Functions.BroadcastTo(node.Trace.Constant(0), new Shape([0, .. node.Shape.Lengths]));
        }

        // One for each index of the batch is one with so many times the groups.
        Tensor all = Functions.Node(this with { Groups = batch * Groups }, IntoChannels(WithBatch(inputs[0], mapped[0], batch)), IntoChannels(WithBatch(inputs[1], mapped[1], batch)));
        return OutOfChannels(all, batch);
    }

    protected Tensor ByX(Tensor y, Tensor kernel, Shape x) => Functions.Node(new ConvolveTransposed(Geometry, Groups, Geometry.LengthsOf(x)), y, kernel);

    protected Tensor ByKernel(Tensor x, Tensor y) => Functions.Node(new ConvolveKernel(Geometry, Groups), x, y);

    protected Tensor ByY(Tensor x, Tensor kernel) => Functions.Node(new Convolve(Geometry, Groups), x, kernel);

    /// <summary>[batch, ..., channels] to [..., batch · channels].</summary>
    private static Tensor IntoChannels(Tensor x)
    {
        int rank = x.Shape.Rank;
        Tensor last = Functions.Transpose(x, [.. Enumerable.Range(1, rank - 2), 0, rank - 1]);
        return Functions.Reshape(last, new Shape([.. x.Shape.Lengths[1..^1], x.Shape[0] * x.Shape[-1]]));
    }

    /// <summary>[..., batch · channels] to [batch, ..., channels].</summary>
    private static Tensor OutOfChannels(Tensor x, int batch)
    {
        int rank = x.Shape.Rank;
        Tensor apart = Functions.Reshape(x, new Shape([.. x.Shape.Lengths[..^1], batch, x.Shape[-1] / batch]));
        return Functions.Transpose(apart, [rank - 1, .. Enumerable.Range(0, rank - 1), rank]);
    }
}

/// <summary>The products of windows with a kernel: x and the kernel to y.</summary>
internal sealed record Convolve(WindowGeometry Geometry, int Groups) : ConvolutionOperation(Geometry, Groups)
{
    public override string Name => "convolution";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) =>
        Result(Name, [inputs[0].Shape, inputs[1].Shape], [.. Geometry.CountsOf(inputs[0].Shape), inputs[1].Shape[-1]]);

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) =>
        [ByX(adjoint, node.Inputs[1], node.Inputs[0].Shape), ByKernel(node.Inputs[0], adjoint)];

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped) =>
        mapped[1] ? base.Vectorize(node, inputs, mapped) : Functions.Node(this, inputs);
}

/// <summary>The transpose of <see cref="Convolve"/> by its x: y and the kernel to x.</summary>
/// <param name="Geometry">Where the windows lie in the result.</param>
/// <param name="Groups">Parts of the channels.</param>
/// <param name="Lengths">Lengths of the spatial axes of the result.</param>
internal sealed record ConvolveTransposed(WindowGeometry Geometry, int Groups, IntegerSequence Lengths) : ConvolutionOperation(Geometry, Groups)
{
    public override string Name => "transposed-convolution";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) =>
        Result(Name, [inputs[0].Shape, inputs[1].Shape], [.. inputs[0].Shape.Lengths[..^(Geometry.Axes + 1)], .. Lengths.ToArray(), (long)inputs[1].Shape[-2] * Groups]);

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) =>
        [ByY(adjoint, node.Inputs[1]), ByKernel(adjoint, node.Inputs[0])];

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped) =>
        mapped[1] ? base.Vectorize(node, inputs, mapped) : Functions.Node(this, inputs);
}

/// <summary>The transpose of <see cref="Convolve"/> by its kernel: x and y to the kernel.</summary>
internal sealed record ConvolveKernel(WindowGeometry Geometry, int Groups) : ConvolutionOperation(Geometry, Groups)
{
    public override string Name => "convolution-by-kernel";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => new([.. Geometry.Kernel.ToArray(), inputs[0].Shape[-1] / Groups, inputs[1].Shape[-1]]);

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) =>
        [ByX(node.Inputs[1], adjoint, node.Inputs[0].Shape), ByY(node.Inputs[0], adjoint)];
}

/// <summary>A <see cref="Convolve"/> with a bias for each channel and a rectifier at its end; what the compiler makes of the separate operations.</summary>
internal sealed record ConvolveFused(WindowGeometry Geometry, int Groups, bool Bias, bool Rectify) : LoweredOperation
{
    public override string Name => "convolution" + (Bias ? "+bias" : "") + (Rectify ? "+relu" : "");

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => new Convolve(Geometry, Groups).ShapeOf(inputs[..2]);
}
