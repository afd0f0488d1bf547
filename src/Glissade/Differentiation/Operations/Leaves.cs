using Glissade.Numerics;

namespace Glissade.Differentiation.Operations;

/// <summary>A node without inputs.</summary>
internal abstract record Leaf : Operation
{
    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) => [];

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents) => null;

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped) => node;
}

/// <summary>A value given at run time. <paramref name="Index"/> keeps two inputs of the same name and shape apart.</summary>
internal sealed record Input(string Label, int Index, Shape Shape) : Leaf
{
    public override string Name => Label;

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => Shape;
}

/// <summary>A flat vector that is constant on each of consecutive segments: one number a segment is given at run time.</summary>
/// <param name="Label">Name of the table of numbers.</param>
/// <param name="Index">Keeps two of them apart.</param>
/// <param name="Ends">Exclusive end of each segment; the last is the length, which without segments is 0.</param>
internal sealed record SegmentInput(string Label, int Index, IntegerSequence Ends) : Leaf
{
    public override string Name => Label;

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => new(Ends.Length == 0 ? 0 : Ends[^1]);
}

/// <summary>A number.</summary>
internal sealed record Constant(double Value) : Leaf
{
    public override string Name => "constant";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => Shape.Scalar;

    /// <summary>By bits, so that −0 and 0 stay apart and NaN equals itself.</summary>
    public bool Equals(Constant? other) => other is not null && BitConverter.DoubleToInt64Bits(Value) == BitConverter.DoubleToInt64Bits(other.Value);

    public override int GetHashCode() => BitConverter.DoubleToInt64Bits(Value).GetHashCode();
}

/// <summary>Given numbers; two arrays are equal only if they are the same object.</summary>
internal record ArrayConstant(double[] Values, Shape Shape) : Leaf
{
    public override string Name => "array";

    public sealed override Shape ShapeOf(ReadOnlySpan<Tensor> inputs) => Shape;
}

/// <summary>The whole numbers from 0 to <paramref name="Count"/>−1.</summary>
internal sealed record RangeConstant(int Count) : ArrayConstant([.. Enumerable.Range(0, Count)], new Shape(Count))
{
    public override string Name => "range";

    public bool Equals(RangeConstant? other) => other is not null && Count == other.Count;

    public override int GetHashCode() => Count;
}
