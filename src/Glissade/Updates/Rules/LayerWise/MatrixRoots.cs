using Glissade.Differentiation;
using Glissade.Numerics;

namespace Glissade.Updates;

/// <summary>Roots of symmetric positive definite matrices, made of matrix products alone so that they can stand in a traced rule.</summary>
/// <remarks>
/// Coupled Newton iteration for A^(−1/p), p = 4: M₀ = zA and X₀ = z^(1/p)·I with z = (1 + p)/(2‖A‖_F); T = ((1 + p)I − M)/p, X ← XT, M ← T^p·M, until M is I.
/// An eigenvalue λ of A grows in M by a factor of at most (1 + 1/p)^p = 2.44 a step until it is near 1, from where convergence is quadratic: 25 steps suffice down to
/// λ = 1e-8·‖A‖_F; below, the root found is too small, as if λ were greater. Rounding leaves a relative error, measured on matrices of the condition κ, of about
/// 1e-18·κ in double and 2e-10·κ in float, but no less than the type's own. Guo and Higham (2006), A Schur–Newton Method for the Matrix pth Root and Its Inverse.
/// </remarks>
public static class MatrixRoots
{
    private const int P = 4;

    /// <summary>A^(−1/4).</summary>
    /// <param name="a">A, [n, n], symmetric and positive definite.</param>
    /// <param name="identity">I, [n, n].</param>
    /// <param name="norm">‖A‖_F, or any bound of the greatest eigenvalue.</param>
    /// <param name="iterations">Steps, 1 or more.</param>
    public static Tensor InverseFourthRoot(Tensor a, Tensor identity, Tensor norm, int iterations)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(norm);
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        Tensor z = (1 + P) / (2.0 * norm);
        Tensor m = a * z;
        Tensor? x = null;
        for (int i = 0; i < iterations; i++)
        {
            Tensor t = ((1.0 + P) / P * identity) - (m * (1.0 / P));
            x = x is null ? t : Functions.MatrixProduct(x, t);
            if (i < iterations - 1)
            {
                Tensor square = Functions.MatrixProduct(t, t);
                m = Functions.MatrixProduct(Functions.MatrixProduct(square, square), m);
            }
        }

        return x! * Functions.Sqrt(Functions.Sqrt(z));
    }

    /// <summary>I, [n, n].</summary>
    internal static Tensor Identity(Trace trace, int n)
    {
        double[] values = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            values[(i * n) + i] = 1;
        }

        return trace.Constant(values, new Shape(n, n));
    }
}
