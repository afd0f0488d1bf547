using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation.Rewriting;

/// <summary>Fewer operations and fewer copies with the same results, bit for bit; only the sign of a NaN may differ.</summary>
/// <remarks>
/// In IEEE arithmetic a negation is exact and a difference is the sum with the negated operand, so negations move into sums, products and constants.
/// Not exact, and so not done: −x − y as −(x + y) and x·(y + z) as x·y + x·z. A sum over copies is not made a product with their number for the same reason.
/// </remarks>
internal static class Simplification
{
    public static Tensor[] Apply(IReadOnlyList<Tensor> outputs)
    {
        Dictionary<Tensor, int> uses = Graph.UseCounts(outputs);
        var usedOnce = new HashSet<Tensor>();
        return Graph.Rewrite(outputs, (node, inputs) =>
        {
            Tensor result = Again(Lowering.Rebuild(node, inputs));
            if (uses[node] == 1)
            {
                usedOnce.Add(result);
            }

            return result;
        });

        // What one rule gives, another may simplify further; each rule leaves fewer nodes to look through, so this ends.
        Tensor Again(Tensor node)
        {
            while (Once(node, usedOnce) is { } simpler)
            {
                node = simpler;
            }

            return node;
        }
    }

    private static Tensor? Once(Tensor node, HashSet<Tensor> usedOnce) => node.Operation switch
    {
        ElementwiseOperation => Signs(node),
        Permute permute => Transposed(node, permute, usedOnce),
        MatrixMultiply product => Product(node, product),
        Reshape or BroadcastTo or Slice or Concatenate => StructureSimplification.Once(node),
        _ => null,
    };

    private static Tensor? Signs(Tensor node)
    {
        Tensor x = node.Inputs[0], y = node.Inputs.Length > 1 ? node.Inputs[1] : x;
        return node.Operation switch
        {
            Negate when Negated(x) is { } inner => inner,
            Square or Abs when Negated(x) is { } inner => Node(node, node.Operation, inner),
            Add when Negated(y) is { } inner => Node(node, new Subtract(), x, inner),
            Add when Negated(x) is { } inner => Node(node, new Subtract(), y, inner),
            Subtract when Negated(y) is { } inner => Node(node, new Add(), x, inner),
            Multiply or Divide when Negated(x) is { } a && Negated(y) is { } b => Node(node, node.Operation, a, b),
            Multiply or Divide when Negated(x) is { } a && y.Operation is Constant c => Node(node, node.Operation, a, node.Trace.Constant(-c.Value)),
            Multiply or Divide when Negated(y) is { } b && x.Operation is Constant c => Node(node, node.Operation, node.Trace.Constant(-c.Value), b),
            Multiply when x.Operation is Constant { Value: -1 } && y.Shape == node.Shape => Node(node, new Negate(), y),
            Multiply or Divide when y.Operation is Constant { Value: -1 } && x.Shape == node.Shape => Node(node, new Negate(), x),
            FusedMultiplyAdd => Fused(node),
            Select => Chosen(node),
            _ => null,
        };
    }

    private static Tensor? Negated(Tensor x) => x.Operation is Negate ? x.Inputs[0] : null;

    /// <summary>x·y + z where a product by ±1 is none, or two signs are one. To leave out a z of 0 would not be exact: −0 + 0 is 0.</summary>
    private static Tensor? Fused(Tensor node)
    {
        (Tensor x, Tensor y, Tensor z) = (node.Inputs[0], node.Inputs[1], node.Inputs[2]);
        (Tensor number, Tensor factor) = x.Operation is Constant ? (x, y) : (y, x);
        return Negated(x) is { } a && Negated(y) is { } b ? Node(node, node.Operation, a, b, z)
            : number.Operation is not Constant constant ? null
            : constant.Value == 1 ? Node(node, new Add(), factor, z)
            : constant.Value == -1 ? Node(node, new Subtract(), z, factor)
            : Negated(factor) is { } inner ? Node(node, node.Operation, node.Trace.Constant(-constant.Value), inner, z)
            : null;
    }

    /// <summary>A choice that is known beforehand, or between equals.</summary>
    private static Tensor? Chosen(Tensor node)
    {
        (Tensor condition, Tensor yes, Tensor no) = (node.Inputs[0], node.Inputs[1], node.Inputs[2]);
        Tensor source = condition.Operation is BroadcastTo ? condition.Inputs[0] : condition;
        return yes == no ? Spread(yes, node.Shape)
            : source.Operation is Constant known ? Spread(known.Value == 0 ? no : yes, node.Shape)
            : null;
    }

    private static Tensor? Transposed(Tensor node, Permute permute, HashSet<Tensor> usedOnce)
    {
        Tensor x = node.Inputs[0];
        int[] order = permute.Order.ToArray();
        if (order.AsSpan().SequenceEqual([.. Enumerable.Range(0, order.Length)]))
        {
            return x;
        }

        if (x.Operation is Permute inner)
        {
            return Node(node, new Permute(new IntegerSequence([.. order.Select(axis => inner.Order[axis])])), x.Inputs[0]);
        }

        // (AB)ᵀ = BᵀAᵀ, with the same sums of the same products; worth it where nobody needs AB as well.
        return x.Operation is MatrixMultiply product && SwapsLastTwo(order) && usedOnce.Contains(x)
            ? Node(node, new MatrixMultiply(!product.TransposeRight, !product.TransposeLeft), x.Inputs[1], x.Inputs[0])
            : null;
    }

    /// <summary>A transposed operand is read transposed, not copied.</summary>
    private static Tensor? Product(Tensor node, MatrixMultiply product)
    {
        (Tensor x, Tensor y) = (node.Inputs[0], node.Inputs[1]);
        return x.Operation is Permute left && SwapsLastTwo(left.Order.ToArray()) ? Node(node, product with { TransposeLeft = !product.TransposeLeft }, x.Inputs[0], y)
            : y.Operation is Permute right && SwapsLastTwo(right.Order.ToArray()) ? Node(node, product with { TransposeRight = !product.TransposeRight }, x, y.Inputs[0])
            : null;
    }

    private static bool SwapsLastTwo(int[] order)
    {
        int rank = order.Length;
        return rank >= 2 && order[^1] == rank - 2 && order[^2] == rank - 1 && order.AsSpan(0, rank - 2).SequenceEqual([.. Enumerable.Range(0, rank - 2)]);
    }

    private static Tensor Spread(Tensor x, Shape shape) => x.Shape == shape ? x : Node(x, new BroadcastTo(shape), x);

    private static Tensor Node(Tensor replaced, Operation operation, params Tensor[] inputs) => replaced.Trace.Add(operation, inputs);
}
