using System.Collections.Immutable;

namespace Glissade.Numerics;

/// <summary>One named piece of a flat vector.</summary>
/// <param name="Name">Its name, such as <c>dense1.weight</c>; unique in the layout.</param>
/// <param name="Shape">Its axes; elements stand in row-major order.</param>
/// <param name="Offset">Index of its first element in the flat vector.</param>
public sealed record LayoutEntry(string Name, Shape Shape, int Offset)
{
    /// <summary>Number of elements.</summary>
    public int Length => Shape.Count;
}

/// <summary>What stands where in a flat vector: names, shapes and offsets, without gaps.</summary>
/// <remarks>Immutable; free to share between threads.</remarks>
public sealed class Layout
{
    private readonly Dictionary<string, LayoutEntry> _byName = new(StringComparer.Ordinal);

    /// <summary>A layout of the given pieces, one after another.</summary>
    /// <param name="pieces">Name and shape of each piece, in order.</param>
    /// <exception cref="ArgumentException">Two pieces have the same name, a name is empty, or the pieces have 2³¹ elements or more together.</exception>
    public Layout(params IEnumerable<(string Name, Shape Shape)> pieces)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        var entries = ImmutableArray.CreateBuilder<LayoutEntry>();
        int offset = 0;
        foreach ((string name, Shape shape) in pieces)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(name, nameof(pieces));
            var entry = new LayoutEntry(name, shape, offset);
            if (!_byName.TryAdd(name, entry))
            {
                throw new ArgumentException($"Two pieces of the layout are called '{name}'; names must be unique.", nameof(pieces));
            }

            entries.Add(entry);
            if (offset > int.MaxValue - entry.Length)
            {
                throw new ArgumentException($"The pieces up to '{name}' {shape} have {(long)offset + entry.Length} elements together; a layout can have at most {int.MaxValue}.", nameof(pieces));
            }

            offset += entry.Length;
        }

        Entries = entries.ToImmutable();
        Length = offset;
    }

    /// <summary>The pieces, in the order of their offsets.</summary>
    public ImmutableArray<LayoutEntry> Entries { get; }

    /// <summary>Length of the flat vector.</summary>
    public int Length { get; }

    /// <summary>The piece of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message lists the names there are.</exception>
    public LayoutEntry this[string name] => _byName.TryGetValue(name, out LayoutEntry? entry)
        ? entry
        : throw new KeyNotFoundException($"The layout has no piece '{name}'; it has {string.Join(", ", Entries.Select(e => e.Name))}.");

    /// <summary>A layout of one unnamed vector, for functions of a plain vector.</summary>
    /// <param name="length">Number of elements.</param>
    public static Layout OfVector(int length) => new(("x", new Shape(length)));
}
