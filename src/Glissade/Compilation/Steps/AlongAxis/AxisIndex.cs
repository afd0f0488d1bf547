using System.Numerics;
using System.Runtime.CompilerServices;
using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>Indices along an axis, kept as whole numbers in the element type.</summary>
internal static class AxisIndex
{
    /// <summary>Refuses lines so long that the element type cannot tell their indices apart.</summary>
    /// <param name="operation">The operation's name.</param>
    /// <param name="shape">The shape that holds the lines.</param>
    /// <param name="axis">The first axis along which they lie.</param>
    /// <param name="axes">How many axes a line has.</param>
    public static void CheckRange<T>(string operation, Shape shape, int axis, int axes = 1)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int count = new Shape(shape.Lengths.Slice(axis, axes)).Count;
        if (typeof(T) == typeof(float) && count > 1 << 24)
        {
            string which = axes == 1 ? $"axis {axis} has" : $"axes {axis} to {axis + axes - 1} have";
            throw new ArgumentException($"'{operation}' of the shape {shape}: {which} {count} indices, but float holds only {1 << 24} of them exactly; compile to double.");
        }
    }

    /// <summary>The length of an axis, refused where the element type cannot tell its indices apart.</summary>
    public static int LengthOf<T>(string operation, Shape shape, int axis)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckRange<T>(operation, shape, axis);
        return shape[axis];
    }

    /// <summary>The index that a number stands for, or −1 if it is none below <paramref name="length"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of<T>(T value, int length)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int index = int.CreateSaturating(value);
        return (uint)index < (uint)length && T.CreateTruncating(index) == value ? index : -1;
    }

    /// <summary>What to throw for a number that is no index, or where the lines are logits no class.</summary>
    public static ArgumentOutOfRangeException OutOfRange(bool ofClasses, string operation, double value, Shape indices, long position, int axis, Shape into) =>
        ofClasses ? NoClass(value, indices, position, into) : OutOfRange(operation, value, indices, position, axis, into);

    /// <summary>What to throw for a number that is no index.</summary>
    /// <param name="operation">The operation's name.</param>
    /// <param name="value">The number.</param>
    /// <param name="indices">Shape of the indices.</param>
    /// <param name="position">Which of them, in row-major order.</param>
    /// <param name="axis">The axis indexed.</param>
    /// <param name="into">The shape indexed.</param>
    public static ArgumentOutOfRangeException OutOfRange(string operation, double value, Shape indices, long position, int axis, Shape into) =>
        new(
            nameof(indices), value, $"'{operation}': the index {value} at {At(indices, position)} of the indices {indices} is outside axis {axis} of {into}; {(into[axis] == 0 ? "an axis without elements has no index" : $"it must be a whole number from 0 to {into[axis] - 1}")}.");

    /// <summary>What to throw for a number that is no class of a cross-entropy.</summary>
    /// <param name="value">The number.</param>
    /// <param name="classes">Shape of the classes, with an axis of length 1 appended.</param>
    /// <param name="position">Which of them, in row-major order.</param>
    /// <param name="logits">Shape of the logits.</param>
    private static ArgumentOutOfRangeException NoClass(double value, Shape classes, long position, Shape logits)
    {
        classes = new Shape(classes.Lengths[..^1]);
        return new ArgumentOutOfRangeException(
            nameof(classes), value, $"'cross-entropy': the class {value} at {At(classes, position)} of the classes {classes} is none of the logits {logits}; it must be a whole number from 0 to {logits[-1] - 1}.");
    }

    /// <summary>The indices of an element along each axis, as text.</summary>
    private static string At(Shape shape, long position)
    {
        long[] at = new long[shape.Rank];
        for (int a = at.Length - 1; a >= 0; a--)
        {
            (position, at[a]) = Math.DivRem(position, shape[a]);
        }

        return $"[{string.Join(", ", at)}]";
    }
}
