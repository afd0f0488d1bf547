using System.Numerics;
using Glissade.Numerics;

namespace Glissade.Updates;

/// <summary>Which state holds each parameter that is to be evaluated and kept; θ itself where none does.</summary>
internal sealed class EvaluatedParameters<T>(Layout layout)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly (FlatVector<T> Vector, string Rule)?[] _of = new (FlatVector<T>, string)?[layout.Entries.Length];

    /// <summary>Has a state hold the parameters to which a rule applies, whatever held them before.</summary>
    /// <param name="applies">Whether the rule applies to the parameter of a name.</param>
    /// <param name="vector">The state, of the length of θ; null for θ itself.</param>
    /// <param name="rule">The rule that keeps it.</param>
    public void Set(Predicate<string> applies, FlatVector<T>? vector, string rule)
    {
        for (int i = 0; i < _of.Length; i++)
        {
            if (applies(layout.Entries[i].Name))
            {
                _of[i] = vector is null ? null : (vector, rule);
            }
        }
    }

    /// <summary>The rule whose state holds one of the parameters to which another rule applies, and that parameter's name; null where θ itself is evaluated.</summary>
    public (string Rule, string Parameter)? Holder(Predicate<string> applies)
    {
        for (int i = 0; i < _of.Length; i++)
        {
            if (_of[i] is { } held && applies(layout.Entries[i].Name))
            {
                return (held.Rule, layout.Entries[i].Name);
            }
        }

        return null;
    }

    /// <summary>Writes what the states hold over a copy of θ.</summary>
    public void CopyTo(Span<T> parameters)
    {
        for (int i = 0; i < _of.Length; i++)
        {
            if (_of[i] is { Vector: { } vector })
            {
                Piece(vector.Span, i).CopyTo(Piece(parameters, i));
            }
        }
    }

    /// <summary>Exchanges θ with what the states hold.</summary>
    public void Swap(Span<T> parameters)
    {
        for (int i = 0; i < _of.Length; i++)
        {
            if (_of[i] is { Vector: { } vector })
            {
                Span<T> own = Piece(parameters, i), held = Piece(vector.Span, i);
                for (int j = 0; j < own.Length; j++)
                {
                    (own[j], held[j]) = (held[j], own[j]);
                }
            }
        }
    }

    private Span<T> Piece(Span<T> vector, int entry) => vector.Slice(layout.Entries[entry].Offset, layout.Entries[entry].Length);
}
