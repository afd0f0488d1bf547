using Glissade.Numerics;

namespace Glissade.Differentiation;

/// <content>Gradients, products with Jacobians and Hessians, and these as wholes.</content>
public static partial class Functions
{
    /// <summary>The gradient of a scalar by tensors that it was computed from, as tensors: to compute with, or to differentiate again.</summary>
    /// <remarks>Reverse mode; a tensor on which the scalar does not depend has a gradient of zeros.</remarks>
    /// <param name="output">A scalar.</param>
    /// <param name="by">Inputs of the function, or values in between.</param>
    /// <returns>∂output/∂x for each x, of the shape of x.</returns>
    /// <exception cref="ArgumentException">The output is no scalar, or a tensor belongs to another traced function.</exception>
    public static IReadOnlyList<Tensor> GradientOf(Tensor output, params IReadOnlyList<Tensor> by)
    {
        ArgumentNullException.ThrowIfNull(output);
        CheckTensors(output, by, "variable", "gradient", nameof(by));
        return Gradient.Of(output, by);
    }

    /// <summary>The vector–Jacobian product (∂y/∂x)ᵀ·v, without the Jacobian: reverse mode from an output of any shape.</summary>
    /// <remarks>Costs a small multiple of the function itself, however many elements x has.</remarks>
    /// <param name="output">y.</param>
    /// <param name="x">What y was computed from.</param>
    /// <param name="v">Of the shape of y; derivatives pass through it.</param>
    /// <returns>Of the shape of x.</returns>
    /// <exception cref="ArgumentException">The shapes of y and v differ, or a tensor belongs to another traced function.</exception>
    public static Tensor VectorJacobianProduct(Tensor output, Tensor x, Tensor v)
    {
        ArgumentNullException.ThrowIfNull(x);
        return VectorJacobianProduct(output, [x], v)[0];
    }

    /// <summary>The vector–Jacobian products (∂y/∂x)ᵀ·v by several tensors, from one pass of reverse mode.</summary>
    /// <param name="output">y.</param>
    /// <param name="by">Each x that y was computed from.</param>
    /// <param name="v">Of the shape of y; derivatives pass through it.</param>
    /// <returns>One for each x, of its shape.</returns>
    /// <exception cref="ArgumentException">The shapes of y and v differ, or a tensor belongs to another traced function.</exception>
    public static Tensor[] VectorJacobianProduct(Tensor output, IReadOnlyList<Tensor> by, Tensor v)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(v);
        return VectorJacobianProduct([output], by, [v]);
    }

    /// <summary>The vector–Jacobian products Σⱼ (∂yⱼ/∂x)ᵀ·vⱼ of several outputs by several tensors, from one pass of reverse mode.</summary>
    /// <param name="outputs">Each y, one at least.</param>
    /// <param name="by">Each x that they were computed from.</param>
    /// <param name="v">One vⱼ for each output, of its shape; derivatives pass through them.</param>
    /// <returns>One for each x, of its shape.</returns>
    /// <exception cref="ArgumentException">There is no output, the numbers or shapes of outputs and vectors differ, or a tensor belongs to another traced function.</exception>
    public static Tensor[] VectorJacobianProduct(IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> by, IReadOnlyList<Tensor> v)
    {
        const string operation = "vector-Jacobian product";
        ArgumentNullException.ThrowIfNull(outputs);
        if (outputs.Count == 0)
        {
            throw new ArgumentException($"'{operation}' needs an output.", nameof(outputs));
        }

        ArgumentNullException.ThrowIfNull(outputs[0], nameof(outputs));
        CheckTensors(outputs[0], outputs, "output", operation, nameof(outputs));
        CheckTensors(outputs[0], by, "variable", operation, nameof(by));
        CheckLike(outputs, v, "output", operation);
        return Gradient.Pull(outputs, v, by);
    }

    /// <summary>The Jacobian–vector product (∂y/∂x)·v, without the Jacobian: forward mode, the derivative of y along v.</summary>
    /// <remarks>Costs a small multiple of the function itself, however many elements y has, and keeps nothing for a way back.</remarks>
    /// <param name="output">y.</param>
    /// <param name="x">What y was computed from.</param>
    /// <param name="v">Of the shape of x; derivatives pass through it.</param>
    /// <returns>Of the shape of y.</returns>
    /// <exception cref="ArgumentException">The shapes of x and v differ, or a tensor belongs to another traced function.</exception>
    public static Tensor JacobianVectorProduct(Tensor output, Tensor x, Tensor v)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(v);
        return JacobianVectorProduct(output, [x], [v]);
    }

    /// <summary>The Jacobian–vector product Σᵢ (∂y/∂xᵢ)·vᵢ: the derivative of y where several tensors change together.</summary>
    /// <param name="output">y.</param>
    /// <param name="by">Each x that y was computed from.</param>
    /// <param name="v">One for each x, of its shape; derivatives pass through them.</param>
    /// <returns>Of the shape of y.</returns>
    /// <exception cref="ArgumentException">The numbers or shapes of variables and vectors differ, or a tensor belongs to another traced function.</exception>
    public static Tensor JacobianVectorProduct(Tensor output, IReadOnlyList<Tensor> by, IReadOnlyList<Tensor> v)
    {
        const string operation = "Jacobian-vector product";
        ArgumentNullException.ThrowIfNull(output);
        CheckTensors(output, by, "variable", operation, nameof(by));
        CheckLike(by, v, "variable", operation, output);
        return ForwardMode.Push([output], by, v)[0] ?? ZerosLike(output);
    }

    /// <summary>The product of a scalar's Hessian with a vector, without the Hessian: the derivative of ∇f along v.</summary>
    /// <remarks>Forward mode over reverse mode, a small multiple of the function itself. Pearlmutter (1994), Fast Exact Multiplication by the Hessian.</remarks>
    /// <param name="output">A scalar f(x).</param>
    /// <param name="x">What it is differentiated by.</param>
    /// <param name="v">Of the shape of <paramref name="x"/>. It may depend on x, and derivatives of the product pass through it.</param>
    /// <returns>∇²f·v, of the shape of <paramref name="x"/>.</returns>
    /// <exception cref="ArgumentException">The output is no scalar, the shapes of x and v differ, or a tensor belongs to another traced function.</exception>
    public static Tensor HessianVectorProduct(Tensor output, Tensor x, Tensor v)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(v);
        return HessianVectorProduct(output, [x], [v])[0];
    }

    /// <summary>The product of a scalar's Hessian by several tensors together with a vector of as many parts: Σⱼ (∂²f/∂xᵢ∂xⱼ)·vⱼ for each xᵢ.</summary>
    /// <param name="output">A scalar f of all x.</param>
    /// <param name="by">What it is differentiated by.</param>
    /// <param name="v">One for each x, of its shape. They may depend on x, and derivatives of the products pass through them.</param>
    /// <returns>One for each x, of its shape.</returns>
    /// <exception cref="ArgumentException">The output is no scalar, the numbers or shapes of variables and vectors differ, or a tensor belongs to another traced function.</exception>
    public static Tensor[] HessianVectorProduct(Tensor output, IReadOnlyList<Tensor> by, IReadOnlyList<Tensor> v)
    {
        const string operation = "Hessian-vector product";
        CheckScalar(output, operation);
        CheckTensors(output, by, "variable", operation, nameof(by));
        CheckLike(by, v, "variable", operation, output);
        Tensor?[] products = ForwardMode.Push(Gradient.Of(output, by), by, v);
        return [.. products.Select((product, i) => product ?? ZerosLike(by[i]))];
    }

    /// <summary>The whole Jacobian ∂y/∂x, for small functions: forward mode for each element of x, or reverse mode for each of y, whichever has fewer.</summary>
    /// <remarks>All columns, or all rows, are computed at once, as one batch: min(|x|, |y|) times the work of one.</remarks>
    /// <param name="output">y.</param>
    /// <param name="x">What y was computed from.</param>
    /// <returns>The axes of y, then those of x: element [i, j] is ∂yᵢ/∂xⱼ.</returns>
    /// <exception cref="ArgumentException">The tensors belong to two traced functions.</exception>
    public static Tensor Jacobian(Tensor output, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Jacobian(output, [x])[0];
    }

    /// <summary>The whole Jacobians ∂y/∂x by several tensors, for small functions.</summary>
    /// <remarks>As of one, with |x| the elements of all x together.</remarks>
    /// <param name="output">y.</param>
    /// <param name="by">Each x that y was computed from.</param>
    /// <returns>For each x, the axes of y, then those of x: element [i, j] is ∂yᵢ/∂xⱼ.</returns>
    /// <exception cref="ArgumentException">A tensor belongs to another traced function.</exception>
    public static Tensor[] Jacobian(Tensor output, IReadOnlyList<Tensor> by)
    {
        ArgumentNullException.ThrowIfNull(output);
        CheckTensors(output, by, "variable", "Jacobian", nameof(by));
        if (by.Sum(x => (long)x.Shape.Count) < output.Shape.Count)
        {
            return [.. by.Select(x =>
            {
                Tensor columns = VectorizedMap(v => JacobianVectorProduct(output, x, v), Basis(output, x.Shape));
                return Shaped(Transpose(Reshape(columns, new Shape(x.Shape.Count, output.Shape.Count))), x);
            })];
        }

        IReadOnlyList<Tensor> rows = VectorizedMap(v => VectorJacobianProduct(output, by, v[0]), [Basis(output, output.Shape)]);
        return [.. rows.Select((r, i) => Shaped(r, by[i]))];

        Tensor Shaped(Tensor jacobian, Tensor x) => Reshape(jacobian, new Shape([.. output.Shape.Lengths, .. x.Shape.Lengths]));
    }

    /// <summary>The whole Hessian ∂²f/∂x∂x, for small functions.</summary>
    /// <remarks>|x| Hessian-vector products, computed at once as one batch.</remarks>
    /// <param name="output">A scalar f(x).</param>
    /// <param name="x">What it is differentiated by.</param>
    /// <returns>The axes of x twice.</returns>
    /// <exception cref="ArgumentException">The output is no scalar, or the tensors belong to two traced functions.</exception>
    public static Tensor Hessian(Tensor output, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return Hessian(output, [x])[0][0];
    }

    /// <summary>The whole Hessian by several tensors in blocks ∂²f/∂xᵢ∂xⱼ, for small functions.</summary>
    /// <param name="output">A scalar f of all x.</param>
    /// <param name="by">What it is differentiated by.</param>
    /// <returns>Block [i][j] has the axes of xᵢ, then those of xⱼ.</returns>
    /// <exception cref="ArgumentException">The output is no scalar, or a tensor belongs to another traced function.</exception>
    public static Tensor[][] Hessian(Tensor output, IReadOnlyList<Tensor> by)
    {
        CheckScalar(output, "Hessian");
        CheckTensors(output, by, "variable", "Hessian", nameof(by));
        return [.. Gradient.Of(output, by).Select(g => Jacobian(g, by))];
    }

    /// <summary>Every unit vector of a shape: [n, ...] with n its number of elements.</summary>
    private static Tensor Basis(Tensor beside, Shape shape) => Reshape(IdentityMatrix(beside, shape.Count), new Shape([shape.Count, .. shape.Lengths]));

    private static Tensor ZerosLike(Tensor x) => BroadcastTo(x.Trace.Constant(0), x.Shape);

    private static void CheckScalar(Tensor output, string operation)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (output.Shape.Rank != 0)
        {
            throw new ArgumentException($"Only a scalar has a '{operation}', but the output has the shape {output.Shape}; reduce it first, with Sum or Mean.", nameof(output));
        }
    }

    /// <summary>Refuses tensors that are null or of another traced function.</summary>
    private static void CheckTensors(Tensor beside, IReadOnlyList<Tensor> tensors, string what, string operation, string parameter)
    {
        ArgumentNullException.ThrowIfNull(tensors, parameter);
        for (int i = 0; i < tensors.Count; i++)
        {
            if (tensors[i] is null)
            {
                throw new ArgumentNullException(parameter, $"The {what} {i} of '{operation}' is null.");
            }

            beside.Trace.CheckOwns(tensors[i], $"The {what} {i} of '{operation}'", parameter);
        }
    }

    /// <summary>Refuses vectors that are not one for each of some values, of its shape.</summary>
    private static void CheckLike(IReadOnlyList<Tensor> values, IReadOnlyList<Tensor> v, string what, string operation, Tensor? beside = null)
    {
        ArgumentNullException.ThrowIfNull(v);
        if (v.Count != values.Count)
        {
            throw new ArgumentException($"'{operation}' needs a vector for each of {values.Count} {what}s, but {v.Count} were given.", nameof(v));
        }

        CheckTensors(beside ?? values[0], v, "vector", operation, nameof(v));
        for (int i = 0; i < v.Count; i++)
        {
            if (v[i].Shape != values[i].Shape)
            {
                throw new ArgumentException($"The shapes {values[i].Shape} and {v[i].Shape} do not fit '{operation}': the vector {i} must have the shape of the {what} {i}.", nameof(v));
            }
        }
    }
}
