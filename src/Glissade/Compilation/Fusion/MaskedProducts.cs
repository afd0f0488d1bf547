using Glissade.Compilation.Loops;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics.Elementwise;

namespace Glissade.Compilation;

/// <summary>Makes a loop that only ends a matrix product the end of that product: the gradient through a rectifier, and with it the sums of its columns.</summary>
/// <remarks>
/// The loop is <c>select(y &gt; 0, A·B, 0)</c> and perhaps its sum over rows, the gradient of a bias. At the end of a tile it costs next to nothing, while a loop
/// of its own reads and writes the whole product again. Only products that one thread makes in one go qualify, and only where the loop would sum row after row,
/// so that the bits are the same.
/// </remarks>
internal static class MaskedProducts
{
    /// <summary>The groups, those of such products joined with their loops.</summary>
    /// <param name="nodes">Inputs before users.</param>
    /// <param name="groups">In an order in which they can run.</param>
    /// <param name="outputs">The values that are asked for.</param>
    /// <param name="isWhole">Whether a product of these rows, columns and terms is made in one go.</param>
    public static List<Group> Join(Tensor[] nodes, List<Group> groups, IReadOnlyList<Tensor> outputs, Func<int, int, int, bool> isWhole)
    {
        // What is kept in 16 bits is read and written by loops.
        if (Array.Exists(nodes, n => n.Operation is IRounding))
        {
            return groups;
        }

        Dictionary<Tensor, int>? uses = null;
        var groupOf = new Dictionary<Tensor, Group>();
        var gone = new HashSet<Group>();
        foreach (Group group in groups)
        {
            groupOf[group.Members[0]] = group;
            if (group.Iteration is { Rank: 2 } shape && shape[0] > 1 && shape[1] >= ColumnTotals<float>.LeastColumnsAlone && shape.Count <= BlockedLoop<float>.ChunkElements
                && Find(group) is { } end)
            {
                uses ??= Graph.UseCounts(outputs);
                Tensor product = end.Value.Inputs[1];
                bool isTransposed = product.Operation is MatrixMultiply { TransposeLeft: true };
                if (uses[product] == 1 && uses[end.Value.Inputs[0]] == 1 && uses[end.Value] > (end.Sums is null ? 0 : 1)
                    && groupOf.TryGetValue(product, out Group? made) && made.Stage == group.Stage
                    && isWhole(shape[0], shape[1], product.Inputs[0].Shape[isTransposed ? 0 : 1]))
                {
                    gone.Add(made);
                    group.Members.Insert(0, product);
                    group.MaskedEnd = end;
                }
            }
        }

        return gone.Count == 0 ? groups : [.. groups.Where(g => !gone.Contains(g))];
    }

    /// <summary>The end that a loop is, if it is nothing else.</summary>
    private static MaskedEnd? Find(Group group)
    {
        if (group.Members.Count is not (2 or 3)
            || group.Members.Find(m => m.Operation is Select) is not { } value
            || value.Inputs is not [{ Operation: Greater } mask, { Operation: MatrixMultiply } product, { Operation: Constant { Value: 0 } }]
            || !group.Members.Contains(mask) || mask.Inputs is not [var rectified, { Operation: Constant { Value: 0 } }]
            || product.Shape != group.Iteration || rectified.Shape != group.Iteration || value.Shape != group.Iteration)
        {
            return null;
        }

        Tensor? sums = group.Members.Find(m => m != value && m != mask);
        return sums is null ? new MaskedEnd(value, rectified, null)
            : sums is { Operation: Reduce { Kind: ReductionKind.Sum, Leading: true, Axes: 1 } } && sums.Inputs[0] == value ? new MaskedEnd(value, rectified, sums)
            : null;
    }
}

/// <summary>How a product ends that a loop was joined with.</summary>
/// <param name="Value">The product where <paramref name="Mask"/> is positive, else 0.</param>
/// <param name="Mask">A value of the shape of the product.</param>
/// <param name="Sums">The sums of the columns of the value; null where nobody wants them.</param>
internal sealed record MaskedEnd(Tensor Value, Tensor Mask, Tensor? Sums);
