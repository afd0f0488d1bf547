using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Compilation;

/// <summary>Sizes and places near 2³¹, as far as little memory can show them.</summary>
public sealed class GreatSizeTests
{
    [Theory]
    [InlineData(0, 7, 0)]
    [InlineData(1, 7, 1)]
    [InlineData(14, 7, 2)]
    [InlineData(15, 7, 3)]
    [InlineData(int.MaxValue, 1, int.MaxValue)]
    [InlineData(int.MaxValue, 4096, 524_288)]
    [InlineData(int.MaxValue, (1 << 30) + 1, 2)]
    [InlineData(int.MaxValue, int.MaxValue, 1)]
    [InlineData(int.MaxValue - 1, 1 << 21, 1024)]
    public void ChunksCoverAllOnce(int total, int length, int count)
    {
        var chunks = new Chunks(total, length);
        Assert.Equal(count, chunks.Count);
        if (count > 0)
        {
            Assert.Equal(0, chunks[0].First);
            Assert.Equal(total, chunks[count - 1].End);
            Assert.InRange(chunks[count - 1].End - chunks[count - 1].First, 1, length);
            Assert.Equal(chunks[count / 2].First, count > 1 ? chunks[(count / 2) - 1].End : 0);
        }
    }

    [Fact]
    public void AnAxisOfLengthZeroDoesNotExcuseAProductBeyondCounting()
    {
        foreach (int[] lengths in new int[][] { [0, 65536, 65536], [65536, 0, 65536], [65536, 65536, 0] })
        {
            string told = Assert.Throws<ArgumentOutOfRangeException>(() => new Shape(lengths)).Message;
            Assert.Contains($"The shape [{string.Join(", ", lengths)}] has more than 2147483647 elements", told, StringComparison.Ordinal);
        }

        Assert.Equal(0, new Shape(int.MaxValue, 0).Count);
        Assert.Equal(0, new Shape(0, 46340, 0, 46340).Count);
    }

    /// <summary>Products of which there is nothing, whose numbers of rows or of matrices rounded up to whole tiles and chunks are beyond 2³¹.</summary>
    [Theory]
    [InlineData(new[] { int.MaxValue, 0 }, new[] { 0, 0 })]
    [InlineData(new[] { 0, 0 }, new[] { 0, int.MaxValue })]
    [InlineData(new[] { int.MaxValue, 0, 1 }, new[] { int.MaxValue, 1, 0 })]
    public void ProductsOfNothingAreMade(int[] left, int[] right)
    {
        var builder = new ProgramBuilder<float>();
        builder.Output("product", MatrixProduct(builder.Input("left", new Shape(left)), builder.Input("right", new Shape(right))));
        Program<float> program = builder.Build();
        program.Run();
        Assert.Equal(0, program["product"].Length);
    }

    /// <summary>The rows of a kernel may stand millions of pixels apart: together those that many images meet are beyond 2³¹, although hardly any of them lie within an image.</summary>
    [Fact]
    public void RowsOfAKernelMayStandFarApart()
    {
        const int Images = 1024, Height = 10, Apart = 3_000_000;
        var builder = new ProgramBuilder<float>();
        Tensor x = builder.Input("x", new Shape(Images, Height, 1, 1)), kernel = builder.Input("kernel", new Shape(2, 2, 1, 1)), weights = builder.Input("weights", new Shape(Images, 1, 1, 1));
        Tensor y = Convolution2D(x, kernel, padding: WindowPadding.Of((Apart + 1 - Height, 0), (0, 1)), dilations: [Apart, 1]);
        Assert.Equal(new Shape(Images, 1, 1, 1), y.Shape);
        builder.Output("gradient", GradientOf(Sum(y * weights), kernel)[0]);
        Program<float> program = builder.Build();
        double expected = 0;
        for (int i = 0; i < Images; i++)
        {
            program["weights"][i] = (i % 7) - 3;
            for (int row = 0; row < Height; row++)
            {
                program["x"][(i * Height) + row] = (i % 5) + row;
            }

            expected += ((i % 7) - 3) * ((i % 5) + Height - 1.0);
        }

        program.Run();

        // Of the window of each image only the lower left element lies within it, in its last row.
        Assert.Equal([0, 0, (float)expected, 0], program["gradient"].ToArray());
    }
}
