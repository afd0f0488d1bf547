using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation;

/// <summary>How a fused loop over rows and columns reads one of its inputs.</summary>
internal enum Access
{
    /// <summary>An element for each row and column, contiguous.</summary>
    Full,

    /// <summary>One number for all.</summary>
    Scalar,

    /// <summary>A number for each row.</summary>
    PerRow,

    /// <summary>A number for each column.</summary>
    PerColumn,

    /// <summary>A number for each segment of a flat vector.</summary>
    Segment,
}

/// <summary>Decides where axes can be split into rows and columns so that every broadcast is by row, by column or of a scalar.</summary>
internal static class Splits
{
    /// <summary>Every split of any shape; of the most axes that a shape may have, there is one more than bits in 64.</summary>
    public static UInt128 Any => UInt128.MaxValue;

    /// <summary>Every split of a shape of so many axes.</summary>
    public static UInt128 All(int rank) => (UInt128.One << (rank + 1)) - 1;

    /// <summary>One split: the first axes, so many, are the rows.</summary>
    public static UInt128 At(int axes) => UInt128.One << axes;

    /// <summary>The splits that suit a value read over an iteration: bit s is set if the first s axes may be the rows.</summary>
    public static UInt128 Of(Tensor value, Shape iteration)
    {
        UInt128 all = All(iteration.Rank);
        if (value.Operation is SegmentInput)
        {
            return At(0);
        }

        if (value.Shape.Count == 1 || Trimmed(value.Shape).SequenceEqual(Trimmed(iteration)))
        {
            return all;
        }

        UInt128 splits = 0;
        for (int split = 0; split <= iteration.Rank; split++)
        {
            if (Matches(value.Shape, iteration, 0, split, ones: true) && Matches(value.Shape, iteration, split, iteration.Rank, ones: false))
            {
                splits |= At(split);
            }
            else if (Matches(value.Shape, iteration, 0, split, ones: false) && Matches(value.Shape, iteration, split, iteration.Rank, ones: true))
            {
                splits |= At(split);
            }
        }

        return splits;
    }

    /// <summary>The access for a split that suits.</summary>
    public static Access Choose(Tensor value, Shape iteration, int split) =>
        value.Operation is SegmentInput ? Access.Segment
        : value.Shape.Count == iteration.Count ? Access.Full
        : value.Shape.Count == 1 ? Access.Scalar
        : Matches(value.Shape, iteration, 0, split, ones: true) ? Access.PerColumn
        : Access.PerRow;

    /// <summary>Whether the value's axes from <paramref name="start"/> to <paramref name="end"/> of the iteration are all 1, or all there.</summary>
    private static bool Matches(Shape value, Shape iteration, int start, int end, bool ones)
    {
        int missing = iteration.Rank - value.Rank;
        for (int axis = start; axis < end; axis++)
        {
            int length = axis < missing ? 1 : value[axis - missing];
            if (length != (ones ? 1 : iteration[axis]))
            {
                return false;
            }
        }

        return true;
    }

    private static ReadOnlySpan<int> Trimmed(Shape shape)
    {
        ReadOnlySpan<int> lengths = shape.Lengths;
        return lengths[lengths.IndexOfAnyExcept(1) is >= 0 and int first ? first.. : lengths.Length..];
    }
}
