using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Rounding to 16 bits against <see cref="Half"/> of the runtime, and against the nearest of two neighbours found by bisection of all numbers of bfloat16.</summary>
public sealed class RoundingTests
{
    public static TheoryData<StorageFormat> Formats() => [StorageFormat.BFloat16, StorageFormat.Half];

    /// <summary>Every number stays itself; halfway between two the even one is taken, and just beside it the nearer.</summary>
    [Theory]
    [MemberData(nameof(Formats))]
    public void EveryNumberOfTheFormatAndAllBetween(StorageFormat format)
    {
        var given = new List<float>();
        var expected = new List<float>();
        int infinity = format == StorageFormat.Half ? 0x7c00 : 0x7f80;
        for (int bits = 0; bits < infinity; bits++)
        {
            // Past the greatest number the next power of two stands in for what would come: from halfway to it on, numbers become infinite.
            double x = Value(bits, format);
            double next = bits + 1 < infinity ? Value(bits + 1, format) : Math.ScaleB(1, format == StorageFormat.Half ? 16 : 128);
            float above = bits + 1 < infinity ? (float)next : float.PositiveInfinity;
            float middle = (float)((x + next) / 2);
            Assert.Equal((x + next) / 2, middle);
            (float Given, float Expected)[] cases =
            [
                ((float)x, (float)x), (middle, bits % 2 == 0 ? (float)x : above), (float.BitDecrement(middle), (float)x), (float.BitIncrement(middle), above),
            ];
            foreach ((float value, float right) in cases)
            {
                given.AddRange([value, -value]);
                expected.AddRange([right, -right]);
            }
        }

        float[] results = Round([.. given], format);
        for (int i = 0; i < results.Length; i++)
        {
            Assert.Equal(BitConverter.SingleToInt32Bits(expected[i]), BitConverter.SingleToInt32Bits(results[i]));
        }
    }

    [Fact]
    public void HalfIsAsTheRuntimeConverts()
    {
        var random = new Random(3);
        float[] given = [.. Enumerable.Range(0, 100_000).Select(_ => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue))), .. Enumerable.Range(0, 100_000).Select(_ => (float)Math.ScaleB(random.NextDouble() - 0.5, random.Next(-30, 18)))];
        Assert.Equal(given.Select(x => (float)(Half)x), Round(given, StorageFormat.Half));
    }

    /// <summary>From double in one rounding: through float a number just beside the middle would be rounded twice.</summary>
    [Fact]
    public void DoublesAreRoundedOnce()
    {
        TracedFunction function = TracedFunction.Of([new Shape(6)], x => [RoundTo(x[0], StorageFormat.Half), RoundTo(x[0], StorageFormat.BFloat16)]);
        double h = Math.ScaleB(1, -11) + Math.ScaleB(1, -50), b = Math.ScaleB(1, -8) + Math.ScaleB(1, -50);
        double[][] results = FunctionCheck.Run(function, [1 + h, 1 + b, 65519.99999999, 65520, Math.ScaleB(1.5, -133), double.NaN]);
        Assert.Equal([1 + Math.ScaleB(1, -10), 1 + Math.ScaleB(4, -10), 65504, double.PositiveInfinity, 0, double.NaN], results[0]);
        Assert.Equal([1, 1 + Math.ScaleB(1, -7), 65536, 65536, Math.ScaleB(2, -133), double.NaN], results[1]);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void SpecialNumbersStay(StorageFormat format)
    {
        float[] results = Round([float.NaN, BitConverter.Int32BitsToSingle(0x7f800001), float.PositiveInfinity, float.NegativeInfinity, -0f, float.MaxValue], format);
        Assert.Equal([float.NaN, float.NaN, float.PositiveInfinity, float.NegativeInfinity, -0f, float.PositiveInfinity], results);
        Assert.True(float.IsNegative(results[4]));
    }

    [Fact]
    public void TheDerivativeIsRoundedTooOrPasses()
    {
        double third = 1 / 3.0, rounded = (double)(Half)third;
        double[] Gradient(bool rounds) => FunctionCheck.Run(TracedFunction.Of(new Shape(2), x => Sum(third * RoundTo(x, StorageFormat.Half, rounds))).WithGradient(), [1, 2])[1];
        Assert.Equal([rounded, rounded], Gradient(true));
        Assert.Equal([third, third], Gradient(false));
    }

    /// <summary>d/dx Σ round(tanh x) is taken at the rounded result, 1 − round(tanh x)², when nothing else reads tanh x.</summary>
    [Fact]
    public void AResultThatIsOnlyUsedRoundedIsDifferentiatedThere()
    {
        double y = Math.Tanh(0.3), kept = (double)(Half)y;
        double[] only = FunctionCheck.Run(TracedFunction.Of(Shape.Scalar, x => RoundTo(Tanh(x), StorageFormat.Half)).WithGradient(), [0.3])[1];
        Assert.Equal(1 - (kept * kept), only[0], 1e-15);
        double[] both = FunctionCheck.Run(TracedFunction.Of(Shape.Scalar, x => Named(Tanh(x), "y") - RoundTo(Tanh(x), StorageFormat.Half, false)).WithGradient(), [0.3])[1];
        Assert.Equal(0, both[0], 1e-15);
    }

    [Fact]
    public void AnUnknownFormatIsRefused() =>
        Assert.Contains("BFloat16 or Half", Assert.Throws<ArgumentOutOfRangeException>(() => TracedFunction.Of(Shape.Scalar, x => RoundTo(x, (StorageFormat)7))).Message, StringComparison.Ordinal);

    private static double Value(int bits, StorageFormat format) =>
        format == StorageFormat.Half ? (double)BitConverter.UInt16BitsToHalf((ushort)bits) : BitConverter.Int32BitsToSingle(bits << 16);

    private static float[] Round(float[] x, StorageFormat format)
    {
        CompiledFunction<float> compiled = TracedFunction.Of(new Shape(x.Length), v => RoundTo(v, format)).Compile<float>();
        x.CopyTo(compiled.Inputs[0].Span);
        compiled.Run();
        return compiled.Outputs[0].Span.ToArray();
    }
}
