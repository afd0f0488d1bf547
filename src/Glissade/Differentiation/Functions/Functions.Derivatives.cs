using Glissade.Numerics;

namespace Glissade.Differentiation;

public static partial class Functions
{
    /// <summary>The gradient of a scalar by tensors that it was computed from, as tensors: to compute with, or to differentiate again.</summary>
    /// <remarks>Reverse mode; a tensor on which the scalar does not depend has a gradient of zeros.</remarks>
    /// <param name="output">A scalar.</param>
    /// <param name="by">Inputs of the function, or values in between.</param>
    /// <returns>∂output/∂x for each x, of the shape of x.</returns>
    /// <exception cref="ArgumentException">The output is no scalar.</exception>
    public static IReadOnlyList<Tensor> GradientOf(Tensor output, params IReadOnlyList<Tensor> by)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(by);
        return Gradient.Of(output, by);
    }

    /// <summary>The vector–Jacobian product (∂y/∂x)ᵀ·v, without the Jacobian: reverse mode from an output of any shape.</summary>
    /// <remarks>Costs a small multiple of the function itself, however many elements x has.</remarks>
    /// <param name="output">y.</param>
    /// <param name="x">What y was computed from.</param>
    /// <param name="v">Of the shape of y.</param>
    /// <returns>Of the shape of x.</returns>
    /// <exception cref="ArgumentException">The shapes of y and v differ.</exception>
    public static Tensor VectorJacobianProduct(Tensor output, Tensor x, Tensor v)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(x);
        CheckLike(output, v, "vector-Jacobian product", nameof(v));
        return Gradient.Pull([output], [v], [x])[0];
    }

    /// <summary>The Jacobian–vector product (∂y/∂x)·v, without the Jacobian: forward mode, the derivative of y along v.</summary>
    /// <remarks>Costs a small multiple of the function itself, however many elements y has, and keeps nothing for a way back.</remarks>
    /// <param name="output">y.</param>
    /// <param name="x">What y was computed from.</param>
    /// <param name="v">Of the shape of x.</param>
    /// <returns>Of the shape of y.</returns>
    /// <exception cref="ArgumentException">The shapes of x and v differ.</exception>
    public static Tensor JacobianVectorProduct(Tensor output, Tensor x, Tensor v)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(x);
        CheckLike(x, v, "Jacobian-vector product", nameof(v));
        return ForwardMode.Push([output], [x], [v])[0] ?? BroadcastTo(output.Trace.Constant(0), output.Shape);
    }

    /// <summary>The product of a scalar's Hessian with a vector, without the Hessian: the gradient of ∇f·v.</summary>
    /// <remarks>Costs a small multiple of the function itself. Pearlmutter (1994), Fast Exact Multiplication by the Hessian.</remarks>
    /// <param name="output">A scalar f(x).</param>
    /// <param name="x">What it is differentiated by.</param>
    /// <param name="v">Of the shape of <paramref name="x"/>; counts as constant.</param>
    /// <returns>∇²f·v, of the shape of <paramref name="x"/>.</returns>
    /// <exception cref="ArgumentException">The output is no scalar, or the shapes of x and v do not fit.</exception>
    public static Tensor HessianVectorProduct(Tensor output, Tensor x, Tensor v)
    {
        Tensor slope = Sum(GradientOf(output, x)[0] * StopGradient(v));
        return GradientOf(slope, x)[0];
    }

    /// <summary>The whole Jacobian ∂y/∂x, for small functions: forward mode for each element of x, or reverse mode for each of y, whichever has fewer.</summary>
    /// <remarks>All columns, or all rows, are computed at once, as one batch: min(|x|, |y|) times the work of one.</remarks>
    /// <param name="output">y.</param>
    /// <param name="x">What y was computed from.</param>
    /// <returns>The axes of y, then those of x: element [i, j] is ∂yᵢ/∂xⱼ.</returns>
    public static Tensor Jacobian(Tensor output, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(x);
        Shape shape = new([.. output.Shape.Lengths, .. x.Shape.Lengths]);
        bool forward = x.Shape.Count < output.Shape.Count;
        Tensor basis = Basis(output, forward ? x.Shape : output.Shape);
        Tensor rows = VectorizedMap(v => forward ? JacobianVectorProduct(output, x, v) : VectorJacobianProduct(output, x, v), basis);
        return Reshape(forward ? Transpose(Reshape(rows, new Shape(x.Shape.Count, output.Shape.Count))) : rows, shape);
    }

    /// <summary>The whole Hessian ∂²f/∂x∂x, for small functions.</summary>
    /// <remarks>|x| Hessian-vector products, computed at once as one batch.</remarks>
    /// <param name="output">A scalar f(x).</param>
    /// <param name="x">What it is differentiated by.</param>
    /// <returns>The axes of x twice.</returns>
    /// <exception cref="ArgumentException">The output is no scalar.</exception>
    public static Tensor Hessian(Tensor output, Tensor x) => Jacobian(GradientOf(output, x)[0], x);

    /// <summary>A function of one example, applied to every example of a batch at once.</summary>
    /// <remarks>
    /// The function is traced once, for one example; each of its operations is then replaced by the one for the whole batch, so that nothing loops.
    /// Gradients taken inside are per example: <c>VectorizedMap(x => GradientOf(Loss(x, θ), θ)[0], batch)</c> has one for each.
    /// </remarks>
    /// <param name="function">From one example, of the batch's shape without its first axis. It may use other tensors, which are the same for all.</param>
    /// <param name="batch">[n, ...].</param>
    /// <returns>The results, [n, ...].</returns>
    /// <exception cref="ArgumentException">The batch is a scalar.</exception>
    public static Tensor VectorizedMap(Func<Tensor, Tensor> function, Tensor batch)
    {
        ArgumentNullException.ThrowIfNull(function);
        return VectorizedMap(x => [function(x[0])], [batch])[0];
    }

    /// <summary>A function of one example of each of several batches, applied to all examples at once.</summary>
    /// <param name="function">From one example of each batch to any number of results.</param>
    /// <param name="batches">[n, ...] each, with the same n.</param>
    /// <returns>The results, [n, ...] each.</returns>
    /// <exception cref="ArgumentException">There is no batch, one is a scalar, or their first axes differ.</exception>
    public static IReadOnlyList<Tensor> VectorizedMap(Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> function, IReadOnlyList<Tensor> batches)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(batches);
        if (batches.Count == 0)
        {
            throw new ArgumentException("There is no batch to map over.", nameof(batches));
        }

        foreach (Tensor batch in batches)
        {
            ArgumentNullException.ThrowIfNull(batch, nameof(batches));
            if (batch.Shape.Rank == 0 || batch.Shape[0] != batches[0].Shape[0])
            {
                throw new ArgumentException($"The shapes {batches[0].Shape} and {batch.Shape} do not fit 'vectorized-map': each batch must have a first axis, and all the same.", nameof(batches));
            }
        }

        Trace trace = batches[0].Trace;
        Tensor[] examples = [.. batches.Select((b, i) => trace.Input($"example{i}", new Shape(b.Shape.Lengths[1..])))];
        IReadOnlyList<Tensor> results = function(examples);
        if (results is null || results.Contains(null!))
        {
            throw new ArgumentException("The function of 'vectorized-map' gave no result.", nameof(function));
        }

        return Vectorization.Map(results, examples, batches);
    }

    /// <summary>Every unit vector of a shape: [n, ...] with n its number of elements.</summary>
    private static Tensor Basis(Tensor beside, Shape shape) => Reshape(IdentityMatrix(beside, shape.Count), new Shape([shape.Count, .. shape.Lengths]));

    private static void CheckLike(Tensor value, Tensor v, string operation, string parameter)
    {
        ArgumentNullException.ThrowIfNull(v, parameter);
        if (v.Shape != value.Shape)
        {
            throw new ArgumentException($"The shapes {value.Shape} and {v.Shape} do not fit '{operation}': they must be equal.", parameter);
        }
    }
}
