using System.Numerics;
using System.Runtime.CompilerServices;
using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>Indices along an axis, kept as whole numbers in the element type.</summary>
internal static class AxisIndex
{
    /// <summary>Refuses lines so long that the element type cannot tell their indices apart.</summary>
    public static void CheckRange<T>(string operation, Shape shape, int axis)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float) && shape[axis] > 1 << 24)
        {
            throw new ArgumentException($"'{operation}' of the shape {shape}: axis {axis} has {shape[axis]} indices, but float holds only {1 << 24} of them exactly; compile to double.");
        }
    }

    /// <summary>The index that a number stands for, or −1 if it is none below <paramref name="length"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of<T>(T value, int length)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int index = int.CreateSaturating(value);
        return (uint)index < (uint)length && T.CreateTruncating(index) == value ? index : -1;
    }

    /// <summary>What to throw for a number that is no index.</summary>
    /// <param name="operation">The operation's name.</param>
    /// <param name="value">The number.</param>
    /// <param name="indices">Shape of the indices.</param>
    /// <param name="position">Which of them, in row-major order.</param>
    /// <param name="axis">The axis indexed.</param>
    /// <param name="into">The shape indexed.</param>
    public static ArgumentOutOfRangeException OutOfRange(string operation, double value, Shape indices, long position, int axis, Shape into)
    {
        long[] at = new long[indices.Rank];
        for (int a = at.Length - 1; a >= 0; a--)
        {
            (position, at[a]) = Math.DivRem(position, indices[a]);
        }

        return new ArgumentOutOfRangeException(
            nameof(indices), value, $"'{operation}': the index {value} at [{string.Join(", ", at)}] of the indices {indices} is outside axis {axis} of {into}; {(into[axis] == 0 ? "an axis without elements has no index" : $"it must be a whole number from 0 to {into[axis] - 1}")}.");
    }
}
