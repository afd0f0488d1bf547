using System.Numerics;
using System.Runtime.InteropServices;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Tests.Differentiation;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Compilation;

/// <summary>Loops over rows about as long as a vector: numbers of rows and columns in their lanes, sums and maxima of many rows at once.</summary>
[Collection(RunsAlone.Name)]
public sealed class ShortRowTests
{
    /// <summary>Rows: fewer than lanes, a multiple of them, one more or less, and more than a block holds.</summary>
    public static TheoryData<int> Rows => [1, 2, 3, 4, 7, 8, 9, 16, 17, 64, 67, 300, 1100];

    [Theory]
    [MemberData(nameof(Rows))]
    public void NumbersOfRowsAndColumnsMeetTheirElements(int rows)
    {
        for (int columns = 1; columns <= 40; columns++)
        {
            Check<float>(rows, columns);
            Check<double>(rows, columns);
        }
    }

    /// <summary>Additions within a short row have one order, which anyone can follow; whole numbers have one sum in any.</summary>
    [Theory]
    [MemberData(nameof(Rows))]
    public void SumsAndMaximaAreThoseOfPlainLoops(int rows)
    {
        for (int columns = 1; columns <= 40; columns++)
        {
            CheckReductions<float>(rows, columns);
            CheckReductions<double>(rows, columns);
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(19)]
    public void TheGreatestOfARowKeepsNaNAndTheSignOfZero(int rows)
    {
        for (int columns = 1; columns <= 40; columns++)
        {
            CheckGreatest<float>(rows, columns);
            CheckGreatest<double>(rows, columns);
        }
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(10, 0)]
    [InlineData(0, 0)]
    public void NothingHasTheNeutralSumsAndMaxima(int rows, int columns)
    {
        foreach (bool emit in (bool[])[true, false])
        {
            double[][] results = Run<double>(
                TracedFunction.Of([new(rows, columns), new(rows, 1), new(columns)], x => [Sum(x[0] - x[1], 1), Max(x[0] * x[2], 1), Sum(x[0] + x[1], 0)]),
                [[], new double[rows], new double[columns]],
                emit);
            Assert.Equal(new double[rows], results[0]);
            Assert.Equal(Enumerable.Repeat(double.NegativeInfinity, rows), results[1]);
            Assert.Equal(new double[columns], results[2]);
        }
    }

    /// <summary>Against sums of exponentials in double, and where a class is ruled out or a logit is no number.</summary>
    [Fact]
    public void CrossEntropyOfShortRowsHasTheBitsOfEitherExecutor()
    {
        foreach ((int rows, int columns) in ((int, int)[])[(64, 10), (64, 2), (128, 10), (9, 16), (40, 17), (1000, 3), (256, 100)])
        {
            TracedFunction function = TracedFunction.Of([new(rows, columns), new(rows)], x =>
            {
                Tensor loss = MeanCrossEntropy(x[0], x[1]), gradient = Gradient.Of(loss, [x[0]])[0];
                return [loss, gradient, Sum(gradient, 0)];
            });
            double[] logits = new double[rows * columns], classes = [.. Enumerable.Range(0, rows).Select(i => (double)(i * 7 % columns))];
            RandomStream.Of(3, "logits").FillNormal<double>(logits, 0, 2);
            double[][] values = AssertSameBits<double>(function, [logits, classes]);
            AssertSameBits<float>(function, [logits, classes]);

            double loss = 0;
            for (int row = 0; row < rows; row++)
            {
                double[] line = logits[(row * columns)..((row + 1) * columns)];
                double total = line.Sum(Math.Exp);
                loss += (Math.Log(total) - line[(int)classes[row]]) / rows;
                for (int column = 0; column < columns; column++)
                {
                    double want = ((Math.Exp(line[column]) / total) - (column == (int)classes[row] ? 1 : 0)) / rows;
                    Assert.Equal(want, values[1][(row * columns) + column], 1e-13);
                }
            }

            Assert.Equal(loss, values[0][0], 1e-12);

            // One class of the second row ruled out; then a whole row without a number.
            logits[columns] = double.NegativeInfinity;
            classes[1] = 1;
            Assert.Equal(0, AssertSameBits<double>(function, [logits, classes])[1][columns]);
            AssertSameBits<float>(function, [logits, classes]);
            logits[columns] = double.NaN;
            values = AssertSameBits<double>(function, [logits, classes]);
            Assert.True(double.IsNaN(values[0][0]));
            Assert.All(values[1][columns..(2 * columns)], v => Assert.True(double.IsNaN(v)));
            Assert.All(values[1][..columns], v => Assert.False(double.IsNaN(v)));
        }
    }

    /// <summary>A second run sees new numbers: what is kept from run to run are constants and places only.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void EveryRunSeesItsOwnNumbers(bool emit)
    {
        Shape[] shapes = [new(20, 10), new(20, 1), new(10), Shape.Scalar];
        TracedFunction function = TracedFunction.Of(shapes, x => [(x[0] * x[1]) + (x[2] * Range(x[0], 10)) + x[3], x[3] * 2, Max(x[0], 1)]);
        CompiledFunction<double> compiled = Compile<double>(function, emit);
        for (int run = 1; run <= 3; run++)
        {
            for (int i = 0; i < shapes.Length; i++)
            {
                RandomStream.Of((ulong)run, $"runs {i}").FillNormal(compiled.Inputs[i].Span, 0, 1);
            }

            compiled.Run();
            for (int i = 0; i < 200; i++)
            {
                double want = (compiled.Inputs[0][i] * compiled.Inputs[1][i / 10]) + (compiled.Inputs[2][i % 10] * (i % 10)) + compiled.Inputs[3][0];
                Assert.Equal(want, compiled.Outputs[0][i]);
            }

            Assert.Equal(2 * compiled.Inputs[3][0], compiled.Outputs[1][0]);
            Assert.Equal(Enumerable.Range(0, 20).Select(r => compiled.Inputs[0].Span.Slice(10 * r, 10).ToArray().Max()), compiled.Outputs[2].Span.ToArray());
        }
    }

    private static void Check<T>(int rows, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double[] x = new double[rows * columns], perRow = new double[rows], perColumn = new double[columns];
        RandomStream.Of(1, "x").FillNormal<double>(x, 0, 1);
        RandomStream.Of(1, "rows").FillNormal<double>(perRow, 0, 1);
        RandomStream.Of(1, "columns").FillNormal<double>(perColumn, 0, 1);
        TracedFunction function = TracedFunction.Of(
            [new(rows, columns), new(rows, 1), new(columns)],
            v => [(v[0] * v[1]) - v[2], v[1] - v[2], Sum((v[0] - v[1]) * v[2]), Sum(v[0] * v[1], 1), Sum(v[0] * v[1], 0), Exp(v[0] * v[1]) + Tanh(v[2])]);
        T[][] results = AssertSameBits<T>(function, [x, perRow, perColumn]);
        for (int i = 0; i < x.Length; i++)
        {
            (T a, T r, T c) = (T.CreateTruncating(x[i]), T.CreateTruncating(perRow[i / columns]), T.CreateTruncating(perColumn[i % columns]));
            Assert.Equal((a * r) - c, results[0][i]);
            Assert.Equal(r - c, results[1][i]);
        }
    }

    private static void CheckReductions<T>(int rows, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double[] x = new double[rows * columns], whole = new double[rows * columns];
        RandomStream.Of(2, "x").FillNormal<double>(x, 0, 1);
        for (int i = 0; i < whole.Length; i++)
        {
            whole[i] = (i * 7919 % 201) - 100;
        }

        T[][] results = AssertSameBits<T>(
            TracedFunction.Of([new(rows, columns), new(rows, columns)], v => [Sum(v[0], 1), Max(v[0], 1), Sum(v[1], 1), Sum(v[1], 0), Max(v[1], 0), Sum(v[0], 0)]), [x, whole]);
        for (int row = 0; row < rows; row++)
        {
            T sum = T.Zero, max = T.NegativeInfinity;
            double exact = 0;
            for (int column = 0; column < columns; column++)
            {
                T value = T.CreateTruncating(x[(row * columns) + column]);
                sum += value;
                max = T.Max(max, value);
                exact += whole[(row * columns) + column];
            }

            Assert.Equal(max, results[1][row]);
            Assert.Equal(T.CreateTruncating(exact), results[2][row]);
            if (columns < 64 / Marshal.SizeOf<T>())
            {
                Assert.Equal(sum, results[0][row]);
            }
        }

        for (int column = 0; column < columns; column++)
        {
            double[] values = [.. Enumerable.Range(0, rows).Select(row => whole[(row * columns) + column])];
            Assert.Equal(T.CreateTruncating(values.Sum()), results[3][column]);
            Assert.Equal(T.CreateTruncating(values.Max()), results[4][column]);
        }
    }

    private static void CheckGreatest<T>(int rows, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        TracedFunction function = TracedFunction.Of([new(rows, columns)], v => [Max(v[0], 1)]);
        for (int place = 0; place < columns; place++)
        {
            // Among negative zeros one positive zero in some rows, in others NaN, in others −∞ everywhere.
            double[] x = new double[rows * columns];
            for (int row = 0; row < rows; row++)
            {
                x.AsSpan(row * columns, columns).Fill(row % 4 == 2 ? double.NegativeInfinity : -0.0);
                x[(row * columns) + place] = (row % 4) switch { 0 => 0.0, 1 => double.NaN, 2 => double.NegativeInfinity, _ => -0.0 };
            }

            T[] greatest = AssertSameBits<T>(function, [x])[0];
            for (int row = 0; row < rows; row++)
            {
                T value = greatest[row];
                Assert.True(
                    (row % 4) switch
                    {
                        0 => T.IsZero(value) && T.IsPositive(value),
                        1 => T.IsNaN(value),
                        2 => T.IsNegativeInfinity(value),
                        _ => T.IsZero(value) && T.IsNegative(value),
                    },
                    $"{typeof(T).Name} [{rows}, {columns}], row {row}, place {place}: {value}");
            }
        }
    }

    private static T[][] AssertSameBits<T>(TracedFunction function, double[][] arguments)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[][] emitted = Run<T>(function, arguments, emit: true), interpreted = Run<T>(function, arguments, emit: false);
        for (int o = 0; o < emitted.Length; o++)
        {
            Assert.True(
                MemoryMarshal.AsBytes<T>(emitted[o]).SequenceEqual(MemoryMarshal.AsBytes<T>(interpreted[o])),
                $"{typeof(T).Name} {function.Inputs[0].Shape}, output {o}");
        }

        return emitted;
    }

    private static T[][] Run<T>(TracedFunction function, double[][] arguments, bool emit)
        where T : unmanaged, IFloatingPointIeee754<T> => Compile<T>(function, emit).Run(arguments);

    private static CompiledFunction<T> Compile<T>(TracedFunction function, bool emit)
        where T : unmanaged, IFloatingPointIeee754<T> => RunsAlone.WithEmission(emit, function.Compile<T>);
}
