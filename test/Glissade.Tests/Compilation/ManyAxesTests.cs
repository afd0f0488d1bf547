using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Compilation;

/// <summary>Shapes of many axes: up to 64 work like any other, more are refused where the shape is made.</summary>
public sealed class ManyAxesTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(63)]
    [InlineData(64)]
    public void BroadcastsByRowAndColumnAndReductionsAreRight(int rank)
    {
        // Axes of length 1 but for one near the front, one in the middle and the last.
        int[] full = [.. Enumerable.Repeat(1, rank)];
        (full[1], full[rank / 2], full[^1]) = (3, 5, 7);
        int[] rows = [.. full], columns = [.. full];
        rows[^1] = columns[1] = columns[rank / 2] = 1;
        var builder = new ProgramBuilder<double>();
        Tensor x = builder.Input("x", new Shape(full)), row = builder.Input("row", new Shape(rows)), column = builder.Input("column", new Shape(columns));
        Tensor y = (x * row) + column;
        builder.Output("y", y);
        builder.Output("sum over the last", Sum(y, axes: [rank - 1]));
        builder.Output("sum over the first", Sum(y, axes: [.. Enumerable.Range(0, rank - 1)]));
        builder.Output("gradient", GradientOf(Sum(y * y), row)[0]);
        Program<double> program = builder.Build();
        for (int i = 0; i < 105; i++)
        {
            program["x"][i] = (i % 11) - 4;
        }

        for (int i = 0; i < 15; i++)
        {
            program["row"][i] = i - 6;
        }

        for (int i = 0; i < 7; i++)
        {
            program["column"][i] = (3 * i) - 8;
        }

        program.Run();
        for (int i = 0; i < 15; i++)
        {
            double sum = 0, gradient = 0;
            for (int j = 0; j < 7; j++)
            {
                double expected = (program["x"][(7 * i) + j] * program["row"][i]) + program["column"][j];
                Assert.Equal(expected, program["y"][(7 * i) + j]);
                sum += expected;
                gradient += 2 * expected * program["x"][(7 * i) + j];
            }

            Assert.Equal(sum, program["sum over the last"][i]);
            Assert.Equal(gradient, program["gradient"][i]);
        }

        for (int j = 0; j < 7; j++)
        {
            Assert.Equal(Enumerable.Range(0, 15).Sum(i => program["y"][(7 * i) + j]), program["sum over the first"][j]);
        }
    }

    [Fact]
    public void MoreAxesAreRefused()
    {
        Assert.Equal(64, new Shape([.. Enumerable.Repeat(1, 64)]).Rank);
        Assert.Contains("has 65 axes, but a shape has at most 64", Assert.Throws<ArgumentOutOfRangeException>(() => new Shape([.. Enumerable.Repeat(1, 65)])).Message, StringComparison.Ordinal);
    }
}
