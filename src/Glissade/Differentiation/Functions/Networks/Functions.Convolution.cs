using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Differentiation;

public static partial class Functions
{
    /// <summary>Convolution along one axis, as networks mean it: the kernel is not reversed. Channels come last.</summary>
    /// <remarks>
    /// y[..., o, q] = Σₖ Σ_c x[..., o·stride − before + k·dilation, c]·kernel[k, c, q], with zeros outside of x. The windows are multiplied
    /// where they stand in x, without a copy; a kernel of length 1 with a stride of 1 is a product of matrices.
    /// With groups, each of so many equal parts of the channels of x gives its part of the channels of the result.
    /// </remarks>
    /// <param name="x">[..., length, channels].</param>
    /// <param name="kernel">[kernel length, channels / groups, channels of the result].</param>
    /// <param name="strides">From one window to the next, one or more; none means 1.</param>
    /// <param name="padding">How far windows may reach beyond the ends; null means <see cref="WindowPadding.Valid"/>.</param>
    /// <param name="dilations">From one element of a window to the next, one or more; none means 1.</param>
    /// <param name="groups">Number of parts, one or more, which divides the channels of x and those of the result.</param>
    /// <returns>[..., windows, channels of the result].</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, a number is out of range, or the kernel is longer than the padded axis.</exception>
    public static Tensor Convolution1D(
        Tensor x, Tensor kernel, ReadOnlySpan<int> strides = default, WindowPadding? padding = null, ReadOnlySpan<int> dilations = default, int groups = 1) =>
        Convolution("convolution-1d", 1, x, kernel, strides, padding, dilations, groups);

    /// <summary>Convolution along two axes, as networks mean it: the kernel is not reversed. Channels come last.</summary>
    /// <remarks>The sum of <see cref="Convolution1D"/> over windows of rows and columns.</remarks>
    /// <param name="x">[..., height, width, channels].</param>
    /// <param name="kernel">[kernel height, kernel width, channels / groups, channels of the result].</param>
    /// <param name="strides">From one window to the next: of height and width, or one for both, each one or more; none means 1.</param>
    /// <param name="padding">How far windows may reach beyond the ends; null means <see cref="WindowPadding.Valid"/>.</param>
    /// <param name="dilations">From one element of a window to the next: of height and width, or one for both, each one or more; none means 1.</param>
    /// <param name="groups">Number of parts, one or more, which divides the channels of x and those of the result.</param>
    /// <returns>[..., rows of windows, columns of windows, channels of the result].</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, a number is out of range, or the kernel is longer than a padded axis.</exception>
    public static Tensor Convolution2D(
        Tensor x, Tensor kernel, ReadOnlySpan<int> strides = default, WindowPadding? padding = null, ReadOnlySpan<int> dilations = default, int groups = 1) =>
        Convolution("convolution-2d", 2, x, kernel, strides, padding, dilations, groups);

    /// <summary>The transpose of <see cref="Convolution1D"/> by its x: every element of x adds a multiple of the kernel to the result.</summary>
    /// <param name="x">[..., length, channels].</param>
    /// <param name="kernel">[kernel length, channels of the result, channels]: that of the convolution from the result to x.</param>
    /// <param name="strides">From one kernel to the next in the result, one or more; none means 1.</param>
    /// <param name="padding">Elements cut from the ends of the result; null means none, <see cref="WindowPadding.Same"/> as many as leave length·stride.</param>
    /// <param name="dilations">From one element of the kernel to the next, one or more; none means 1.</param>
    /// <returns>[..., (length − 1)·stride + reach of the kernel − padding, channels of the result]; of no elements, where only <see cref="WindowPadding.Same"/> fits, none.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, a number is out of range, or the padding leaves nothing.</exception>
    public static Tensor TransposedConvolution1D(Tensor x, Tensor kernel, ReadOnlySpan<int> strides = default, WindowPadding? padding = null, ReadOnlySpan<int> dilations = default) =>
        TransposedConvolution("transposed-convolution-1d", 1, x, kernel, strides, padding, dilations);

    /// <summary>The transpose of <see cref="Convolution2D"/> by its x: every element of x adds a multiple of the kernel to the result.</summary>
    /// <param name="x">[..., height, width, channels].</param>
    /// <param name="kernel">[kernel height, kernel width, channels of the result, channels]: that of the convolution from the result to x.</param>
    /// <param name="strides">From one kernel to the next in the result: of height and width, or one for both; none means 1.</param>
    /// <param name="padding">Elements cut from the ends of the result; null means none, <see cref="WindowPadding.Same"/> as many as leave length·stride.</param>
    /// <param name="dilations">From one element of the kernel to the next: of height and width, or one for both; none means 1.</param>
    /// <returns>[..., height, width, channels of the result], each length as in <see cref="TransposedConvolution1D"/>.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, a number is out of range, or the padding leaves nothing.</exception>
    public static Tensor TransposedConvolution2D(Tensor x, Tensor kernel, ReadOnlySpan<int> strides = default, WindowPadding? padding = null, ReadOnlySpan<int> dilations = default) =>
        TransposedConvolution("transposed-convolution-2d", 2, x, kernel, strides, padding, dilations);

    private static Tensor Convolution(
        string operation, int axes, Tensor x, Tensor kernel, ReadOnlySpan<int> strides, WindowPadding? padding, ReadOnlySpan<int> dilations, int groups)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(kernel);
        if (x.Shape.Rank < axes + 1 || kernel.Shape.Rank != axes + 2 || groups < 1 || (long)kernel.Shape[-2] * groups != x.Shape[-1] || kernel.Shape[-1] % groups != 0)
        {
            throw new ArgumentException(
                $"The shapes {x.Shape} and {kernel.Shape} do not fit '{operation}' with {groups} groups: the first must end with {axes} spatial axes and the channels, the second have the lengths of the kernel, the channels of a group, and those of the result, and the groups divide both channels.");
        }

        WindowGeometry geometry = Geometry(operation, x.Shape, x.Shape, kernel.Shape, axes, strides, padding ?? WindowPadding.Valid, dilations);
        Shape result = Operation.Result(operation, [x.Shape, kernel.Shape], [.. geometry.CountsOf(x.Shape), kernel.Shape[-1]]);
        if (groups > 1 || !IsView(geometry))
        {
            return Node(new Convolve(geometry, groups), x, kernel);
        }

        // Every pixel is a window.
        (int pixels, int outer) = (new Shape(x.Shape.Lengths[..^1]).Count, kernel.Shape[-1]);
        Tensor product = MatrixProduct(Reshape(x, new Shape(pixels, x.Shape[-1])), Reshape(kernel, new Shape(x.Shape[-1], outer)));
        return Reshape(product, result);
    }

    private static Tensor TransposedConvolution(
        string operation, int axes, Tensor x, Tensor kernel, ReadOnlySpan<int> strides, WindowPadding? padding, ReadOnlySpan<int> dilations)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(kernel);
        if (x.Shape.Rank < axes + 1 || kernel.Shape.Rank != axes + 2 || kernel.Shape[-1] != x.Shape[-1])
        {
            throw new ArgumentException(
                $"The shapes {x.Shape} and {kernel.Shape} do not fit '{operation}': the first must end with {axes} spatial axes and the channels, the second have the lengths of the kernel, the channels of the result, and those of the first.");
        }

        if (kernel.Shape.Lengths[..axes].Contains(0))
        {
            throw new ArgumentException($"The shapes {x.Shape} and {kernel.Shape} do not fit '{operation}': the kernel must have one element or more along each spatial axis.");
        }

        padding ??= WindowPadding.Valid;
        if (!padding.IsSame && x.Shape.Lengths[^(axes + 1)..^1].Contains(0))
        {
            throw new ArgumentException($"The shapes {x.Shape} and {kernel.Shape} do not fit '{operation}': every spatial axis of the first must have one element or more, but with the padding 'same', of which no element gives none.");
        }

        int[] lengths = x.Shape.Lengths[^(axes + 1)..^1].ToArray();
        int[] steps = PerAxis(operation, "strides", x.Shape, strides, axes), spread = PerAxis(operation, "dilations", x.Shape, dilations, axes);
        for (int axis = 0; axis < axes; axis++)
        {
            long span = ((kernel.Shape[axis] - 1L) * spread[axis]) + 1;
            (int before, int after) = padding.IsSame || padding.Axes is { } given && given != axes ? (0, 0) : padding.For(axis, 0, 0, steps[axis]);
            long length = padding.IsSame ? (long)lengths[axis] * steps[axis] : ((lengths[axis] - 1L) * steps[axis]) + span - before - after;
            if (span > int.MaxValue || length + before + after > int.MaxValue)
            {
                throw new ArgumentException(
                    $"The shapes {x.Shape} and {kernel.Shape} do not fit '{operation}' with strides [{string.Join(", ", steps)}] and dilations [{string.Join(", ", spread)}]: along spatial axis {axis} the kernel would reach over {span} elements and the result have {length}, and each must be less than 2³¹.");
            }

            lengths[axis] = (int)Math.Max(length, -1);
        }

        Shape result = Array.TrueForAll(lengths, l => l >= 0)
            ? Operation.Result(operation, [x.Shape, kernel.Shape], [.. x.Shape.Lengths[..^(axes + 1)], .. lengths, kernel.Shape[-2]])
            : throw new ArgumentException($"The shapes {x.Shape} and {kernel.Shape} do not fit '{operation}': the padding takes more than the result has.");
        WindowGeometry geometry = Geometry(operation, x.Shape, result, kernel.Shape, axes, strides, padding, dilations);
        return Node(new ConvolveTransposed(geometry, 1, new IntegerSequence(lengths)), x, kernel);
    }

    /// <summary>Whether the windows are the elements themselves, one by one.</summary>
    private static bool IsView(WindowGeometry geometry) =>
        Enumerable.Range(0, geometry.Axes).All(a => geometry.Kernel[a] == 1 && geometry.Strides[a] == 1 && geometry.Before[a] + geometry.After[a] == 0);

    /// <summary>Checks the numbers of an operation with windows, whose lengths are the kernel's first, and works out the padding.</summary>
    /// <param name="operation">Its name, for errors.</param>
    /// <param name="given">The shape that the operation was given, for errors.</param>
    /// <param name="x">The shape in which the windows lie.</param>
    /// <param name="kernel">Lengths of a window, and perhaps more.</param>
    /// <param name="axes">Number of spatial axes.</param>
    /// <param name="strides">None, one, or for each axis.</param>
    /// <param name="padding">As given.</param>
    /// <param name="dilations">None, one, or for each axis.</param>
    private static WindowGeometry Geometry(
        string operation, Shape given, Shape x, Shape kernel, int axes, ReadOnlySpan<int> strides, WindowPadding padding, ReadOnlySpan<int> dilations)
    {
        int[] steps = PerAxis(operation, "strides", given, strides, axes), spread = PerAxis(operation, "dilations", given, dilations, axes);
        if (padding.Axes is { } padded && padded != axes)
        {
            throw new ArgumentException($"'{operation}' of {given} has {axes} spatial axes, but padding is given for {padded}.");
        }

        int[] before = new int[axes], after = new int[axes];
        for (int axis = 0; axis < axes; axis++)
        {
            int length = x[axis - axes - 1];
            long span = ((kernel[axis] - 1L) * spread[axis]) + 1;
            if (kernel[axis] < 1 || span > int.MaxValue)
            {
                throw new ArgumentException($"The kernel {kernel} does not fit '{operation}' of {given} with dilations [{string.Join(", ", spread)}]: it must have one element or more along each axis and reach over less than 2³¹.");
            }

            (before[axis], after[axis]) = padding.For(axis, length, (int)span, steps[axis]);
            long room = (long)length + before[axis] + after[axis];
            if ((room < span && !(padding.IsSame && length == 0)) || room > int.MaxValue)
            {
                throw new ArgumentException($"The kernel {kernel} does not fit '{operation}' of {given}: along spatial axis {axis} it reaches over {span} elements, and there are {room} with padding, of which there must be as many at least, and less than 2³¹.");
            }
        }

        return new WindowGeometry(
            new IntegerSequence(kernel.Lengths[..axes]), new IntegerSequence(steps), new IntegerSequence(spread), new IntegerSequence(before), new IntegerSequence(after));
    }

    /// <summary>A number for each spatial axis, from none, one, or all.</summary>
    private static int[] PerAxis(string operation, string what, Shape x, ReadOnlySpan<int> given, int axes)
    {
        foreach (int number in given)
        {
            if (number < 1)
            {
                throw new ArgumentException($"The {what} of '{operation}' of {x} must be 1 or more, not {number}.");
            }
        }

        return given.Length == axes ? given.ToArray()
            : given.Length <= 1 ? [.. Enumerable.Repeat(given.IsEmpty ? 1 : given[0], axes)]
            : throw new ArgumentException($"'{operation}' of {x} has {axes} spatial axes, but {given.Length} {what} are given.");
    }
}
