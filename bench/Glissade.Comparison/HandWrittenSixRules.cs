using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Glissade.Numerics;

namespace Glissade.Comparison;

/// <summary>Six rules by hand: clip by value → noise that is off → momentum → Adam → decoupled decay → learning rate.</summary>
/// <remarks>θ, g, velocity, m, v are read once, θ, velocity, m, v written once; noise of no variance is no work.</remarks>
internal sealed unsafe class HandWrittenSixRules(FlatVector<float> parameters, FlatVector<float> gradient) : HandWrittenLoop(parameters, gradient)
{
    private readonly FlatVector<float> _velocity = new(parameters.Length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override double Update(int length, float* theta, float* g, float correction1, float correction2)
    {
        const float rate = 1e-3f, epsilon = 1e-8f, share1 = (float)(1 - Beta1), share2 = (float)(1 - Beta2), momentum = 0.9f, decay = 0.01f, bound = 2;
        float* m = M.Pointer, v = V.Pointer, w = _velocity.Pointer;
        Vector256<float> a1 = Vector256.Create(share1), a2 = Vector256.Create(share2), c1 = Vector256.Create(correction1), c2 = Vector256.Create(correction2);
        Vector256<float> eta = Vector256.Create(rate), eps = Vector256.Create(epsilon), mu = Vector256.Create(momentum);
        Vector256<float> lambda = Vector256.Create(decay), high = Vector256.Create(bound), low = Vector256.Create(-bound);
        Vector256<float> squares = default;
        int i = 0;
        for (; i <= length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            Vector256<float> clipped = Vector256.Min(Vector256.Max(Vector256.Load(g + i), low), high);
            Vector256<float> velocity = (mu * Vector256.Load(w + i)) + clipped;
            Vector256<float> first = Vector256.Load(m + i), second = Vector256.Load(v + i);
            first = Vector256.FusedMultiplyAdd(a1, velocity - first, first);
            second = Vector256.FusedMultiplyAdd(a2, (velocity * velocity) - second, second);
            Vector256<float> parameter = Vector256.Load(theta + i);
            Vector256<float> update = eta * ((first * c1 / (Vector256.Sqrt(second * c2) + eps)) + (lambda * parameter));
            Vector256.Store(velocity, w + i);
            Vector256.Store(first, m + i);
            Vector256.Store(second, v + i);
            Vector256.Store(parameter - update, theta + i);
            squares += update * update;
        }

        double sum = Vector256.Sum(squares);
        for (; i < length; i++)
        {
            w[i] = (momentum * w[i]) + Math.Clamp(g[i], -bound, bound);
            m[i] = MathF.FusedMultiplyAdd(share1, w[i] - m[i], m[i]);
            v[i] = MathF.FusedMultiplyAdd(share2, (w[i] * w[i]) - v[i], v[i]);
            float update = rate * ((m[i] * correction1 / (MathF.Sqrt(v[i] * correction2) + epsilon)) + (decay * theta[i]));
            theta[i] -= update;
            sum += update * update;
        }

        return sum;
    }
}
