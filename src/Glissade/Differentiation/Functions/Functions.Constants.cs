using Glissade.Differentiation.Operations;
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
    /// <remarks>To compile more than 2²⁴ of them to float is an <see cref="ArgumentException"/>: some would be the same.</remarks>
    /// <param name="beside">Any tensor of the function.</param>
    /// <param name="count">How many, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static Tensor Range(Tensor beside, int count)
    {
        ArgumentNullException.ThrowIfNull(beside);
        return count >= 0
            ? beside.Trace.Add(new RangeConstant(count))
            : throw new ArgumentOutOfRangeException(nameof(count), count, $"The count of 'range' must be 0 or more, not {count}.");
    }

    /// <summary>The matrix with 1 on its diagonal and 0 elsewhere.</summary>
    /// <param name="beside">Any tensor of the function.</param>
    /// <param name="size">Rows and columns, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is negative.</exception>
    /// <exception cref="ArgumentException">The matrix would be too large for a shape.</exception>
    public static Tensor IdentityMatrix(Tensor beside, int size)
    {
        ArgumentNullException.ThrowIfNull(beside);
        if (size < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(size), size, $"The size of 'identity-matrix' must be 0 or more, not {size}.");
        }

        _ = Operation.Result("identity-matrix", [new Shape(size)], [size, size]);
        return OneHot(Range(beside, size), size);
    }
}
