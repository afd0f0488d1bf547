using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Glissade.Numerics;

namespace Glissade.Comparison;

/// <summary>Adam by hand: θ, g, m, v read once, θ, m, v written once.</summary>
/// <remarks>The same arithmetic as the compiled chain: two running means, two corrections of bias, a root, a quotient, the learning rate.</remarks>
internal sealed unsafe class HandWrittenAdam(FlatVector<float> parameters, FlatVector<float> gradient) : HandWrittenLoop(parameters, gradient)
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override double Update(int length, float* theta, float* g, float correction1, float correction2)
    {
        float* m = M.Pointer, v = V.Pointer;
        const float rate = 1e-3f, epsilon = 1e-8f, share1 = (float)(1 - Beta1), share2 = (float)(1 - Beta2);
        Vector256<float> a1 = Vector256.Create(share1), a2 = Vector256.Create(share2), c1 = Vector256.Create(correction1), c2 = Vector256.Create(correction2);
        Vector256<float> eta = Vector256.Create(rate), eps = Vector256.Create(epsilon);
        Vector256<float> squares = default;
        int i = 0;
        for (; i <= length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<float> gradient = Vector256.Load(g + i);
            Vector256<float> first = Vector256.Load(m + i), second = Vector256.Load(v + i);
            first = Vector256.FusedMultiplyAdd(a1, gradient - first, first);
            second = Vector256.FusedMultiplyAdd(a2, (gradient * gradient) - second, second);
            Vector256<float> update = eta * (first * c1 / (Vector256.Sqrt(second * c2) + eps));
            Vector256.Store(first, m + i);
            Vector256.Store(second, v + i);
            Vector256.Store(Vector256.Load(theta + i) - update, theta + i);
            squares += update * update;
        }

        double sum = Vector256.Sum(squares);
        for (; i < length; i++)
        {
            m[i] = MathF.FusedMultiplyAdd(share1, g[i] - m[i], m[i]);
            v[i] = MathF.FusedMultiplyAdd(share2, (g[i] * g[i]) - v[i], v[i]);
            float update = rate * (m[i] * correction1 / (MathF.Sqrt(v[i] * correction2) + epsilon));
            theta[i] -= update;
            sum += update * update;
        }

        return sum;
    }
}
