using System.Numerics;

namespace Glissade.Numerics;

/// <summary>What is applied to each element of a matrix product after its sum.</summary>
internal enum MatrixProductActivation
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>max(x, 0); NaN and −0 stay what they are.</summary>
    Relu,
}

/// <summary>
/// How a matrix product ends: C = activation((C +) A·B + bias), or C = (C +) A·B where a mask is positive and 0 elsewhere, the columns of which are summed, or
/// C = (C +) A·B with the squares of its columns summed.
/// </summary>
/// <remarks>The default value stores the plain product. A mask and sums of squares go with nothing else, a mask with two rows at least.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
internal readonly unsafe struct MatrixProductEpilogue<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>One number for each column of C, added once after the whole sum over k; null for none.</summary>
    public T* Bias { get; init; }

    /// <summary>Applied last.</summary>
    public MatrixProductActivation Activation { get; init; }

    /// <summary>Whether the product is added to what C holds, rather than replacing it.</summary>
    public bool Accumulate { get; init; }

    /// <summary>As many elements as C, in the same order; C is 0 where they are not positive. Null for none.</summary>
    public T* Mask { get; init; }

    /// <summary>With a mask: one number for each column, to which the column of C is added row after row; null for none.</summary>
    public T* ColumnSums { get; init; }

    /// <summary>For each range of <see cref="SquaredRows"/> rows as many numbers as C has columns, to which the squares of the columns are added row after row; null for none.</summary>
    public T* ColumnSquares { get; init; }

    /// <summary>With sums of squares: the rows of a range, a multiple of 12 where there is more than one; the last range may have fewer.</summary>
    public int SquaredRows { get; init; }
}
