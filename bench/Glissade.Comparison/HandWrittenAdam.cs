using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Glissade.Numerics;

namespace Glissade.Comparison;

/// <summary>Adam as one would write it by hand for this one purpose: one loop that reads θ, g, m, v once and writes θ, m, v once.</summary>
/// <remarks>
/// The same arithmetic as the compiled chain: two blends, two corrections of bias, a root, a quotient, the learning rate.
/// <see cref="MeasuredStep"/> also does what a step of a chain does besides: it looks at the gradient's norm first, and measures that of the update.
/// </remarks>
internal sealed unsafe class HandWrittenAdam(FlatVector<float> parameters, FlatVector<float> gradient)
{
    private const double Beta1 = 0.9, Beta2 = 0.999;
    private readonly FlatVector<float> _m = new(parameters.Length), _v = new(parameters.Length);
    private double _product1 = 1, _product2 = 1;

    /// <summary>The last gradient norm seen.</summary>
    public double GradientNorm { get; private set; }

    /// <summary>The last update norm seen.</summary>
    public double UpdateNorm { get; private set; }

    public void Step()
    {
        Advance();
        Update(parameters.Length, parameters.Pointer, gradient.Pointer, _m.Pointer, _v.Pointer, Correction(_product1), Correction(_product2));
    }

    public void MeasuredStep()
    {
        GradientNorm = Math.Sqrt(SumOfSquares(parameters.Length, gradient.Pointer));
        if (double.IsFinite(GradientNorm))
        {
            Advance();
            UpdateNorm = Math.Sqrt(Update(parameters.Length, parameters.Pointer, gradient.Pointer, _m.Pointer, _v.Pointer, Correction(_product1), Correction(_product2)));
        }
    }

    private void Advance()
    {
        _product1 *= Beta1;
        _product2 *= Beta2;
    }

    private static float Correction(double product) => (float)(1 / (1 - product));

    private static double SumOfSquares(int length, float* x)
    {
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
        int i = 0;
        for (; i <= length - 32; i += 32)
        {
            Vector256<float> x0 = Vector256.Load(x + i), x1 = Vector256.Load(x + i + 8), x2 = Vector256.Load(x + i + 16), x3 = Vector256.Load(x + i + 24);
            s0 += x0 * x0;
            s1 += x1 * x1;
            s2 += x2 * x2;
            s3 += x3 * x3;
        }

        double sum = Vector256.Sum(s0 + s1 + (s2 + s3));
        for (; i < length; i++)
        {
            sum += (double)x[i] * x[i];
        }

        return sum;
    }

    /// <summary>The loop; returns the sum of squares of the update, which costs nothing beside the memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Update(int length, float* theta, float* g, float* m, float* v, float correction1, float correction2)
    {
        const float rate = 1e-3f, epsilon = 1e-8f, beta1 = (float)Beta1, beta2 = (float)Beta2;
        Vector256<float> b1 = Vector256.Create(beta1), b2 = Vector256.Create(beta2), c1 = Vector256.Create(correction1), c2 = Vector256.Create(correction2);
        Vector256<float> eta = Vector256.Create(rate), eps = Vector256.Create(epsilon), one = Vector256.Create(1f);
        Vector256<float> a1 = one - b1, a2 = one - b2, squares = default;
        int i = 0;
        for (; i <= length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<float> gradient = Vector256.Load(g + i);
            Vector256<float> first = (b1 * Vector256.Load(m + i)) + (a1 * gradient);
            Vector256<float> second = (b2 * Vector256.Load(v + i)) + (a2 * (gradient * gradient));
            Vector256<float> update = eta * (first * c1 / (Vector256.Sqrt(second * c2) + eps));
            Vector256.Store(first, m + i);
            Vector256.Store(second, v + i);
            Vector256.Store(Vector256.Load(theta + i) - update, theta + i);
            squares += update * update;
        }

        double sum = Vector256.Sum(squares);
        for (; i < length; i++)
        {
            m[i] = (beta1 * m[i]) + ((1 - beta1) * g[i]);
            v[i] = (beta2 * v[i]) + ((1 - beta2) * (g[i] * g[i]));
            float update = rate * (m[i] * correction1 / (MathF.Sqrt(v[i] * correction2) + epsilon));
            theta[i] -= update;
            sum += update * update;
        }

        return sum;
    }
}
