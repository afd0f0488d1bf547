using Glissade.Numerics;

namespace Glissade.Differentiation.Operations;

/// <summary>The first numbers of the stream of each index.</summary>
/// <param name="Normal">From a normal distribution, not uniform.</param>
/// <param name="Seed">Seed of the streams.</param>
/// <param name="Purpose">Purpose of the streams.</param>
/// <param name="Shape">Shape of the numbers of one index.</param>
/// <param name="First">Low bound, or mean.</param>
/// <param name="Second">High bound, or standard deviation.</param>
internal sealed record RandomDraw(bool Normal, ulong Seed, string Purpose, Shape Shape, double First, double Second) : Operation
{
    public override string Name => Normal ? "random-normal" : "random-uniform";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => Result(Name, [inputs[0].Shape, Shape], [.. inputs[0].Shape.Lengths, .. Shape.Lengths]);

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) => [null];

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) => null;

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped) => Functions.Node(this, inputs);
}
