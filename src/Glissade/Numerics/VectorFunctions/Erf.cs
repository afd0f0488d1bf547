using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

internal static partial class VectorFunctions
{
    /// <summary>erf x = 2/√π · ∫₀ˣ e^(−t²) dt.</summary>
    /// <remarks>
    /// An odd polynomial for |x| below 1, and 1 − e^(ln erfc |x|) beyond. Within 1.25 ulp.
    /// Exactly odd; ±0 stay themselves; ±1 from |x| = 3.95 (float) or 5.95 (double) on; NaN stays NaN.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Erf<TVector, T, TSimd>(TVector x)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        TVector magnitude = TSimd.Abs(x);
        TVector one = TSimd.Constant(1);
        TVector z = TSimd.Multiply(x, x);
        TVector near;
        if (typeof(T) == typeof(float))
        {
            // erf(√z)/√z − 1 on 0 ≤ z ≤ 1, minimax relative to erf: 2^−29.4.
            near = TSimd.Constant(7.806903159e-5);
            near = TSimd.FusedMultiplyAdd(near, z, TSimd.Constant(-0.0007997853099));
            near = TSimd.FusedMultiplyAdd(near, z, TSimd.Constant(0.005187162198));
            near = TSimd.FusedMultiplyAdd(near, z, TSimd.Constant(-0.0268533472));
            near = TSimd.FusedMultiplyAdd(near, z, TSimd.Constant(0.1128357872));
            near = TSimd.FusedMultiplyAdd(near, z, TSimd.Constant(-0.3761262596));
            near = TSimd.FusedMultiplyAdd(near, z, TSimd.Constant(0.1283791661));
        }
        else
        {
            // erf(√z)/√z − 1 on 0 ≤ z ≤ 1, minimax relative to erf: 2^−56.3.
            near = TSimd.Constant(5.94525927602576e-11);
            near = TSimd.FusedMultiplyAdd(near, z, TSimd.Constant(-1.1365664748682918e-09));
            near = TSimd.FusedMultiplyAdd(near, z, TSimd.Constant(1.4657879606096233e-08));
            near = TSimd.FusedMultiplyAdd(near, z, TSimd.Constant(-1.635002520123549e-07));
            near = TSimd.FusedMultiplyAdd(near, z, TSimd.Constant(1.6460972816494542e-06));
            near = TSimd.FusedMultiplyAdd(near, z, TSimd.Constant(-1.4925593506960294e-05));
            near = TSimd.FusedMultiplyAdd(near, z, TSimd.Constant(0.00012055331036907019));
            near = TSimd.FusedMultiplyAdd(near, z, TSimd.Constant(-0.0008548326978742523));
            near = TSimd.FusedMultiplyAdd(near, z, TSimd.Constant(0.005223977624780874));
            near = TSimd.FusedMultiplyAdd(near, z, TSimd.Constant(-0.026866170645072896));
            near = TSimd.FusedMultiplyAdd(near, z, TSimd.Constant(0.11283791670954857));
            near = TSimd.FusedMultiplyAdd(near, z, TSimd.Constant(-0.3761263890318375));
            near = TSimd.FusedMultiplyAdd(near, z, TSimd.Constant(0.1283791670955126));
        }
        near = TSimd.FusedMultiplyAdd(x, near, x);

        // Beyond the bound the value rounds to 1. Powers of |x| − 1, because erfc is largest, and its error counts most, at 1.
        TVector bound = TSimd.Constant(typeof(T) == typeof(float) ? 3.95 : 5.95);
        TVector t = TSimd.Subtract(TSimd.Select(TSimd.GreaterThan(magnitude, bound), bound, magnitude), one);
        TVector exponent;
        if (typeof(T) == typeof(float))
        {
            // ln erfc(1 + t) on 0 ≤ t ≤ 2.95, minimax relative to 1/erfc: 2^−26.9.
            exponent = TSimd.Constant(9.007504559e-5);
            exponent = TSimd.FusedMultiplyAdd(exponent, t, TSimd.Constant(-0.001481050975));
            exponent = TSimd.FusedMultiplyAdd(exponent, t, TSimd.Constant(0.009452713653));
            exponent = TSimd.FusedMultiplyAdd(exponent, t, TSimd.Constant(-0.04126222432));
            exponent = TSimd.FusedMultiplyAdd(exponent, t, TSimd.Constant(-0.8431723714));
            exponent = TSimd.FusedMultiplyAdd(exponent, t, TSimd.Constant(-2.638962746));
            exponent = TSimd.FusedMultiplyAdd(exponent, t, TSimd.Constant(-1.84960556));
        }
        else
        {
            // ln erfc(1 + t) on 0 ≤ t ≤ 4.95, minimax relative to 1/erfc: 2^−55.9.
            exponent = TSimd.Constant(-4.865229330049515e-12);
            exponent = TSimd.FusedMultiplyAdd(exponent, t, TSimd.Constant(1.193304841160274e-10));
            exponent = TSimd.FusedMultiplyAdd(exponent, t, TSimd.Constant(-1.319148021218528e-09));
            exponent = TSimd.FusedMultiplyAdd(exponent, t, TSimd.Constant(8.51903197013858e-09));
            exponent = TSimd.FusedMultiplyAdd(exponent, t, TSimd.Constant(-3.339223876694012e-08));
            exponent = TSimd.FusedMultiplyAdd(exponent, t, TSimd.Constant(5.801414269990272e-08));
            exponent = TSimd.FusedMultiplyAdd(exponent, t, TSimd.Constant(2.0480726157502942e-07));
            exponent = TSimd.FusedMultiplyAdd(exponent, t, TSimd.Constant(-2.1319337830803154e-06));
            exponent = TSimd.FusedMultiplyAdd(exponent, t, TSimd.Constant(9.671371561199659e-06));
            exponent = TSimd.FusedMultiplyAdd(exponent, t, TSimd.Constant(-2.719896952635769e-05));
            exponent = TSimd.FusedMultiplyAdd(exponent, t, TSimd.Constant(2.629632592248995e-05));
            exponent = TSimd.FusedMultiplyAdd(exponent, t, TSimd.Constant(0.00023731643481079948));
            exponent = TSimd.FusedMultiplyAdd(exponent, t, TSimd.Constant(-0.001977901215714883));
            exponent = TSimd.FusedMultiplyAdd(exponent, t, TSimd.Constant(0.0100338251790919));
            exponent = TSimd.FusedMultiplyAdd(exponent, t, TSimd.Constant(-0.04156109802507605));
            exponent = TSimd.FusedMultiplyAdd(exponent, t, TSimd.Constant(-0.8431072563594129));
            exponent = TSimd.FusedMultiplyAdd(exponent, t, TSimd.Constant(-2.6389675142347757));
            exponent = TSimd.FusedMultiplyAdd(exponent, t, TSimd.Constant(-1.8496055099332482));
        }
        SplitExponent<TVector, T, TSimd>(exponent, out TVector shifted, out _, out TVector r, out TVector correction);
        TVector growth = TSimd.Add(one, TSimd.Add(r, ExponentialTail<TVector, T, TSimd>(r, correction)));
        TVector far = TSimd.FusedMultiplyAdd(TSimd.Negate(PowerOfTwo<TVector, T, TSimd>(shifted)), growth, one);
        return TSimd.Select(TSimd.LessThan(magnitude, one), near, TSimd.CopySign(far, x));
    }
}
