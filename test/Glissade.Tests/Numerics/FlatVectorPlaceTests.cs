using Glissade.Numerics;

namespace Glissade.Tests.Numerics;

/// <summary>Where vectors stand in memory: on whole vectors of the hardware, and long ones apart from each other within their pages.</summary>
public sealed class FlatVectorPlaceTests
{
    private const int PageBytes = 4096, LineBytes = 64, InARow = 10, LeastLines = 5;

    [Theory]
    [InlineData(1025)]
    [InlineData(17_226)]
    [InlineData(100_003)]
    public void LongVectorsInARowStandApartWithinTheirPages(int length)
    {
        // Tests that run at the same time take places too; then these vectors are not in a row, and the next ones may be.
        int closest = 0;
        for (int attempt = 0; attempt < 100 && closest < LeastLines; attempt++)
        {
            FlatVector<float>[] vectors = [.. Enumerable.Range(0, InARow).Select(_ => new FlatVector<float>(length))];
            closest = vectors.SelectMany((x, i) => vectors[..i].Select(y => LinesBetween(x, y))).Min();
        }

        Assert.True(closest >= LeastLines, $"Of {InARow} vectors of {length} elements two begin {closest} lines apart within their pages.");
    }

    [Fact]
    public void EveryVectorIsAlignedAndHasItsElementsToItself()
    {
        foreach (int length in (int[])[0, 1, 15, 16, 17, 511, 512, 513, 1024, 1025, 5000])
        {
            FlatVector<double>[] vectors = [.. Enumerable.Range(0, 20).Select(_ => new FlatVector<double>(length))];
            for (int i = 0; i < vectors.Length; i++)
            {
                Assert.Equal(0, Address(vectors[i]) % LineBytes);
                Assert.Equal(length, vectors[i].Span.Length);
                Assert.True(vectors[i].Span.IndexOfAnyExcept(0) < 0);
                vectors[i].Span.Fill(i + 1);
            }

            Assert.All(vectors.Index(), v => Assert.True(v.Item.Span.IndexOfAnyExcept(v.Index + 1) < 0));
        }
    }

    private static int LinesBetween(FlatVector<float> x, FlatVector<float> y)
    {
        int lines = (int)(Math.Abs(Address(x) - Address(y)) % PageBytes / LineBytes);
        return Math.Min(lines, (PageBytes / LineBytes) - lines);
    }

    private static unsafe long Address<T>(FlatVector<T> vector)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T> => (long)vector.Pointer;
}
