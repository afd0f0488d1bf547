using System.Numerics;
using System.Runtime.Intrinsics;
using Glissade.Numerics;

namespace Glissade.Tests.Numerics;

public class VectorFunctionTests
{
    /// <summary>Name, largest error allowed in units in the last place, for float and double alike.</summary>
    public static TheoryData<string, double> Bounds => new()
    {
        { "Exp", 1 }, { "Tanh", 2.5 }, { "Erf", 1.25 }, { "ExpMinusOne", 1.5 },
        { "LogOnePlus", 1.5 }, { "Log", 1.5 }, { "Sigmoid", 2.5 }, { "Softplus", 2 },
    };

    [Theory]
    [MemberData(nameof(Bounds))]
    public void EveryKindOfSingleIsWithinItsBound(string name, double bound)
    {
        float[] arguments = SingleSweep(step: 997);
        float[] values = Apply<Vector256<float>, float, Simd256<float>>(name, arguments);
        Func<double, double> reference = Reference(name);
        for (int i = 0; i < arguments.Length; i++)
        {
            double error = UnitsInTheLastPlace(values[i], reference(arguments[i]));
            if (!(error <= bound))
            {
                Assert.Fail($"{name}({arguments[i]:R}) = {values[i]:R} is off by {error} units, want {reference(arguments[i]):R}.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Bounds))]
    public void DoubleAgreesWithTheTable(string name, double bound)
    {
        (double X, double Value)[] table = Table(name);
        double[] values = Apply<Vector256<double>, double, Simd256<double>>(name, [.. table.Select(row => row.X)]);
        for (int i = 0; i < table.Length; i++)
        {
            // The table is rounded, which may hide or add half a unit.
            double error = UnitsInTheLastPlace(values[i], table[i].Value);
            Assert.True(error <= bound + 0.5, $"{name}({table[i].X:R}) = {values[i]:R} is off by {error} units, want {table[i].Value:R}.");
        }
    }

    [Theory]
    [MemberData(nameof(Bounds))]
    public void WidthDoesNotChangeTheBits(string name, double bound)
    {
        Assert.True(bound > 0);
        float[] singles = SingleSweep(step: 9973);
        int[] single = Array.ConvertAll(Apply<Vector256<float>, float, Simd256<float>>(name, singles), BitConverter.SingleToInt32Bits);
        Assert.Equal(single, Array.ConvertAll(Apply<Vector512<float>, float, Simd512<float>>(name, singles), BitConverter.SingleToInt32Bits));
        Assert.Equal(single, Array.ConvertAll(Apply<Vector128<float>, float, Simd128<float>>(name, singles), BitConverter.SingleToInt32Bits));
        double[] doubles = DoubleSweep();
        long[] twice = Array.ConvertAll(Apply<Vector256<double>, double, Simd256<double>>(name, doubles), BitConverter.DoubleToInt64Bits);
        Assert.Equal(twice, Array.ConvertAll(Apply<Vector512<double>, double, Simd512<double>>(name, doubles), BitConverter.DoubleToInt64Bits));
        Assert.Equal(twice, Array.ConvertAll(Apply<Vector128<double>, double, Simd128<double>>(name, doubles), BitConverter.DoubleToInt64Bits));
    }

    [Theory]
    [InlineData("Tanh")]
    [InlineData("Erf")]
    public void OddFunctionsAreExactlyOddAndStayWithinOne(string name)
    {
        float[] singles = SingleSweep(step: 9973);
        float[] values = Apply<Vector256<float>, float, Simd256<float>>(name, singles);
        float[] mirrored = Apply<Vector256<float>, float, Simd256<float>>(name, Array.ConvertAll(singles, x => -x));
        double[] doubles = DoubleSweep();
        double[] wide = Apply<Vector256<double>, double, Simd256<double>>(name, doubles);
        double[] wideMirrored = Apply<Vector256<double>, double, Simd256<double>>(name, Array.ConvertAll(doubles, x => -x));
        for (int i = 0; i < values.Length; i++)
        {
            Assert.True(float.IsNaN(singles[i]) || BitConverter.SingleToInt32Bits(values[i]) == BitConverter.SingleToInt32Bits(-mirrored[i]));
            Assert.False(Math.Abs(values[i]) > 1);
        }

        for (int i = 0; i < wide.Length; i++)
        {
            Assert.True(double.IsNaN(doubles[i]) || BitConverter.DoubleToInt64Bits(wide[i]) == BitConverter.DoubleToInt64Bits(-wideMirrored[i]));
            Assert.False(Math.Abs(wide[i]) > 1);
        }
    }

    [Theory]
    [InlineData("Exp", 0, 1, 1, double.PositiveInfinity)]
    [InlineData("Tanh", -1, -0.0, 0, 1)]
    [InlineData("Erf", -1, -0.0, 0, 1)]
    [InlineData("ExpMinusOne", -1, -0.0, 0, double.PositiveInfinity)]
    [InlineData("LogOnePlus", double.NaN, -0.0, 0, double.PositiveInfinity)]
    [InlineData("Log", double.NaN, double.NegativeInfinity, double.NegativeInfinity, double.PositiveInfinity)]
    [InlineData("Sigmoid", 0, 0.5, 0.5, 1)]
    [InlineData("Softplus", 0, 0.6931471805599453, 0.6931471805599453, double.PositiveInfinity)]
    public void SpecialValues(string name, double atMinusInfinity, double atMinusZero, double atZero, double atInfinity)
    {
        double[] want = [atMinusInfinity, atMinusZero, atZero, atInfinity, double.NaN];
        double[] wide = Apply<Vector256<double>, double, Simd256<double>>(
            name, [double.NegativeInfinity, -0.0, 0, double.PositiveInfinity, double.NaN]);
        float[] narrow = Apply<Vector256<float>, float, Simd256<float>>(
            name, [float.NegativeInfinity, -0.0f, 0, float.PositiveInfinity, float.NaN]);
        for (int i = 0; i < want.Length; i++)
        {
            Assert.True(SameSingle(narrow[i], (float)want[i]), $"float {i}: {narrow[i]}, want {want[i]}");
            Assert.True(SameDouble(wide[i], want[i]), $"double {i}: {wide[i]}, want {want[i]}");
        }
    }

    [Fact]
    public void SaturationOverflowAndPoles()
    {
        Assert.Equal([1f, -1f, 1f], Apply<Vector256<float>, float, Simd256<float>>("Tanh", [10, -10, float.MaxValue]));
        Assert.Equal([1.0, -1, 1], Apply<Vector256<double>, double, Simd256<double>>("Tanh", [20, -20, double.MaxValue]));
        Assert.Equal([1f, -1f, 1f], Apply<Vector256<float>, float, Simd256<float>>("Erf", [3.95f, -3.95f, float.MaxValue]));
        Assert.Equal([1.0, -1, 1], Apply<Vector256<double>, double, Simd256<double>>("Erf", [5.95, -5.95, double.MaxValue]));
        Assert.Equal([-1f, float.PositiveInfinity], Apply<Vector256<float>, float, Simd256<float>>("ExpMinusOne", [-18, 88.73f]));
        Assert.Equal([-1.0, double.PositiveInfinity], Apply<Vector256<double>, double, Simd256<double>>("ExpMinusOne", [-38, 709.79]));
        Assert.Equal([0f, float.PositiveInfinity], Apply<Vector256<float>, float, Simd256<float>>("Exp", [-104, 88.73f]));
        Assert.Equal([0.0, double.PositiveInfinity], Apply<Vector256<double>, double, Simd256<double>>("Exp", [-746, 709.79]));
        Assert.Equal([float.NegativeInfinity, float.NaN], Apply<Vector256<float>, float, Simd256<float>>("LogOnePlus", [-1, -1.0000001f]));
        Assert.Equal([double.NegativeInfinity, double.NaN], Apply<Vector256<double>, double, Simd256<double>>("LogOnePlus", [-1, -1.0000000000000002]));
        Assert.Equal([0f, float.NaN], Apply<Vector256<float>, float, Simd256<float>>("Log", [1, -float.Epsilon]));
        Assert.Equal([0.0, double.NaN], Apply<Vector256<double>, double, Simd256<double>>("Log", [1, -double.Epsilon]));
    }

    internal static bool SameDouble(double x, double y) =>
        (double.IsNaN(x) && double.IsNaN(y)) || BitConverter.DoubleToInt64Bits(x) == BitConverter.DoubleToInt64Bits(y);

    internal static bool SameSingle(float x, float y) =>
        (float.IsNaN(x) && float.IsNaN(y)) || BitConverter.SingleToInt32Bits(x) == BitConverter.SingleToInt32Bits(y);

    /// <summary>Distance of a float from a more precise value, in units of the float's last place at that value.</summary>
    internal static double UnitsInTheLastPlace(float value, double want)
    {
        if (double.IsNaN(want) || float.IsNaN(value) || float.IsInfinity((float)want) || float.IsInfinity(value))
        {
            return SameSingle(value, (float)want) ? 0 : double.PositiveInfinity;
        }

        int exponent = want == 0 ? -126 : Math.Max(Math.ILogB(want), -126);
        return Math.Abs(value - want) / Math.ScaleB(1, exponent - 23);
    }

    internal static double UnitsInTheLastPlace(double value, double want)
    {
        if (!double.IsFinite(want) || !double.IsFinite(value))
        {
            return SameDouble(value, want) ? 0 : double.PositiveInfinity;
        }

        // Neighbouring numbers of one sign are neighbouring integers.
        long first = BitConverter.DoubleToInt64Bits(value), second = BitConverter.DoubleToInt64Bits(want);
        return first < 0 == second < 0 ? Math.Abs(first - second) : double.PositiveInfinity;
    }

    private static TVector Vector<TVector, T, TSimd>(string name, TVector x)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T> => name switch
        {
            "Exp" => VectorFunctions.Exp<TVector, T, TSimd>(x),
            "Tanh" => VectorFunctions.Tanh<TVector, T, TSimd>(x),
            "Erf" => VectorFunctions.Erf<TVector, T, TSimd>(x),
            "ExpMinusOne" => VectorFunctions.ExpMinusOne<TVector, T, TSimd>(x),
            "LogOnePlus" => VectorFunctions.LogOnePlus<TVector, T, TSimd>(x),
            "Log" => VectorFunctions.Log<TVector, T, TSimd>(x),
            "Sigmoid" => VectorFunctions.Sigmoid<TVector, T, TSimd>(x),
            _ => VectorFunctions.Softplus<TVector, T, TSimd>(x),
        };

    private static T[] Apply<TVector, T, TSimd>(string name, T[] arguments)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T> => VectorSweep.Apply<TVector, T, TSimd>(x => Vector<TVector, T, TSimd>(name, x), arguments);

    /// <summary>Every so manyth pattern of 32 bits, and the range where networks live more densely.</summary>
    private static float[] SingleSweep(int step)
    {
        List<float> sweep = VectorSweep.Patterns(step);

        for (int i = -200_000; i <= 200_000; i++)
        {
            sweep.Add(i * 6.1e-5f);
        }

        return [.. sweep];
    }

    private static double[] DoubleSweep()
    {
        List<double> sweep = [];
        for (ulong i = 0; i < 200_000; i++)
        {
            sweep.Add(BitConverter.UInt64BitsToDouble(i * 92_233_720_368_547UL));
            sweep.Add(((double)i - 100_000) * 7.3e-5);
            sweep.Add(((double)i - 100_000) * 7.3e-3);
        }

        return [.. sweep];
    }

    private static (double X, double Value)[] Table(string name) => name switch
    {
        "Exp" => VectorFunctionReference.Exp,
        "Tanh" => VectorFunctionReference.Tanh,
        "Erf" => VectorFunctionReference.Erf,
        "ExpMinusOne" => VectorFunctionReference.ExpMinusOne,
        "LogOnePlus" => VectorFunctionReference.LogOnePlus,
        "Log" => VectorFunctionReference.Log,
        "Sigmoid" => VectorFunctionReference.Sigmoid,
        _ => VectorFunctionReference.Softplus,
    };

    private static Func<double, double> Reference(string name) => name switch
    {
        "Exp" => Math.Exp,
        "Tanh" => Math.Tanh,
        "Erf" => ScalarReference.Erf,
        "ExpMinusOne" => ScalarReference.ExpMinusOne,
        "LogOnePlus" => ScalarReference.LogOnePlus,
        "Log" => Math.Log,
        "Sigmoid" => x => x > 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x)),
        _ => x => Math.Max(x, 0) + ScalarReference.LogOnePlus(Math.Exp(-Math.Abs(x))),
    };
}
