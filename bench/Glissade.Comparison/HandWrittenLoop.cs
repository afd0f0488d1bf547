using System.Runtime.Intrinsics;
using Glissade.Numerics;

namespace Glissade.Comparison;

/// <summary>An optimizer as one would write it by hand for this one purpose: one loop that reads every vector once and writes once what changes.</summary>
/// <remarks><see cref="MeasuredStep"/> also does what a step of a chain does besides: it looks at the gradient's norm first, and measures that of the update.</remarks>
internal abstract unsafe class HandWrittenLoop(FlatVector<float> parameters, FlatVector<float> gradient)
{
    protected const double Beta1 = 0.9, Beta2 = 0.999;
    private double _product1 = 1, _product2 = 1;

    /// <summary>The last gradient norm seen.</summary>
    public double GradientNorm { get; private set; }

    /// <summary>The last update norm seen.</summary>
    public double UpdateNorm { get; private set; }

    protected FlatVector<float> M { get; } = new(parameters.Length);

    protected FlatVector<float> V { get; } = new(parameters.Length);

    public void Step()
    {
        _product1 *= Beta1;
        _product2 *= Beta2;
        UpdateNorm = Math.Sqrt(Update(parameters.Length, parameters.Pointer, gradient.Pointer, (float)(1 / (1 - _product1)), (float)(1 / (1 - _product2))));
    }

    public void MeasuredStep()
    {
        GradientNorm = Math.Sqrt(SumOfSquares(parameters.Length, gradient.Pointer));
        if (double.IsFinite(GradientNorm))
        {
            Step();
        }
    }

    /// <summary>The loop; returns the sum of squares of the update, which costs nothing beside the memory.</summary>
    protected abstract double Update(int length, float* theta, float* g, float correction1, float correction2);

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
}
