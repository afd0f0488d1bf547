using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Differentiation;

/// <content>Functions of networks that are made of other functions.</content>
public static partial class Functions
{
    /// <summary>(x − μ)/√(σ² + ε) with the mean μ and the variance σ² of each line along the last axis.</summary>
    /// <remarks>Ba, Kiros and Hinton (2016), Layer Normalization; scale and shift, if wanted, are a product and a sum after it.</remarks>
    /// <param name="x">[..., n] with at least one element along the last axis.</param>
    /// <param name="epsilon">
    /// ε, a positive finite number: keeps a line of equal elements finite. One beside the element type's normal numbers (in float from 1.2·10⁻³⁸ to 3.4·10³⁸) counts as the nearest of them.
    /// </param>
    /// <returns>The shape of x.</returns>
    /// <exception cref="ArgumentException">x is a scalar, or has no element along the last axis.</exception>
    /// <exception cref="ArgumentOutOfRangeException">ε is not positive and finite.</exception>
    public static Tensor LayerNormalization(Tensor x, double epsilon = 1e-5)
    {
        int axis = AxisOf("layer-normalization", x, -1);
        if (x.Shape[axis] == 0)
        {
            throw new ArgumentException($"The shape {x.Shape} does not fit 'layer-normalization': the last axis must have one element or more.", nameof(x));
        }

        if (!(epsilon > 0 && double.IsFinite(epsilon)))
        {
            throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, $"The ε of 'layer-normalization' of the shape {x.Shape} must be positive and finite, not {epsilon}.");
        }

        Tensor centred = x - Mean(x, [axis], keepAxes: true);
        Tensor deviation = Sqrt(Mean(Square(centred), [axis], keepAxes: true) + NormalNumber(x, epsilon));

        // Not the reciprocal square root, whose derivative would overflow for a small ε where this one is 0.
        return centred * (1 / deviation);
    }

    /// <summary>Scaled dot-product attention: softmax(q·kᵀ/√d)·v, for each query a mean of the values, weighted by how well their keys match it.</summary>
    /// <remarks>Vaswani and others (2017), Attention Is All You Need, equation 1. A query that may look at nothing gives NaN.</remarks>
    /// <param name="queries">q, [..., m, d]; axes before the last two are batch axes, such as examples and heads, and broadcast by NumPy's rules.</param>
    /// <param name="keys">k, [..., n, d].</param>
    /// <param name="values">v, [..., n, c].</param>
    /// <param name="mask">Not 0 where a query may look at a key; broadcasts to [..., m, n]. Null means everywhere; no gradient passes.</param>
    /// <param name="causal">Query i may look only at keys 0 to i.</param>
    /// <returns>[..., m, c].</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or there are no keys or no features.</exception>
    public static Tensor Attention(Tensor queries, Tensor keys, Tensor values, Tensor? mask = null, bool causal = false)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(values);
        if (queries.Shape.Rank < 2 || keys.Shape.Rank < 2 || values.Shape.Rank < 2 || keys.Shape[-1] != queries.Shape[-1] || keys.Shape[-2] != values.Shape[-2]
            || keys.Shape[-1] == 0 || keys.Shape[-2] == 0)
        {
            throw new ArgumentException(
                $"The shapes {queries.Shape}, {keys.Shape} and {values.Shape} do not fit 'attention': they must be [..., m, d], [..., n, d] and [..., n, c], with n and d one or more.");
        }

        if (!Broadcasting.TryJoin(MatrixMultiply.BatchAxes(queries.Shape), MatrixMultiply.BatchAxes(keys.Shape), out Shape batch)
            || !Broadcasting.TryJoin(batch, MatrixMultiply.BatchAxes(values.Shape), out _))
        {
            throw new ArgumentException(
                $"The shapes {queries.Shape}, {keys.Shape} and {values.Shape} do not fit 'attention': counted from the last of the axes before the last two, lengths must be equal or 1.");
        }

        Tensor scores = MatrixProduct(queries * (1 / Math.Sqrt(keys.Shape[-1])), keys, transposeY: true);
        if (mask is not null)
        {
            scores = Broadcasting.TryJoin(mask.Shape, scores.Shape, out Shape joined) && joined == scores.Shape
                ? Select(mask, scores, double.NegativeInfinity)
                : throw new ArgumentException(
                    $"The mask {mask.Shape} does not fit 'attention' of the queries {queries.Shape} and keys {keys.Shape}: it must broadcast to the scores {scores.Shape}.", nameof(mask));
        }

        if (causal)
        {
            Tensor all = BroadcastTo(ConstantLike(queries, 1), new Shape(scores.Shape.Lengths[^2..]));
            scores = Select(LowerTriangle(all), scores, double.NegativeInfinity);
        }

        return MatrixProduct(Softmax(scores), values);
    }
}
