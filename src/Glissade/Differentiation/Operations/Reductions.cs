using Glissade.Numerics;

namespace Glissade.Differentiation.Operations;

/// <summary>How a reduction combines elements.</summary>
internal enum ReductionKind
{
    /// <summary>Their sum; 0 of none.</summary>
    Sum,

    /// <summary>The greatest, NaN if any is; −∞ of none.</summary>
    Max,
}

/// <summary>Combines the elements along the first axes or along the last axes, which disappear; other axes are first moved there by <see cref="Functions"/>.</summary>
/// <param name="Kind">How.</param>
/// <param name="Leading">The first <paramref name="Axes"/> axes, not the last.</param>
/// <param name="Axes">How many axes.</param>
internal sealed record Reduce(ReductionKind Kind, bool Leading, int Axes) : Operation
{
    public override string Name => Kind == ReductionKind.Sum ? "sum" : "max";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs)
    {
        ReadOnlySpan<int> lengths = inputs[0].Shape.Lengths;
        return new Shape(Leading ? lengths[Axes..] : lengths[..^Axes]);
    }

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint)
    {
        Tensor x = node.Inputs[0];
        Tensor spread = Spread(adjoint, x.Shape);
        return [Kind == ReductionKind.Sum ? spread : spread * Shares(node)];
    }

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents)
    {
        Tensor tangent = tangents[0]!;
        return node.Trace.Add(new Reduce(ReductionKind.Sum, Leading, Axes), Kind == ReductionKind.Sum ? tangent : tangent * Shares(node));
    }

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped) =>
        Functions.Reduction(Kind, inputs[0], [.. Enumerable.Range(Leading ? 1 : inputs[0].Shape.Rank - Axes, Axes)]);

    /// <summary>What part of the greatest value each element is: ties share equally, so that the result does not depend on the order of the elements.</summary>
    private Tensor Shares(Tensor node)
    {
        Tensor x = node.Inputs[0];
        Tensor ties = Functions.EqualTo(x, Spread(node, x.Shape));
        Tensor count = x.Trace.Add(new Reduce(ReductionKind.Sum, Leading, Axes), ties);
        return ties / Spread(count, x.Shape);
    }

    /// <summary>A reduced value over the shape it was reduced from.</summary>
    private Tensor Spread(Tensor reduced, Shape shape)
    {
        Span<int> kept = shape.Lengths.ToArray();
        (Leading ? kept[..Axes] : kept[^Axes..]).Fill(1);
        return Functions.BroadcastTo(Functions.Reshape(reduced, new Shape(kept)), shape);
    }
}
