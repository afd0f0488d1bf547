using Glissade.Differentiation;
using Glissade.Differentiation.Operations;

namespace Glissade.Compilation.Storage;

/// <summary>Decides which results of loops are kept in 16 bits: those that are exact in them and read only by steps that know how.</summary>
/// <remarks>
/// Loops expand such a value block by block into their scratch and matrix products part by part as they pack their operands, so it never stands
/// anywhere as floats. Any other reader, such as a permutation or a slice, keeps the value as floats.
/// </remarks>
internal sealed class Compactness
{
    /// <summary>Elements below which nothing is gained.</summary>
    private const int LeastElements = 64;

    private readonly Dictionary<Tensor, StorageFormat> _formats = [];

    private Compactness()
    {
    }

    /// <summary>Nothing is kept in 16 bits.</summary>
    public static Compactness None { get; } = new();

    /// <summary>Decides for the loops of a program.</summary>
    /// <param name="nodes">Inputs before users.</param>
    /// <param name="groups">The steps to be.</param>
    public static Compactness Of(Tensor[] nodes, IReadOnlyList<Group> groups)
    {
        if (!Array.Exists(nodes, n => n.Operation is IRounding))
        {
            return None;
        }

        var formats = new StoredFormats(nodes);
        var compactness = new Compactness();
        foreach (Tensor value in groups.Where(g => g.Iteration is not null).SelectMany(g => g.Members))
        {
            if (value.Operation is not Reduce && value.Shape.Count >= LeastElements && formats.Of(value) is { } format)
            {
                compactness._formats.Add(value, format);
            }
        }

        foreach (Group group in groups.Where(g => g.Iteration is not null || !Fusion.IsView(g.Members[0])))
        {
            foreach (Tensor reader in group.Members)
            {
                for (int i = 0; i < reader.Inputs.Length; i++)
                {
                    if (!Knows(group, reader, i))
                    {
                        compactness._formats.Remove(Viewed(reader.Inputs[i]));
                    }
                }
            }
        }

        // A view by a reshaping begins where the value begins; one by a slice may begin between two elements.
        foreach (Tensor slice in nodes.Where(n => n.Operation is Slice && Fusion.IsView(n)))
        {
            compactness._formats.Remove(Viewed(slice));
        }

        return compactness;
    }

    /// <summary>The format in which a value is to be kept; null for floats.</summary>
    public StorageFormat? FormatOf(Tensor value) => _formats.TryGetValue(value, out StorageFormat format) ? format : null;

    /// <summary>Elements of four bytes for so many numbers of two.</summary>
    public static int Room(int count) => (count + 1) / 2;

    private static bool Knows(Group group, Tensor reader, int input) => reader.Operation switch
    {
        MatrixMultiply or MatrixMultiplyFused => input < 2,
        _ => group.Iteration is { } iteration && reader.Inputs[input].Shape.Count == iteration.Count,
    };

    private static Tensor Viewed(Tensor value)
    {
        while (Fusion.IsView(value))
        {
            value = value.Inputs[0];
        }

        return value;
    }
}
