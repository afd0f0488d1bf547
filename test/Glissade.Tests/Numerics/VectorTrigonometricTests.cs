using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Glissade.Numerics;

namespace Glissade.Tests.Numerics;

public class VectorTrigonometricTests
{
    [Theory]
    [InlineData("Sin")]
    [InlineData("Cos")]
    public void EveryKindOfSingleIsWithinOneUnit(string name)
    {
        float[] arguments = Singles(step: 997);
        float[] values = Apply<Vector256<float>, float, Simd256<float>>(name, arguments);
        for (int i = 0; i < arguments.Length; i++)
        {
            double want = name == "Sin" ? Math.Sin(arguments[i]) : Math.Cos(arguments[i]);
            double error = VectorFunctionTests.UnitsInTheLastPlace(values[i], want);
            if (!(error <= 1))
            {
                Assert.Fail($"{name}({arguments[i]:R}) = {values[i]:R} is off by {error} units, want {want:R}.");
            }
        }
    }

    [Fact]
    public void DoubleAgreesWithTheTable()
    {
        double[] arguments = [.. VectorTrigonometricReference.Values.Select(row => row.X)];
        double[] sines = Apply<Vector256<double>, double, Simd256<double>>("Sin", arguments);
        double[] cosines = Apply<Vector256<double>, double, Simd256<double>>("Cos", arguments);
        for (int i = 0; i < arguments.Length; i++)
        {
            (double x, double sine, double cosine) = VectorTrigonometricReference.Values[i];
            Assert.True(VectorFunctionTests.UnitsInTheLastPlace(sines[i], sine) <= 1, $"The sine of {x:R} is {sines[i]:R}, want {sine:R}.");
            Assert.True(VectorFunctionTests.UnitsInTheLastPlace(cosines[i], cosine) <= 1, $"The cosine of {x:R} is {cosines[i]:R}, want {cosine:R}.");
        }
    }

    [Fact]
    public void DoubleAgreesWithTheScalarFunctions()
    {
        double[] arguments = Doubles();
        double[] sines = Apply<Vector512<double>, double, Simd512<double>>("Sin", arguments);
        double[] cosines = Apply<Vector512<double>, double, Simd512<double>>("Cos", arguments);
        for (int i = 0; i < arguments.Length; i++)
        {
            // Two results, each within a unit.
            Assert.True(VectorFunctionTests.UnitsInTheLastPlace(sines[i], Math.Sin(arguments[i])) <= 2, $"sin {arguments[i]:R} = {sines[i]:R}");
            Assert.True(VectorFunctionTests.UnitsInTheLastPlace(cosines[i], Math.Cos(arguments[i])) <= 2, $"cos {arguments[i]:R} = {cosines[i]:R}");
        }
    }

    [Fact]
    public void SineIsExactlyOddAndCosineExactlyEven()
    {
        AssertSymmetric<Vector256<float>, float, Simd256<float>>(Singles(step: 9973));
        AssertSymmetric<Vector256<double>, double, Simd256<double>>(Doubles());
    }

    [Fact]
    public void SpecialValues()
    {
        double[] arguments = [0, -0.0, double.PositiveInfinity, double.NegativeInfinity, double.NaN, double.Epsilon, -double.Epsilon];
        double[] sines = [0, -0.0, double.NaN, double.NaN, double.NaN, double.Epsilon, -double.Epsilon];
        double[] cosines = [1, 1, double.NaN, double.NaN, double.NaN, 1, 1];
        Assert.Equal(Bits(sines), Bits(Apply<Vector256<double>, double, Simd256<double>>("Sin", arguments)));
        Assert.Equal(Bits(cosines), Bits(Apply<Vector256<double>, double, Simd256<double>>("Cos", arguments)));
        float[] narrow = [0, -0.0f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, float.Epsilon, -float.Epsilon];
        float[] narrowSines = [0, -0.0f, float.NaN, float.NaN, float.NaN, float.Epsilon, -float.Epsilon];
        Assert.Equal(Bits(narrowSines), Bits(Apply<Vector256<float>, float, Simd256<float>>("Sin", narrow)));
        Assert.Equal(Bits(Array.ConvertAll(cosines, c => (float)c)), Bits(Apply<Vector256<float>, float, Simd256<float>>("Cos", narrow)));
    }

    /// <summary>The same for what the framework computes: its logarithm is ours as long as this holds.</summary>
    [Theory]
    [InlineData("Sin")]
    [InlineData("Cos")]
    [InlineData("Log")]
    [InlineData("Sqrt")]
    [InlineData("Floor")]
    public void NeitherNeighboursNorWidthChangeTheBits(string name)
    {
        float[] singles =
        [
            .. (float[])[0, -0.0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.Epsilon, -1e-40f, -2.5f, 1e5f, 1.00001e5f],
            .. Singles(step: 1_000_003),
        ];
        AssertIndependent<Vector256<float>, float, Simd256<float>>(name, singles);
        AssertIndependent<Vector512<float>, float, Simd512<float>>(name, singles);
        Assert.Equal(
            Bits(Apply<Vector256<float>, float, Simd256<float>>(name, singles)),
            Bits(Apply<Vector512<float>, float, Simd512<float>>(name, singles)));
        double[] doubles =
        [
            .. (double[])[0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e300, double.Epsilon, -1e-310, -2.5, 1e9, 1.000001e9],
            .. Doubles(),
        ];
        AssertIndependent<Vector256<double>, double, Simd256<double>>(name, doubles);
        AssertIndependent<Vector512<double>, double, Simd512<double>>(name, doubles);
        Assert.Equal(
            Bits(Apply<Vector256<double>, double, Simd256<double>>(name, doubles)),
            Bits(Apply<Vector512<double>, double, Simd512<double>>(name, doubles)));
    }

    /// <summary>Every value alone in a vector, and among others of which a third are the first eleven, the peculiar ones.</summary>
    private static void AssertIndependent<TVector, T, TSimd>(string name, T[] values)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        var random = new Random(31);
        T[] alone = new T[TSimd.Count], mixed = new T[TSimd.Count];
        for (int i = 0; i < values.Length; i += 1 + (i / 64))
        {
            Array.Fill(alone, values[i]);
            long want = Bits(Apply<TVector, T, TSimd>(name, alone))[0];
            for (int trial = 0; trial < 50; trial++)
            {
                for (int j = 0; j < mixed.Length; j++)
                {
                    mixed[j] = values[random.Next(random.Next(3) == 0 ? 11 : values.Length)];
                }

                int lane = random.Next(mixed.Length);
                mixed[lane] = values[i];
                long got = Bits(Apply<TVector, T, TSimd>(name, mixed))[lane];
                Assert.True(want == got, $"{name}({values[i]:R}) among {string.Join(' ', mixed)}");
            }
        }
    }

    private static void AssertSymmetric<TVector, T, TSimd>(T[] arguments)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        arguments = Array.FindAll(arguments, T.IsFinite);
        T[] mirrored = Array.ConvertAll(arguments, x => -x);
        T[] sines = Apply<TVector, T, TSimd>("Sin", arguments), cosines = Apply<TVector, T, TSimd>("Cos", arguments);
        Assert.Equal(Bits(Array.ConvertAll(sines, s => -s)), Bits(Apply<TVector, T, TSimd>("Sin", mirrored)));
        Assert.Equal(Bits(cosines), Bits(Apply<TVector, T, TSimd>("Cos", mirrored)));
        Assert.DoesNotContain(sines, s => T.Abs(s) > T.One);
        Assert.DoesNotContain(cosines, c => T.Abs(c) > T.One);
    }

    private static long[] Bits<T>(T[] values)
        where T : unmanaged => Array.ConvertAll(values, v => Unsafe.SizeOf<T>() == 4 ? Unsafe.BitCast<T, int>(v) : Unsafe.BitCast<T, long>(v));

    private static TVector Vector<TVector, T, TSimd>(string name, TVector x)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T> => name switch
        {
            "Sin" => VectorFunctions.Sin<TVector, T, TSimd>(x),
            "Cos" => VectorFunctions.Cos<TVector, T, TSimd>(x),
            "Log" => VectorFunctions.Log<TVector, T, TSimd>(x),
            "Sqrt" => TSimd.Sqrt(x),
            _ => TSimd.Floor(x),
        };

    private static T[] Apply<TVector, T, TSimd>(string name, T[] arguments)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T> => VectorSweep.Apply<TVector, T, TSimd>(x => Vector<TVector, T, TSimd>(name, x), arguments);

    /// <summary>Every so manyth pattern of 32 bits, and the range of the reduction more densely.</summary>
    private static float[] Singles(int step)
    {
        List<float> sweep = VectorSweep.Patterns(step);

        for (int i = -63_000; i <= 63_000; i++)
        {
            // Neighbours of the multiples of π/2, and the middle between two.
            sweep.Add((float)(i * (Math.PI / 2)));
            sweep.Add((float)((i + 0.5) * (Math.PI / 2)));
        }

        return [.. sweep];
    }

    private static double[] Doubles()
    {
        var random = new Random(30);
        List<double> sweep = [];
        for (int i = 0; i < 50_000; i++)
        {
            sweep.Add(BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)));
            sweep.Add((random.NextDouble() - 0.5) * 20);
            sweep.Add((random.NextDouble() - 0.5) * 3e9);
            sweep.Add(random.Next(-600_000_000, 600_000_000) * (Math.PI / 2));
        }

        return [.. sweep];
    }
}
