using System.Collections.Immutable;

namespace Glissade.Numerics;

/// <summary>The lengths of a tensor's axes, slowest axis first. A scalar has no axes.</summary>
/// <remarks>Immutable and compared by value; free to share between threads.</remarks>
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>The greatest number of axes: 64, as many as NumPy has.</summary>
    public const int MostAxes = 64;

    private readonly int[]? _lengths;

    /// <summary>A shape with the given axis lengths.</summary>
    /// <param name="lengths">Length of each axis, each zero or more; at most <see cref="MostAxes"/> of them.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are too many axes, a length is negative, or the number of elements exceeds <see cref="int.MaxValue"/>, where lengths of 0 count as 1.</exception>
    public Shape(params ReadOnlySpan<int> lengths)
    {
        if (lengths.Length > MostAxes)
        {
            throw new ArgumentOutOfRangeException(nameof(lengths), lengths.Length, $"The shape {Text(lengths)} has {lengths.Length} axes, but a shape has at most {MostAxes}.");
        }

        // A length of 0 excuses no product of the others that is beyond counting: steps multiply some of the lengths only.
        long product = 1;
        bool isEmpty = false;
        foreach (int length in lengths)
        {
            if (length < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(lengths), length, $"An axis length must be 0 or more, but one of {Text(lengths)} is {length}.");
            }

            isEmpty |= length == 0;
            product *= Math.Max(1, length);
            if (product > int.MaxValue)
            {
                throw new ArgumentOutOfRangeException(nameof(lengths), product, $"The shape {Text(lengths)} has more than {int.MaxValue} elements{(lengths.Contains(0) ? ", lengths of 0 left out" : "")}.");
            }
        }

        _lengths = lengths.ToArray();
        Count = isEmpty ? 0 : (int)product;
    }

    /// <summary>The shape of a single number.</summary>
    public static Shape Scalar { get; } = new([]);

    /// <summary>Number of axes.</summary>
    public int Rank => _lengths?.Length ?? 0;

    /// <summary>Number of elements: the product of the lengths; 1 for a scalar.</summary>
    public int Count { get => _lengths is null ? 1 : field; }

    /// <summary>The axis lengths.</summary>
    public ReadOnlySpan<int> Lengths => _lengths;

    /// <summary>Length of an axis; negative indices count from the last axis.</summary>
    /// <param name="axis">Axis from −<see cref="Rank"/> to <see cref="Rank"/>−1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public int this[int axis] => Lengths[Axis(axis)];

    /// <summary>The axis counted from the first, for an axis that may be counted from the last.</summary>
    /// <param name="axis">Axis from −<see cref="Rank"/> to <see cref="Rank"/>−1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public int Axis(int axis)
    {
        int index = axis < 0 ? axis + Rank : axis;
        return (uint)index < (uint)Rank
            ? index
            : throw new ArgumentOutOfRangeException(nameof(axis), axis, $"The shape {this} has {Rank} axes, so an axis must be from {-Rank} to {Rank - 1}, not {axis}.");
    }

    /// <inheritdoc/>
    public bool Equals(Shape other) => Lengths.SequenceEqual(other.Lengths);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (int length in Lengths)
        {
            hash.Add(length);
        }

        return hash.ToHashCode();
    }

    /// <summary>Equal lengths in equal order.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Different lengths or ranks.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>The lengths in brackets, as in <c>[64, 10]</c>.</summary>
    public override string ToString() => Text(Lengths);

    private static string Text(ReadOnlySpan<int> lengths) => $"[{string.Join(", ", ImmutableArray.Create(lengths))}]";
}
