using System.Numerics;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Tests.Differentiation;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Compilation;

/// <summary>Loops with roots and quotients, of which groups of vectors are in several stages at a time: they do what the interpreted ones do, bit for bit.</summary>
[Collection(RunsAlone.Name)]
public sealed class StagedLoopTests
{
    /// <summary>Around whole groups, whole blocks and whole chunks, and too few for stages.</summary>
    public static TheoryData<int> Lengths() =>
        [64, 95, 96, 127, 128, 191, 192, 193, 207, 255, 256, 257, 320, 383, 512, 1023, 1024, 1025, 1087, 1088, 2047, 2048, 2049, 3071, 17_226, 65_536, 65_537, 65_729, 131_303];

    /// <summary>The update of Adam, in place, its sums beside it.</summary>
    [Theory]
    [MemberData(nameof(Lengths))]
    public void AnUpdateInPlace(int length) => AssertSameBits(length, length, 4, (x, numbers) =>
    {
        Tensor mean = FusedMultiplyAdd(x[1] - x[0], numbers[0], x[0]), square = FusedMultiplyAdd(Square(x[1]) - x[2], numbers[1], x[2]);
        Tensor step = numbers[2] * (mean / (Sqrt(square) + 1e-8)), moved = x[3] - step;
        return ([mean, null, square, FiniteOr(moved, x[3])], [Sum(Square(step)), Sum(step)]);
    });

    [Theory]
    [MemberData(nameof(Lengths))]
    public void SumsOfSeveralStagesAndNone(int length)
    {
        AssertSameBits(length, length, 3, (x, numbers) => ([Sqrt(Abs(x[0])) / (1 + Sqrt(Abs(x[1]))), null, x[2] / (numbers[0] + Sqrt(Square(x[0]) + Square(x[1])))], []));
        AssertSameBits(length, length, 3, (x, numbers) =>
        {
            Tensor root = Sqrt(Abs(x[0]) + numbers[1]), quotient = x[1] / root, second = Sqrt(Abs(quotient)) / (x[2] + 3);
            return ([null, second, null], [Sum(x[1] * 2), Sum(root), Sum(quotient), Sum(second * x[0])]);
        });
    }

    /// <summary>What is read late but replaced early is read in time.</summary>
    [Theory]
    [MemberData(nameof(Lengths))]
    public void AnInputThatIsReadBesideAQuotientIsReplacedBesideARoot(int length)
    {
        AssertSameBits(length, length, 4, (x, numbers) => ([2 * x[1], null, x[0] / (1 + Sqrt(Abs(x[1]))), x[0] + Sqrt(x[0] / (1 + Sqrt(Abs(x[1]))))], []));
        AssertSameBits(length, length, 4, (x, numbers) =>
        {
            Tensor first = x[0] / (numbers[0] + Sqrt(Abs(x[1]))), second = first / (numbers[1] + Sqrt(Abs(first)));
            return ([x[1] - x[2], x[2] + numbers[2], first, second], [Sum(second)]);
        });
    }

    /// <summary>Values that replace each other's inputs, read before and after roots in every order.</summary>
    [Theory]
    [InlineData(193)]
    [InlineData(1024)]
    [InlineData(2_113)]
    [InlineData(70_003)]
    public void RandomLoopsInPlace(int length)
    {
        for (int seed = 1; seed <= 40; seed++)
        {
            AssertSameBits(length, seed, 4, (x, numbers) =>
            {
                var random = new Random(seed);
                List<Tensor> values = [.. x, .. numbers];
                for (int i = 0; i < 14; i++)
                {
                    Tensor a = values[random.Next(values.Count)], b = values[random.Next(values.Count)];
                    values.Add(random.Next(8) switch
                    {
                        0 => Sqrt(a),
                        1 => Sqrt(Abs(a)),
                        2 => a / b,
                        3 => a / (Abs(b) + 0.5),
                        4 => FusedMultiplyAdd(a, b, values[random.Next(values.Count)]),
                        5 => Maximum(a, b),
                        6 => ReciprocalSqrt(Abs(a) + 0.25),
                        _ => a - b,
                    });
                }

                Tensor?[] stored = [.. x.Select((_, v) => random.Next(4) == 0 ? null : BroadcastTo(values[^(1 + random.Next(12))], new Shape(length)))];
                return (stored, [.. Enumerable.Range(0, random.Next(3)).Select(_ => Sum(BroadcastTo(values[^(1 + random.Next(12))], new Shape(length))))]);
            });
        }
    }

    /// <summary>Numbers for each row and each column beside those for each element, short rows and long ones.</summary>
    [Theory]
    [InlineData(64, 10)]
    [InlineData(40, 63)]
    [InlineData(7, 1100)]
    [InlineData(1300, 3)]
    [InlineData(3, 70_001)]
    public void RowsAndColumns(int rows, int columns)
    {
        TracedFunction function = TracedFunction.Of([new(rows, columns), new(rows, columns), new(columns), new(rows, 1), Shape.Scalar], x =>
        {
            Tensor scaled = (x[0] - x[3]) / Sqrt(Square(x[1]) + Square(x[3]) + 0.1), other = x[2] * Sqrt(Abs(scaled)) / (x[4] + Square(x[2]));
            return [scaled, other, Sum(scaled * x[1]), Sum(other, 0), Sum(other, 1), Max(scaled, 1)];
        });
        foreach (bool isOdd in new[] { false, true })
        {
            double[][] arguments = [.. function.Inputs.Select((input, i) => Numbers(input.Shape.Count, $"{i}", isOdd))];
            AssertSame(Outputs<float>(true), Outputs<float>(false), "float");
            AssertSame(Outputs<double>(true), Outputs<double>(false), "double");

            T[][] Outputs<T>(bool emit)
                where T : unmanaged, IFloatingPointIeee754<T> => RunsAlone.WithEmission(emit, () => function.Compile<T>().Run(arguments));
        }
    }

    private static void AssertSameBits(int length, int seed, int vectors, Func<Tensor[], Tensor[], (Tensor?[] Stored, Tensor[] Reduced)> trace)
    {
        foreach (bool isOdd in new[] { false, true })
        {
            AssertSame(RunInPlace<float>(true, length, seed, vectors, trace, isOdd), RunInPlace<float>(false, length, seed, vectors, trace, isOdd), $"float, seed {seed}");
            AssertSame(RunInPlace<double>(true, length, seed, vectors, trace, isOdd), RunInPlace<double>(false, length, seed, vectors, trace, isOdd), $"double, seed {seed}");
        }
    }

    private static T[][] RunInPlace<T>(bool emit, int length, int seed, int vectors, Func<Tensor[], Tensor[], (Tensor?[] Stored, Tensor[] Reduced)> trace, bool isOdd)
        where T : unmanaged, IFloatingPointIeee754<T> => RunsAlone.WithEmission(emit, () =>
        {
            var builder = new ProgramBuilder<T>();
            FlatVector<T>[] places = [.. Enumerable.Range(0, vectors).Select(v => new FlatVector<T>(Numbers(length, $"{seed} {v}", isOdd).Select(T.CreateTruncating).ToArray()))];
            Tensor[] x = [.. places.Select((p, v) => builder.View($"x{v}", new Shape(length), p, 0))];
            Tensor[] numbers = [.. Enumerable.Range(0, 3).Select(i => builder.Input($"n{i}", Shape.Scalar))];
            (Tensor?[] stored, Tensor[] reduced) = trace(x, numbers);
            for (int v = 0; v < vectors; v++)
            {
                if (stored[v] is { } value)
                {
                    builder.Output(value, places[v], 0);
                }
            }

            for (int r = 0; r < reduced.Length; r++)
            {
                builder.Output($"r{r}", reduced[r]);
            }

            Program<T> program = builder.Build();
            for (int i = 0; i < 3; i++)
            {
                program[$"n{i}"][0] = T.CreateTruncating(0.1 + (0.3 * i));
            }

            List<T[]> results = [];
            for (int run = 0; run < 3; run++)
            {
                program.Run();
                results.AddRange(places.Select(p => p.Span.ToArray()));
                results.AddRange(Enumerable.Range(0, reduced.Length).Select(r => program[$"r{r}"].ToArray()));
            }

            return results.ToArray();
        });

    /// <summary>Normal numbers; among odd ones zeros of both signs, numbers whose squares underflow, and some that are not finite.</summary>
    private static double[] Numbers(int length, string name, bool isOdd)
    {
        double[] values = new double[length];
        RandomStream.Of(1, $"staged {name}").FillNormal<double>(values, 0, 1);
        for (int i = 5; isOdd && i < length; i += 37)
        {
            values[i] = (i % 8) switch { 0 => 0, 1 => -0.0, 2 => 1e-25, 3 => 1e-40, 4 => double.PositiveInfinity, 5 => double.NaN, 6 => 1e30, _ => -1e-12 };
        }

        return values;
    }

    /// <summary>The same bits; of NaN only that it is one, since a processor keeps the sign of either operand's.</summary>
    private static void AssertSame<T>(T[][] emitted, T[][] interpreted, string what)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Assert.Equal(interpreted.Length, emitted.Length);
        for (int o = 0; o < emitted.Length; o++)
        {
            Assert.Equal(interpreted[o].Length, emitted[o].Length);
            for (int i = 0; i < emitted[o].Length; i++)
            {
                (T a, T b) = (emitted[o][i], interpreted[o][i]);
                if ((a != b || T.IsNegative(a) != T.IsNegative(b)) && !(T.IsNaN(a) && T.IsNaN(b)))
                {
                    Assert.Fail($"{what}, result {o}, element {i}: {a} instead of {b}");
                }
            }
        }
    }
}
