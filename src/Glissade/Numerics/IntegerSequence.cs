namespace Glissade.Numerics;

/// <summary>Whole numbers in order, equal by value: what an operation may carry and still be compared.</summary>
internal readonly struct IntegerSequence(ReadOnlySpan<int> values) : IEquatable<IntegerSequence>
{
    private readonly int[] _values = values.ToArray();

    public int Length => _values.Length;

    public int this[Index index] => _values[index];

    public int[] ToArray() => [.. _values];

    public bool Equals(IntegerSequence other) => _values.AsSpan().SequenceEqual(other._values);

    public override bool Equals(object? obj) => obj is IntegerSequence other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (int value in _values)
        {
            hash.Add(value);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => $"[{string.Join(", ", _values)}]";
}
