using System.Numerics;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;

namespace Glissade.Updates;

/// <summary>Flat vectors of the length of θ that are one number for all elements of a parameter.</summary>
internal static class LayoutSegments
{
    /// <summary>A number for each parameter that has elements.</summary>
    /// <param name="builder">The program that reads it.</param>
    /// <param name="name">What to call it in listings.</param>
    /// <param name="layout">Names and places of the parameters.</param>
    /// <param name="table">The number of each, to be filled.</param>
    /// <param name="pieces">The parameters, in the order of the table.</param>
    public static Tensor PerPiece<T>(this ProgramBuilder<T> builder, string name, Layout layout, out FlatVector<T> table, out LayoutEntry[] pieces)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        pieces = [.. layout.Entries.Where(e => e.Length > 0)];
        return builder.Segments(name, [.. pieces.Select(e => e.Offset + e.Length)], out table);
    }

    /// <summary>1 for parameters whose names match, or do not if that is asked for, 0 for the others.</summary>
    public static Tensor Mask<T>(this ProgramBuilder<T> builder, string name, Layout layout, NamePatterns patterns, bool matching)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor mask = builder.PerPiece(name, layout, out FlatVector<T> table, out LayoutEntry[] pieces);
        for (int i = 0; i < pieces.Length; i++)
        {
            table[i] = patterns.Matches(pieces[i].Name) == matching ? T.One : T.Zero;
        }

        return mask;
    }
}
