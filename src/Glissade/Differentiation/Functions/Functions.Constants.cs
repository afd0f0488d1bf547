using Glissade.Numerics;

namespace Glissade.Differentiation;

public static partial class Functions
{
    /// <summary>A number of the same traced function as a tensor.</summary>
    /// <param name="beside">Any tensor of the function.</param>
    /// <param name="value">The number; rounded to the element type when the function is compiled.</param>
    public static Tensor Constant(Tensor beside, double value)
    {
        ArgumentNullException.ThrowIfNull(beside);
        return beside.Trace.Constant(value);
    }

    /// <summary>Given numbers as a tensor of the same traced function.</summary>
    /// <param name="beside">Any tensor of the function.</param>
    /// <param name="values">The numbers, the last axis fastest; copied.</param>
    /// <param name="shape">Their shape.</param>
    /// <exception cref="ArgumentException">The shape holds another number of elements.</exception>
    public static Tensor Constant(Tensor beside, ReadOnlySpan<double> values, Shape shape)
    {
        ArgumentNullException.ThrowIfNull(beside);
        return beside.Trace.Constant(values, shape);
    }

    /// <summary>The whole numbers 0, 1, …, count − 1.</summary>
    /// <param name="beside">Any tensor of the function.</param>
    /// <param name="count">How many, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static Tensor Range(Tensor beside, int count)
    {
        ArgumentNullException.ThrowIfNull(beside);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return beside.Trace.Constant([.. Enumerable.Range(0, count)], new Shape(count));
    }

    /// <summary>The matrix with 1 on its diagonal and 0 elsewhere.</summary>
    /// <param name="beside">Any tensor of the function.</param>
    /// <param name="size">Rows and columns, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is negative.</exception>
    public static Tensor IdentityMatrix(Tensor beside, int size) => OneHot(Range(beside, size), size);
}
