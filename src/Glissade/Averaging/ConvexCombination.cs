using System.Numerics;
using Glissade.Numerics;
using Glissade.Numerics.Elementwise;

namespace Glissade.Averaging;

/// <summary>Convex combinations of vectors: between two, and of any number.</summary>
/// <remarks>
/// All averaging is this one operation. Inside compiled programs it is <see cref="Differentiation.Functions.Blend"/>; here it is the same kernel on vectors
/// at hand: interpolation between two networks, a mixture of several, a target moved by hand.
/// </remarks>
public static class ConvexCombination
{
    /// <summary>(1 − r)·x + r·y, element by element.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="x">The value at r = 0.</param>
    /// <param name="y">The value at r = 1, of the same length.</param>
    /// <param name="r">The coefficient, in [0, 1].</param>
    /// <param name="result">Where the combination goes, of the same length; may be <paramref name="x"/> or <paramref name="y"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The coefficient is outside [0, 1].</exception>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public static unsafe void Blend<T>(FlatVector<T> x, FlatVector<T> y, double r, FlatVector<T> result)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(result);
        if (!(r is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(r), r, FormattableString.Invariant($"The coefficient of a convex combination must be in [0, 1], not {r}."));
        }

        if (x.Length != y.Length || x.Length != result.Length)
        {
            throw new ArgumentException($"The vectors of a convex combination have {x.Length} and {y.Length} elements and its result {result.Length}; they must be equally long.", nameof(y));
        }

        T* coefficient = stackalloc T[ElementKernel<T>.SpreadLength];
        ElementKernel<T>.Spread(T.CreateTruncating(r), coefficient);
        Kernel<T>.Blend.Run(new Operand(x.Pointer, 1), new Operand(y.Pointer, 1), new Operand(coefficient, 0), result.Pointer, x.Length);
        GC.KeepAlive(x);
        GC.KeepAlive(y);
        GC.KeepAlive(result);
    }

    /// <summary>Σ αᵢxᵢ with αᵢ ≥ 0 and Σαᵢ = 1, element by element.</summary>
    /// <remarks>Made of combinations of two: after the i-th vector the result is Σⱼ≤ᵢ αⱼxⱼ / Σⱼ≤ᵢ αⱼ.</remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="vectors">The xᵢ, at least one, equally long.</param>
    /// <param name="coefficients">The αᵢ; their sum may differ from 1 by 1e-6.</param>
    /// <param name="result">Where the combination goes, of the same length, and none of the vectors but the first.</param>
    /// <exception cref="ArgumentException">A coefficient is negative or no number, their sum is not 1, or counts or lengths differ.</exception>
    public static void Of<T>(IReadOnlyList<FlatVector<T>> vectors, ReadOnlySpan<double> coefficients, FlatVector<T> result)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(vectors);
        ArgumentNullException.ThrowIfNull(result);
        if (vectors.Count == 0 || vectors.Count != coefficients.Length)
        {
            throw new ArgumentException($"A convex combination needs a coefficient for each vector, but there are {vectors.Count} vectors and {coefficients.Length} coefficients.", nameof(coefficients));
        }

        double total = 0;
        for (int i = 0; i < coefficients.Length; i++)
        {
            total += coefficients[i] >= 0
                ? coefficients[i]
                : throw new ArgumentOutOfRangeException(nameof(coefficients), coefficients[i], FormattableString.Invariant($"Coefficient {i} of a convex combination must be 0 or more, not {coefficients[i]}."));
            if (i > 0 && ReferenceEquals(vectors[i], result))
            {
                throw new ArgumentException($"The result is vector {i} of the combination, which would be overwritten before it is read; only the first may be.", nameof(result));
            }
        }

        if (!(Math.Abs(total - 1) <= 1e-6))
        {
            throw new ArgumentException(FormattableString.Invariant($"The coefficients of a convex combination must sum to 1, not to {total}."), nameof(coefficients));
        }

        Blend(vectors[0], vectors[0], 0, result);
        double sum = coefficients[0];
        for (int i = 1; i < vectors.Count; i++)
        {
            sum += coefficients[i];
            Blend(result, vectors[i], sum > 0 ? coefficients[i] / sum : 0, result);
        }
    }

    private static class Kernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly ElementKernel<T> Blend = ElementKernel<T>.Ternary<Differentiation.Operations.Blend.Operator>();
    }
}
