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
}
