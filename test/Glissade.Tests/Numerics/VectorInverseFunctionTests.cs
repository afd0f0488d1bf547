using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Glissade.Numerics;

namespace Glissade.Tests.Numerics;

/// <summary>Tangent, hyperbolic functions, all inverses, the reciprocal root and rounding: bounds, widths, symmetry, special values.</summary>
public class VectorInverseFunctionTests
{
    /// <summary>Name, largest error allowed in units in the last place, for float and double alike.</summary>
    public static TheoryData<string, double> Bounds => new()
    {
        { "ReciprocalSqrt", 1.5 }, { "Tan", 2.5 }, { "Atan", 1.5 }, { "Asin", 1.25 }, { "Acos", 1.25 }, { "Sinh", 2 },
        { "Cosh", 2 }, { "Asinh", 2.5 }, { "Acosh", 2.5 }, { "Atanh", 2 }, { "Round", 0 },
    };

    [Theory]
    [MemberData(nameof(Bounds))]
    public void EveryKindOfSingleIsWithinItsBound(string name, double bound)
    {
        float[] arguments = Singles(step: 997);
        float[] values = Apply<Vector256<float>, float, Simd256<float>>(name, arguments);
        Func<double, double> reference = Reference(name);
        for (int i = 0; i < arguments.Length; i++)
        {
            double want = reference(arguments[i]);
            double error = VectorFunctionTests.UnitsInTheLastPlace(values[i], want);
            if (!(error <= bound))
            {
                Assert.Fail($"{name}({arguments[i]:R}) = {values[i]:R} is off by {error} units, want {want:R}.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Bounds))]
    public void DoubleAgreesWithTheTable(string name, double bound)
    {
        (double X, double Value)[] table = VectorInverseReference.Values.GetValueOrDefault(name, []);
        double[] values = Apply<Vector256<double>, double, Simd256<double>>(name, [.. table.Select(row => row.X)]);
        for (int i = 0; i < table.Length; i++)
        {
            // The table is rounded, which may hide or add half a unit.
            double error = VectorFunctionTests.UnitsInTheLastPlace(values[i], table[i].Value);
            Assert.True(error <= bound + 0.5, $"{name}({table[i].X:R}) = {values[i]:R} is off by {error} units, want {table[i].Value:R}.");
        }
    }

    [Theory]
    [MemberData(nameof(Bounds))]
    public void DoubleAgreesWithTheScalarFunctions(string name, double bound)
    {
        double[] arguments = Doubles();
        double[] values = Apply<Vector512<double>, double, Simd512<double>>(name, arguments);
        Func<double, double> reference = Reference(name);
        for (int i = 0; i < arguments.Length; i++)
        {
            // The platform's functions may be off by two units themselves, but not where nothing is rounded.
            double want = reference(arguments[i]);
            double error = VectorFunctionTests.UnitsInTheLastPlace(values[i], want);
            if (!(error <= (bound == 0 ? 0 : bound + 2)))
            {
                Assert.Fail($"{name}({arguments[i]:R}) = {values[i]:R} is off by {error} units, want {want:R}.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Bounds))]
    public void NeitherNeighboursNorWidthChangeTheBits(string name, double bound)
    {
        Assert.True(bound >= 0);
        float[] singles = Singles(step: 9973);
        Assert.Equal(Bits(Apply<Vector256<float>, float, Simd256<float>>(name, singles)), Bits(Apply<Vector512<float>, float, Simd512<float>>(name, singles)));
        Assert.Equal(Bits(Apply<Vector256<float>, float, Simd256<float>>(name, singles)), Bits(Apply<Vector128<float>, float, Simd128<float>>(name, singles)));
        double[] doubles = Doubles();
        Assert.Equal(Bits(Apply<Vector256<double>, double, Simd256<double>>(name, doubles)), Bits(Apply<Vector512<double>, double, Simd512<double>>(name, doubles)));
        Assert.Equal(Bits(Apply<Vector256<double>, double, Simd256<double>>(name, doubles)), Bits(Apply<Vector128<double>, double, Simd128<double>>(name, doubles)));

        // In reversed order every number has other neighbours.
        double[] reversed = [.. Enumerable.Reverse(doubles)];
        Assert.Equal(Bits(Apply<Vector256<double>, double, Simd256<double>>(name, doubles)), Bits([.. Enumerable.Reverse(Apply<Vector256<double>, double, Simd256<double>>(name, reversed))]));
    }

    [Theory]
    [InlineData("Tan", true)]
    [InlineData("Atan", true)]
    [InlineData("Asin", true)]
    [InlineData("Sinh", true)]
    [InlineData("Asinh", true)]
    [InlineData("Atanh", true)]
    [InlineData("Round", true)]
    [InlineData("Cosh", false)]
    public void SymmetryIsExact(string name, bool odd)
    {
        float[] singles = Array.FindAll(Singles(step: 9973), x => !float.IsNaN(x));
        double[] doubles = Array.FindAll(Doubles(), x => !double.IsNaN(x));
        float[] narrow = Apply<Vector256<float>, float, Simd256<float>>(name, singles), narrowMirrored = Apply<Vector256<float>, float, Simd256<float>>(name, Array.ConvertAll(singles, x => -x));
        double[] wide = Apply<Vector256<double>, double, Simd256<double>>(name, doubles), wideMirrored = Apply<Vector256<double>, double, Simd256<double>>(name, Array.ConvertAll(doubles, x => -x));
        for (int i = 0; i < narrow.Length; i++)
        {
            Assert.True(VectorFunctionTests.SameSingle(odd ? -narrow[i] : narrow[i], narrowMirrored[i]), $"{name} at {singles[i]:R}");
        }

        for (int i = 0; i < wide.Length; i++)
        {
            Assert.True(VectorFunctionTests.SameDouble(odd ? -wide[i] : wide[i], wideMirrored[i]), $"{name} at {doubles[i]:R}");
        }
    }

    /// <summary>At −∞, −0, 0, ∞, −1 and 1; NaN stays NaN.</summary>
    [Theory]
    [InlineData("ReciprocalSqrt", double.NaN, double.NegativeInfinity, double.PositiveInfinity, 0, double.NaN, 1)]
    [InlineData("Tan", double.NaN, -0.0, 0, double.NaN, -1.5574077246549023, 1.5574077246549023)]
    [InlineData("Atan", -Math.PI / 2, -0.0, 0, Math.PI / 2, -Math.PI / 4, Math.PI / 4)]
    [InlineData("Asin", double.NaN, -0.0, 0, double.NaN, -Math.PI / 2, Math.PI / 2)]
    [InlineData("Acos", double.NaN, Math.PI / 2, Math.PI / 2, double.NaN, Math.PI, 0)]
    [InlineData("Sinh", double.NegativeInfinity, -0.0, 0, double.PositiveInfinity, -1.1752011936438014, 1.1752011936438014)]
    [InlineData("Cosh", double.PositiveInfinity, 1, 1, double.PositiveInfinity, 1.5430806348152437, 1.5430806348152437)]
    [InlineData("Asinh", double.NegativeInfinity, -0.0, 0, double.PositiveInfinity, -0.881373587019543, 0.881373587019543)]
    [InlineData("Acosh", double.NaN, double.NaN, double.NaN, double.PositiveInfinity, double.NaN, 0)]
    [InlineData("Atanh", double.NaN, -0.0, 0, double.NaN, double.NegativeInfinity, double.PositiveInfinity)]
    [InlineData("Round", double.NegativeInfinity, -0.0, 0, double.PositiveInfinity, -1, 1)]
    public void SpecialValues(string name, double atMinusInfinity, double atMinusZero, double atZero, double atInfinity, double atMinusOne, double atOne)
    {
        double[] want = [atMinusInfinity, atMinusZero, atZero, atInfinity, atMinusOne, atOne, double.NaN];
        double[] arguments = [double.NegativeInfinity, -0.0, 0, double.PositiveInfinity, -1, 1, double.NaN];
        double[] wide = Apply<Vector256<double>, double, Simd256<double>>(name, arguments);
        float[] narrow = Apply<Vector256<float>, float, Simd256<float>>(name, Array.ConvertAll(arguments, x => (float)x));
        for (int i = 0; i < want.Length; i++)
        {
            // Exact where the value is, and within the widest bound at ±1.
            bool rounded = i is 4 or 5;
            Assert.True(rounded ? VectorFunctionTests.UnitsInTheLastPlace(wide[i], want[i]) <= 2.5 : VectorFunctionTests.SameDouble(wide[i], want[i]), $"double at {arguments[i]}: {wide[i]:R}, want {want[i]:R}");
            Assert.True(rounded ? VectorFunctionTests.UnitsInTheLastPlace(narrow[i], want[i]) <= 2.5 : VectorFunctionTests.SameSingle(narrow[i], (float)want[i]), $"float at {arguments[i]}: {narrow[i]:R}, want {want[i]:R}");
        }
    }

    [Theory]
    [InlineData("Tan")]
    [InlineData("Atan")]
    [InlineData("Asin")]
    [InlineData("Sinh")]
    [InlineData("Asinh")]
    [InlineData("Atanh")]
    public void SubnormalNumbersStayThemselves(string name)
    {
        double[] wide = [double.Epsilon, -double.Epsilon, 1e-310, -2.2e-308];
        float[] narrow = [float.Epsilon, -float.Epsilon, 1e-40f, -1.1e-38f];
        Assert.Equal(Bits(wide), Bits(Apply<Vector256<double>, double, Simd256<double>>(name, wide)));
        Assert.Equal(Bits(narrow), Bits(Apply<Vector256<float>, float, Simd256<float>>(name, narrow)));
    }

    [Fact]
    public void OverflowAndDomains()
    {
        Assert.Equal([double.PositiveInfinity, double.NegativeInfinity, double.PositiveInfinity], Apply<Vector256<double>, double, Simd256<double>>("Sinh", [710.476, -710.476, double.MaxValue]));
        Assert.Equal([float.PositiveInfinity, float.NegativeInfinity, float.PositiveInfinity], Apply<Vector256<float>, float, Simd256<float>>("Sinh", [89.42f, -89.42f, float.MaxValue]));
        Assert.Equal([double.PositiveInfinity, double.PositiveInfinity], Apply<Vector256<double>, double, Simd256<double>>("Cosh", [710.476, -1e300]));
        Assert.Equal([float.PositiveInfinity, float.PositiveInfinity], Apply<Vector256<float>, float, Simd256<float>>("Cosh", [89.42f, -1e30f]));
        foreach (string name in (string[])["Asin", "Acos", "Atanh"])
        {
            Assert.All(Apply<Vector256<double>, double, Simd256<double>>(name, [1.0000000000000002, -1.0000000000000002, 7, -1e300]), v => Assert.True(double.IsNaN(v)));
        }

        Assert.All(Apply<Vector256<double>, double, Simd256<double>>("Acosh", [0.9999999999999999, 0, -1, -3, -1e300]), v => Assert.True(double.IsNaN(v)));
        Assert.Equal([0.0, 2, 2, -2, 4, 4503599627370497, 4503599627370496], Apply<Vector256<double>, double, Simd256<double>>("Round", [0.5, 1.5, 2.5, -2.5, 3.5, 4503599627370497, 4503599627370495.5]));
        Assert.Equal([0f, 2, -2, 8388609, 8388608, 16777217], Apply<Vector256<float>, float, Simd256<float>>("Round", [0.5f, 2.5f, -2.5f, 8388609, 8388607.5f, 16777217]));
    }

    internal static long[] Bits<T>(T[] values)
        where T : unmanaged, IFloatingPointIeee754<T> => Array.ConvertAll(values, v => T.IsNaN(v) ? -1 : Unsafe.SizeOf<T>() == 4 ? Unsafe.BitCast<T, int>(v) : Unsafe.BitCast<T, long>(v));

    private static TVector Vector<TVector, T, TSimd>(string name, TVector x)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T> => name switch
        {
            "ReciprocalSqrt" => TSimd.Divide(TSimd.Constant(1), TSimd.Sqrt(x)),
            "Tan" => VectorFunctions.Tan<TVector, T, TSimd>(x),
            "Atan" => VectorFunctions.Atan<TVector, T, TSimd>(x),
            "Asin" => VectorFunctions.Asin<TVector, T, TSimd>(x),
            "Acos" => VectorFunctions.Acos<TVector, T, TSimd>(x),
            "Sinh" => VectorFunctions.Sinh<TVector, T, TSimd>(x),
            "Cosh" => VectorFunctions.Cosh<TVector, T, TSimd>(x),
            "Asinh" => VectorFunctions.Asinh<TVector, T, TSimd>(x),
            "Acosh" => VectorFunctions.Acosh<TVector, T, TSimd>(x),
            "Atanh" => VectorFunctions.Atanh<TVector, T, TSimd>(x),
            _ => VectorFunctions.Round<TVector, T, TSimd>(x),
        };

    private static Func<double, double> Reference(string name) => name switch
    {
        "ReciprocalSqrt" => x => 1 / Math.Sqrt(x),
        "Tan" => Math.Tan,
        "Atan" => Math.Atan,
        "Asin" => Math.Asin,
        "Acos" => Math.Acos,
        "Sinh" => Math.Sinh,
        "Cosh" => Math.Cosh,
        "Asinh" => Math.Asinh,
        "Acosh" => Math.Acosh,
        "Atanh" => Math.Atanh,
        _ => x => Math.Round(x, MidpointRounding.ToEven),
    };

    private static T[] Apply<TVector, T, TSimd>(string name, T[] arguments)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T> => VectorSweep.Apply<TVector, T, TSimd>(x => Vector<TVector, T, TSimd>(name, x), arguments);

    /// <summary>Every so manyth pattern of 32 bits, and more densely around 0, ±1 and where the methods change.</summary>
    private static float[] Singles(int step)
    {
        List<float> sweep = VectorSweep.Patterns(step);

        for (int i = -100_000; i <= 100_000; i++)
        {
            sweep.Add(i * 1.2e-5f);
            sweep.Add(i * 1e-3f);
            sweep.Add(1 + (i * 6e-8f));
        }

        return [.. sweep];
    }

    private static double[] Doubles()
    {
        var random = new Random(31);
        List<double> sweep = [];
        for (int i = 0; i < 50_000; i++)
        {
            sweep.Add(BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)));
            sweep.Add((random.NextDouble() - 0.5) * 2.02);
            sweep.Add((random.NextDouble() - 0.5) * 10);
            sweep.Add((random.NextDouble() - 0.5) * 1430);
            sweep.Add(1 + (random.NextDouble() * 1e-3));
            sweep.Add(Math.Exp((random.NextDouble() - 0.5) * 100));
        }

        return [.. sweep];
    }
}
