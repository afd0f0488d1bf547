using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Glissade.Numerics;

namespace Glissade.Tests.Numerics;

/// <summary>What a mask leaves of a number, for every kind of both: one instruction with a table where the hardware has it.</summary>
public sealed class WherePositiveTests
{
    /// <summary>Both kinds of NaN with either sign, zeros, the smallest and the greatest numbers, ±1, infinities.</summary>
    private static readonly double[] s_kinds =
    [
        double.NaN, -double.NaN, 0, -0.0, 1, -1, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, -double.Epsilon,
        double.MaxValue, double.MinValue, 2.5, -2.5, BitConverter.UInt64BitsToDouble(0x7FF0_0000_0000_0001), BitConverter.UInt64BitsToDouble(0xFFF0_0000_0000_0001),
    ];

    private static readonly float[] s_floatKinds =
    [
        float.NaN, -float.NaN, 0, -0f, 1, -1, float.PositiveInfinity, float.NegativeInfinity, float.Epsilon, -float.Epsilon,
        float.MaxValue, float.MinValue, 2.5f, -2.5f, BitConverter.UInt32BitsToSingle(0x7F80_0001), BitConverter.UInt32BitsToSingle(0xFF80_0001),
    ];

    [Fact]
    public void OnlyWhatIsPositiveLeavesTheNumberToTheBit()
    {
        Check<Vector512<float>, Simd512<float>, float>(s_floatKinds);
        Check<Vector256<float>, Simd256<float>, float>(s_floatKinds);
        Check<Vector128<float>, Simd128<float>, float>(s_floatKinds);
        Check<Vector512<double>, Simd512<double>, double>(s_kinds);
        Check<Vector256<double>, Simd256<double>, double>(s_kinds);
        Check<Vector128<double>, Simd128<double>, double>(s_kinds);
    }

    private static unsafe void Check<TVector, TSimd, T>(T[] kinds)
        where TVector : struct
        where TSimd : ISimd<TVector, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Assert.Equal(0, kinds.Length % TSimd.Count);
        for (int shift = 0; shift < kinds.Length; shift++)
        {
            T[] x = [.. kinds[shift..], .. kinds[..shift]], actual = new T[x.Length];
            fixed (T* condition = kinds, number = x, to = actual)
            {
                for (int i = 0; i < x.Length; i += TSimd.Count)
                {
                    TSimd.Store(TSimd.WherePositive(TSimd.Load(condition + i), TSimd.Load(number + i)), to + i);
                }
            }

            T[] expected = [.. kinds.Select((c, i) => c > T.Zero ? x[i] : T.Zero)];
            Assert.Equal(MemoryMarshal.AsBytes(expected.AsSpan()), MemoryMarshal.AsBytes(actual.AsSpan()));
        }
    }
}
