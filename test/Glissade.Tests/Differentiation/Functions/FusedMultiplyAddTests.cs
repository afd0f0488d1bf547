using System.Numerics;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>x·y + z with one rounding, by both executors, in whole vectors and in what is left of them.</summary>
public sealed class FusedMultiplyAddTests
{
    /// <summary>x, y, z and the value, rounded from exact fractions by Python; a product and a sum that are each rounded give none of them.</summary>
    private static readonly double[][] Doubles =
    [
        [-0.7046689406673505, -1.3966033043019923, -1.002710608565005, -0.018567637589998732],
        [-0.5372443323496578, -1.7680043009011728, -0.9533817068929923, -0.003531416664018139],
        [-1.7205783057015243, -1.6371479466245398, -2.816841240179792, 6.187908218564304e-12],
        [0.5225036629269484, 0.3319876178416292, -0.17346474636753723, 1.1059661855484879e-12],
        [-1.8136692775289749, 1.433873836194718, 2.5984356730216907, -0.002137251537283387],
        [-0.7660727035922625, 1.2645054364801256, 0.9687030984269432, -4.500571760433787e-12],
    ];

    private static readonly float[][] Floats =
    [
        [-0.704668939f, -1.39660335f, -1.06318796f, -0.0790449604f],
        [-0.53724432f, -1.7680043f, -0.949754238f, 9.60286707e-05f],
        [-1.72057831f, -1.6371479f, -2.80028343f, 0.0165577456f],
        [0.522503674f, 0.331987619f, -0.173184708f, 0.00028004311f],
        [-1.81366932f, 1.43387389f, 2.60057402f, 9.24586629e-07f],
        [-0.76607269f, 1.26450539f, 0.970858514f, 0.00215547089f],
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void IsRoundedOnce(bool emit)
    {
        AssertValues(Doubles, emit);
        AssertValues(Floats, emit);
        AssertValues(PeculiarNumbers<double>(double.MaxValue, double.Epsilon), emit);
        AssertValues(PeculiarNumbers<float>(float.MaxValue, float.Epsilon), emit);
        foreach (double[] row in Doubles)
        {
            Assert.NotEqual(row[3], (row[0] * row[1]) + row[2]);
        }
    }

    [Fact]
    public void FactorsOfOneAndPairsOfSignsDisappear()
    {
        TracedFunction function = TracedFunction.Of([new(2), new(2), new(2)], x =>
        {
            Tensor one = x[0].Trace.Constant(1), three = x[0].Trace.Constant(3);
            return
            [
                FusedMultiplyAdd(one, x[1], x[2]), FusedMultiplyAdd(x[0], -one, x[2]), FusedMultiplyAdd(-x[0], -x[1], x[2]),
                FusedMultiplyAdd(-x[0], three, x[2]), FusedMultiplyAdd(three, -x[0], x[2]), FusedMultiplyAdd(x[0], x[1], x[0].Trace.Constant(0)),
            ];
        });
        CompiledFunction<double> compiled = function.Compile<double>();
        string[] words = compiled.Program.Describe().Split([' ', ',', '\n']);
        Assert.Equal(1, words.Count(w => w == "add"));
        Assert.Equal(1, words.Count(w => w == "subtract"));

        // −x·3 and 3·(−x) have become the same.
        Assert.Equal(3, words.Count(w => w == "fused-multiply-add"));
        Assert.DoesNotContain("negate", words);
        double[][] values = FunctionCheck.Run(function, [2, -0.0], [-3, 0], [1, -0.0]);
        long[][] expected = [.. new double[][] { [-2, 0], [-1, 0], [-5, -0.0], [-5, 0], [-5, 0], [-6, 0] }.Select(v => v.Select(BitConverter.DoubleToInt64Bits).ToArray())];
        Assert.Equal(expected, values.Select(v => v.Select(BitConverter.DoubleToInt64Bits).ToArray()));
    }

    /// <summary>Overflow and underflow only of the result, signs of zero by IEEE 754, and what is no number.</summary>
    private static T[][] PeculiarNumbers<T>(T greatest, T least)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        (T two, T half) = (T.One + T.One, T.One / (T.One + T.One));
        return
        [
            [greatest, two, -greatest, greatest], [greatest, two, T.Zero, T.PositiveInfinity], [greatest, greatest, T.NegativeInfinity, T.NegativeInfinity],
            [least, half, least, two * least], [least, half, -least, T.NegativeZero], [least, half, T.Zero, T.Zero],
            [T.NegativeZero, T.One, T.Zero, T.Zero], [T.NegativeZero, T.One, T.NegativeZero, T.NegativeZero], [two, half, -T.One, T.Zero],
            [T.PositiveInfinity, T.Zero, T.One, T.NaN], [T.PositiveInfinity, T.One, T.NegativeInfinity, T.NaN], [T.Zero, T.One, T.NaN, T.NaN],
        ];
    }

    /// <summary>Rows of x, y, z and the value, again and again so that they fall on every lane.</summary>
    private static void AssertValues<T>(T[][] rows, bool emit)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int length = (37 * rows.Length) + 1;
        Shape shape = new(length);
        CompiledFunction<T> compiled = RunsAlone.WithEmission(emit, TracedFunction.Of([shape, shape, shape], x => [FusedMultiplyAdd(x[0], x[1], x[2])]).Compile<T>);
        for (int i = 0; i < length; i++)
        {
            for (int operand = 0; operand < 3; operand++)
            {
                compiled.Inputs[operand].Span[i] = rows[i % rows.Length][operand];
            }
        }

        compiled.Run();
        for (int i = 0; i < length; i++)
        {
            T[] row = rows[i % rows.Length];
            T value = compiled.Outputs[0].Span[i];
            Assert.True(
                value.Equals(row[3]) && T.IsNegative(value) == T.IsNegative(row[3]) || (T.IsNaN(value) && T.IsNaN(row[3])),
                $"{row[0]:R} · {row[1]:R} + {row[2]:R} is {value:R} instead of {row[3]:R}");
        }
    }
}
