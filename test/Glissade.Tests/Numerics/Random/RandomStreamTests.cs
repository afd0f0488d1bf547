using Glissade.Numerics;

namespace Glissade.Tests.Numerics;

public class RandomStreamTests
{
    /// <summary>The answers published with Random123 (kat_vectors, Salmon and others, 2011).</summary>
    [Fact]
    public void PhiloxGivesThePublishedAnswers()
    {
        const uint Ones = uint.MaxValue;
        Assert.Equal((0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u), Philox.Block(0, 0, 0, 0, 0, 0));
        Assert.Equal((0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu), Philox.Block(Ones, Ones, Ones, Ones, Ones, Ones));
        Assert.Equal(
            (0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u),
            Philox.Block(0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0));
    }

    [Theory]
    [InlineData(1e-16, -8.222082216130435)]
    [InlineData(1e-9, -5.9978070150076865)]
    [InlineData(0.001, -3.0902323061678136)]
    [InlineData(0.02, -2.053748910631823)]
    [InlineData(0.07, -1.4757910281791706)]
    [InlineData(0.075, -1.439531470938456)]
    [InlineData(0.3, -0.5244005127080408)]
    [InlineData(0.4999, -0.00025066283008800747)]
    [InlineData(0.5, 0.0)]
    [InlineData(0.9, 1.2815515655446006)]
    [InlineData(0.999999, 4.753424308817087)]
    public void QuantileOfTheNormalDistribution(double probability, double want) =>
        Assert.True(Math.Abs(NormalQuantile.At(probability) - want) <= 1e-15 * Math.Max(Math.Abs(want), 0.1), $"{NormalQuantile.At(probability):R}");

    [Fact]
    public void SameNameSameNumbersAndTheBitsNeverChange()
    {
        RandomStream first = RandomStream.Of(1, "shuffle", 2), second = RandomStream.Of(1, "shuffle", 2);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(first.NextUInt32(), second.NextUInt32());
        }

        // Frozen: whoever changes these breaks every saved run.
        RandomStream frozen = RandomStream.Of(12345, "test", 7);
        Assert.Equal(3786563196u, frozen.NextUInt32());
        Assert.Equal(7394313413373839676ul, frozen.NextUInt64());
        Assert.Equal(-1.6942273230409346, frozen.NextNormal());
    }

    /// <summary>Filling draws many at once where the hardware can: the numbers, and where the stream stands afterwards, are those of one draw after another.</summary>
    [Theory]
    [InlineData(0, 1_000_000, 0)]
    [InlineData(0, 7, -1)]
    [InlineData(2, 1029, long.MaxValue)]
    [InlineData(3, 517, 5)]
    [InlineData(0xFFFFFFFFFFF0, 600, 2)]
    [InlineData(0x3FFFFFFF0, 600, 2)]
    [InlineData(-600, 600, 2)]
    [InlineData(-1200, 600, 0)]
    public void ManyAtOnceAreOneByOne(long position, int count, long index)
    {
        RandomStream Stream()
        {
            RandomStream stream = RandomStream.Of(9, "fill", index);
            stream.Position = (ulong)position;
            return stream;
        }

        RandomStream filling = Stream(), drawing = Stream();
        double[] doubles = new double[count];
        filling.FillNormal<double>(doubles, 0, 1);
        Assert.All(doubles, x => Assert.Equal(BitConverter.DoubleToInt64Bits(drawing.NextNormal()), BitConverter.DoubleToInt64Bits(x)));
        Assert.Equal(drawing.Position, filling.Position);

        float[] singles = new float[count];
        filling.FillNormal(singles, 2f, 3f);
        Assert.All(singles, x => Assert.Equal(2f + (3f * (float)drawing.NextNormal()), x));
        filling.FillUniform(singles, -1f, 2f);
        Assert.All(singles, x => Assert.Equal(-1f + (3f * drawing.NextSingle()), x));
        filling.FillUniform(doubles, -1, 2);
        Assert.All(doubles, x => Assert.Equal(-1 + (3 * drawing.NextDouble()), x));
        Assert.Equal(drawing.Position, filling.Position);
        Assert.Equal(drawing.NextUInt64(), filling.NextUInt64());
    }

    /// <summary>Where the formula changes: at both ends, in the middle, where the tails begin (0.075) and where the far tails do (e⁻²⁵).</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1UL << 53)]
    [InlineData(1UL << 52)]
    [InlineData((ulong)(0.075 * (1UL << 53)))]
    [InlineData((ulong)(0.925 * (1UL << 53)))]
    [InlineData(125_091)]
    [InlineData((1UL << 53) - 125_091)]
    public void QuantilesOfManyAreThoseOfEach(ulong centre)
    {
        ulong[] bits = [.. Enumerable.Range(-124, NormalQuantiles.Most - 8).Select(i => unchecked((centre + (ulong)i) << 11) | 1234)];
        double[] values = new double[bits.Length];
        NormalQuantiles.Of(bits, values);
        for (int i = 0; i < bits.Length; i++)
        {
            // Of the upper half the quantile is that of one minus the probability, with the other sign.
            ulong drawn = bits[i] >> 11;
            double quantile = drawn < 1UL << 52 ? NormalQuantile.At((drawn + 0.5) / (1UL << 53)) : -NormalQuantile.At(((1UL << 53) - 1 - drawn + 0.5) / (1UL << 53));
            Assert.Equal(BitConverter.DoubleToInt64Bits(quantile), BitConverter.DoubleToInt64Bits(values[i]));
        }
    }

    [Fact]
    public void PositionSavesAndRestores()
    {
        RandomStream stream = RandomStream.Of(3, "noise");
        for (int skip = 0; skip < 9; skip++)
        {
            stream.Position = (ulong)skip;
            double normal = stream.NextNormal();
            uint word = stream.NextUInt32();
            Assert.Equal((ulong)skip + 3, stream.Position);
            RandomStream other = RandomStream.Of(3, "noise");
            other.Position = (ulong)skip;
            Assert.Equal(normal, other.NextNormal());
            Assert.Equal(word, other.NextUInt32());
        }

        stream.Position = ulong.MaxValue;
        stream.NextUInt32();
        Assert.Equal(0UL, stream.Position);
        Assert.Equal(RandomStream.Of(3, "noise").NextUInt32(), stream.NextUInt32());
    }

    [Fact]
    public void UniformAndNormalHaveTheirMoments()
    {
        const int Count = 1_000_000;
        RandomStream stream = RandomStream.Of(11, "moments");
        double[] uniform = new double[Count], normal = new double[Count];
        float[] single = new float[Count];
        stream.FillUniform(uniform.AsSpan(), 0.0, 1.0);
        stream.FillUniform(single.AsSpan(), -1f, 1f);
        stream.FillNormal(normal.AsSpan(), 0.0, 1.0);

        // Five standard errors of each mean.
        Assert.Equal(0.5, uniform.Average(), 5 * Math.Sqrt(1 / 12.0 / Count));
        Assert.Equal(1 / 3.0, uniform.Average(u => u * u), 5 * Math.Sqrt(4 / 45.0 / Count));
        Assert.Equal(0, single.Average(u => (double)u), 5 * Math.Sqrt(1 / 3.0 / Count));
        Assert.Equal(0, normal.Average(), 5 * Math.Sqrt(1.0 / Count));
        Assert.Equal(1, normal.Average(x => x * x), 5 * Math.Sqrt(2.0 / Count));
        Assert.Equal(0, normal.Average(x => x * x * x), 5 * Math.Sqrt(15.0 / Count));
        Assert.Equal(3, normal.Average(x => x * x * x * x), 5 * Math.Sqrt(96.0 / Count));
        Assert.Equal(0.002699796, normal.Average(x => Math.Abs(x) > 3 ? 1.0 : 0), 5 * Math.Sqrt(0.0027 / Count));
    }

    [Fact]
    public void DifferentNamesGiveIndependentStreams()
    {
        const int Count = 100_000;
        RandomStream[] streams =
        [
            RandomStream.Of(0, "a"), RandomStream.Of(1, "a"), RandomStream.Of(0, "b"), RandomStream.Of(0, "a", 1),
            RandomStream.Of(0, "a", -1), RandomStream.Of(0, ""), RandomStream.Of(1UL << 63, "a"), RandomStream.Of(0, "aa"),
        ];
        double[][] draws = Array.ConvertAll(streams, stream =>
        {
            double[] values = new double[Count];
            stream.FillUniform(values.AsSpan(), -1.0, 1.0);
            return values;
        });
        for (int i = 0; i < draws.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double correlation = 3 * draws[i].Zip(draws[j], (x, y) => x * y).Average();
                Assert.Equal(0, correlation, 5 / Math.Sqrt(Count));
            }
        }

        // Successive numbers of one stream as well.
        Assert.Equal(0, 3 * draws[0].Skip(1).Zip(draws[0], (x, y) => x * y).Average(), 5 / Math.Sqrt(Count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    public void WholeNumbersAreEquallyLikely(int bound)
    {
        RandomStream stream = RandomStream.Of(5, "integers", bound);
        int[] counts = new int[bound];
        const int Draws = 200_000;
        for (int i = 0; i < Draws; i++)
        {
            counts[stream.NextInt32(bound)]++;
        }

        AssertEven(counts, Draws);
    }

    [Fact]
    public void LargeRangesStayUnbiased()
    {
        // Three eighths of 2³²: without rejection, of three neighbours two would come up three times for each two of the third.
        RandomStream stream = RandomStream.Of(5, "large");
        const int Bound = 1_610_612_736;
        int[] counts = new int[3];
        for (int i = 0; i < 300_000; i++)
        {
            counts[stream.NextInt32(Bound) % 3]++;
        }

        AssertEven(counts, 300_000);
    }

    [Fact]
    public void ShuffleReachesEveryOrderAlike()
    {
        RandomStream stream = RandomStream.Of(6, "shuffle");
        int[] counts = new int[24];
        const int Draws = 240_000;
        for (int i = 0; i < Draws; i++)
        {
            int[] items = [0, 1, 2, 3];
            stream.Shuffle(items.AsSpan());
            Assert.Equal([0, 1, 2, 3], items.Order());
            int order = 0;
            for (int place = 0; place < 4; place++)
            {
                order = (order * (4 - place)) + items[(place + 1)..].Count(other => other < items[place]);
            }

            counts[order]++;
        }

        AssertEven(counts, Draws);
    }

    [Fact]
    public void UniformStaysBelowItsUpperBound()
    {
        RandomStream stream = RandomStream.Of(8, "bounds");
        float[] tight = new float[100_000];
        stream.FillUniform(tight.AsSpan(), 1f, 1.0000002f);
        Assert.All(tight, x => Assert.InRange(x, 1f, 1.0000001f));
        stream.FillUniform(tight.AsSpan(0, 3), 2f, 2f);
        Assert.Equal([2f, 2f, 2f], tight[..3]);
        stream.FillNormal(tight.AsSpan(0, 3), 2f, 0f);
        Assert.Equal([2f, 2f, 2f], tight[..3]);
    }

    [Fact]
    public void FillingIsDrawingOneByOne()
    {
        RandomStream filled = RandomStream.Of(9, "fill"), drawn = RandomStream.Of(9, "fill");
        float[] singles = new float[5];
        double[] doubles = new double[5], normals = new double[5];
        filled.FillUniform(singles.AsSpan(), 0f, 1f);
        filled.FillUniform(doubles.AsSpan(), 0.0, 1.0);
        filled.FillNormal(normals.AsSpan(), 0.0, 1.0);
        Assert.All(singles, x => Assert.Equal(drawn.NextSingle(), x));
        Assert.All(doubles, x => Assert.Equal(drawn.NextDouble(), x));
        Assert.All(normals, x => Assert.Equal(drawn.NextNormal(), x));
        Assert.Equal(drawn.Position, filled.Position);
    }

    [Fact]
    public void BadArgumentsAreNamed()
    {
        RandomStream stream = RandomStream.Of(0, "bad");
        Assert.Throws<ArgumentNullException>("purpose", () => RandomStream.Of(0, null!));
        Assert.Throws<ArgumentOutOfRangeException>("exclusiveMax", () => stream.NextInt32(0));
        Assert.Throws<ArgumentOutOfRangeException>("high", () => stream.FillUniform(new double[1].AsSpan(), 1.0, 0.0));
        Assert.Throws<ArgumentOutOfRangeException>("high", () => stream.FillUniform(new double[1].AsSpan(), double.NaN, 0.0));
        Assert.Throws<ArgumentOutOfRangeException>("mean", () => stream.FillNormal(new double[1].AsSpan(), double.NaN, 1));
        Assert.Throws<ArgumentOutOfRangeException>("standardDeviation", () => stream.FillNormal(new double[1].AsSpan(), 0.0, -1));
        Assert.Equal(0UL, stream.Position);
    }

    /// <summary>χ² of the counts against even ones, within six of its standard deviations.</summary>
    private static void AssertEven(int[] counts, int draws)
    {
        double want = (double)draws / counts.Length, degrees = counts.Length - 1;
        double chiSquare = counts.Sum(count => (count - want) * (count - want) / want);
        Assert.True(chiSquare <= degrees + (6 * Math.Sqrt(2 * degrees)), $"χ² is {chiSquare} for {degrees} degrees of freedom.");
    }
}
