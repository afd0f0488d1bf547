using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

internal static partial class VectorFunctions
{
    /// <summary>arcsin x, from −π/2 to π/2.</summary>
    /// <remarks>
    /// An odd polynomial up to |x| = ½, and π/2 − 2·arcsin √((1 − |x|)/2) beyond. Within 1.25 ulp.
    /// Exactly odd; ±0 and subnormal numbers are returned as they are; NaN beyond ±1; NaN stays NaN.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Asin<TVector, T, TSimd>(TVector x)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        TVector magnitude = TSimd.Abs(x);
        TVector near = TSimd.LessThanOrEqual(magnitude, TSimd.Constant(0.5));
        ArcSineParts<TVector, T, TSimd>(magnitude, near, out TVector large, out TVector small);
        // What the difference of the large terms loses goes with the small ones.
        TVector turn = HalfTurn<TVector, T, TSimd>(0.5), term = TSimd.Add(large, large);
        TVector difference = TSimd.Subtract(turn, term);
        TVector lost = TSimd.Subtract(TSimd.Subtract(turn, difference), term);
        TVector low = TSimd.Add(lost, TSimd.Subtract(HalfTurnLow<TVector, T, TSimd>(0.5), TSimd.Add(small, small)));
        TVector far = TSimd.Add(difference, low);
        return TSimd.CopySign(TSimd.Select(near, TSimd.Add(large, small), far), x);
    }

    /// <summary>arccos x, from 0 to π.</summary>
    /// <remarks>
    /// π/2 − arcsin x up to |x| = ½, and 2·arcsin √((1 − x)/2) or π less that of −x beyond. Within 1.25 ulp, also where the result is small.
    /// Exactly 0 at 1; NaN beyond ±1; NaN stays NaN.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Acos<TVector, T, TSimd>(TVector x)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        TVector magnitude = TSimd.Abs(x), zero = TSimd.Constant(0);
        TVector near = TSimd.LessThanOrEqual(magnitude, TSimd.Constant(0.5));
        ArcSineParts<TVector, T, TSimd>(magnitude, near, out TVector large, out TVector small);
        TVector negative = TSimd.LessThan(x, zero);

        // base ± parts, the parts twice for large |x|.
        TVector right = TSimd.LessThan(zero, x);
        TVector scale = TSimd.Select(near, TSimd.Constant(1), TSimd.Constant(2));
        TVector sign = TSimd.Select(near, TSimd.Select(negative, TSimd.Constant(1), TSimd.Constant(-1)), TSimd.Select(negative, TSimd.Constant(-1), TSimd.Constant(1)));
        TVector turn = TSimd.Select(near, HalfTurn<TVector, T, TSimd>(0.5), TSimd.Select(right, zero, HalfTurn<TVector, T, TSimd>(1)));
        TVector turnLow = TSimd.Select(near, HalfTurnLow<TVector, T, TSimd>(0.5), TSimd.Select(right, zero, HalfTurnLow<TVector, T, TSimd>(1)));
        TVector factor = TSimd.Multiply(scale, sign);
        TVector term = TSimd.Multiply(factor, large);
        TVector sum = TSimd.Add(turn, term);
        TVector lost = TSimd.Add(TSimd.Subtract(turn, sum), term);
        return TSimd.Add(sum, TSimd.FusedMultiplyAdd(factor, small, TSimd.Add(lost, turnLow)));
    }

    /// <summary>arcsin of |x|, or of √((1 − |x|)/2) where |x| is beyond ½, as the sum of a large part and a small one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ArcSineParts<TVector, T, TSimd>(TVector magnitude, TVector near, out TVector large, out TVector small)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        TVector zero = TSimd.Constant(0), half = TSimd.Constant(0.5);

        // 1 − |x| is exact from ½ on; what rounding the root loses is (z − s²)/(2s).
        TVector farSquare = TSimd.FusedMultiplyAdd(magnitude, TSimd.Constant(-0.5), half);
        TVector root = TSimd.Sqrt(farSquare);
        TVector remainder = TSimd.FusedMultiplyAdd(TSimd.Negate(root), root, farSquare);
        TVector lost = TSimd.Divide(remainder, TSimd.Select(TSimd.Equal(root, zero), half, TSimd.Add(root, root)));
        TVector z = TSimd.Select(near, TSimd.Multiply(magnitude, magnitude), farSquare);
        large = TSimd.Select(near, magnitude, root);
        TVector p;
        if (typeof(T) == typeof(float))
        {
            // (arcsin(√z)/√z − 1)/z on 0 ≤ z ≤ 0.25, minimax relative to the arcsine: 2^−29.8.
            p = TSimd.Constant(0.03751664981);
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.01443850156));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.03180773184));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.04451695457));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.07500503957));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.1666665971));
        }
        else
        {
            // (arcsin(√z)/√z − 1)/z on 0 ≤ z ≤ 0.25, minimax relative to the arcsine: 2^−58.8.
            p = TSimd.Constant(0.032629185537928075);
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(-0.020999982413493098));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.0217081140397965));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.0037061267860435424));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.01078032983279376));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.011398897967093397));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.013980822365704254));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.0173516118545475));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.022372214996964693));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.03038194270743561));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.04464285717461948));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.07499999999970791));
            p = TSimd.FusedMultiplyAdd(p, z, TSimd.Constant(0.1666666666666676));
        }

        small = TSimd.FusedMultiplyAdd(TSimd.Multiply(large, z), p, TSimd.Select(near, zero, lost));
    }

    /// <summary>π times 1 or ½, rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector HalfTurn<TVector, T, TSimd>(double part)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T> => TSimd.Constant(part * Math.PI);

    /// <summary>What rounding lost in <see cref="HalfTurn"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector HalfTurnLow<TVector, T, TSimd>(double part)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T> => TSimd.Constant(part * (typeof(T) == typeof(float) ? -8.742278000372485e-08 : 1.2246467991473532e-16));
}
