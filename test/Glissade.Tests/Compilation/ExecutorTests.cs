using Glissade.Compilation;
using Glissade.Compilation.Emission;
using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Tests.Differentiation;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Compilation;

/// <summary>The emitted executor against the interpreted one, bit for bit.</summary>
[Collection(RunsAlone.Name)]
public sealed class ExecutorTests
{
    [Fact]
    public void EmittedAndBlockedLoopsGiveTheSameBits()
    {
        for (int seed = 1; seed <= 120; seed++)
        {
            TracedFunction function = RandomGraph.Make(seed * 7919, 5 + (seed % 40)).WithGradient();
            double[][] arguments = RandomGraph.Arguments(function, seed);
            AssertSameBits<double>(function, arguments, seed);
            AssertSameBits<float>(function, arguments, seed);
        }
    }

    [Theory]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(2049)]
    [InlineData(65_536)]
    [InlineData(65_567)]
    [InlineData(66_561)]
    [InlineData(200_003)]
    public void ManyBlocksRunTogetherAreThoseRunOneByOne(int length)
    {
        TracedFunction function = TracedFunction.Of([new Shape(length), new Shape(length), Shape.Scalar], x =>
            [Sum(x[0] * x[1]), x[0] - (x[2] * x[1]), Sum(Square(x[0])), Exp(x[1]), Sum(x[0])]);
        AssertSameBits(function, length);
    }

    [Theory]
    [InlineData(2, 48)]
    [InlineData(3, 49)]
    [InlineData(7, 64)]
    [InlineData(64, 63)]
    [InlineData(65, 65)]
    [InlineData(700, 127)]
    [InlineData(9, 1100)]
    [InlineData(300, 5000)]
    [InlineData(2, 70_001)]
    public void ColumnsSummedInRegistersAreThoseSummedAfterwards(int rows, int columns)
    {
        Shape[] shapes = [new(rows, columns), new(rows, columns), new(columns), new(rows, 1), Shape.Scalar];
        AssertSameBits(TracedFunction.Of(shapes, x => [Sum(x[0] * x[1], 0)]), rows);
        AssertSameBits(TracedFunction.Of(shapes, x => [Sum(Tanh(x[0] * x[2]) + (x[3] * x[4]), 0), x[0] * x[3], Sum(x[1], 0)]), rows);
        AssertSameBits(TracedFunction.Of(shapes, x => [Sum(x[0] - x[2], 0), Sum(Square(x[0] - x[2]), 0), Sum(x[1] * x[4])]), rows);
    }

    /// <summary>A method too long for the runtime's compiler to inline is slower than kernel after kernel, and so are functions of which each waits for the one before.</summary>
    [Theory]
    [InlineData(5, 4096)]
    [InlineData(20, 4099)]
    [InlineData(60, 1025)]
    [InlineData(30, 70_003)]
    public void LoopsOfManyTranscendentalFunctionsAreEmittedInParts(int functions, int length)
    {
        SkipUnlessEmitting();
        Shape[] shapes = [new(length), new(length)];
        foreach (TracedFunction function in new[]
        {
            TracedFunction.Of(shapes, x => [Enumerable.Range(1, functions).Aggregate(x[0], (sum, i) => sum + Tanh(i * x[1]))]),
            TracedFunction.Of(shapes, x => [Enumerable.Range(1, functions).Aggregate(x[0], (chain, _) => Exp(-Square(chain)) - x[1])]),
            TracedFunction.Of(shapes, x =>
            {
                Tensor[] chain = [.. Enumerable.Range(1, functions).Select(i => Log(1.5 + Sin(i * x[0])) * Softplus(x[1]))];
                return [.. chain.Where((_, i) => i % 4 == 0), .. chain.Select(c => Sum(c)), Sum(chain.Aggregate((a, b) => a + b))];
            }),
        })
        {
            Assert.DoesNotContain("loop, interpreted", function.Compile<float>().Program.Describe(), StringComparison.Ordinal);
            AssertSameBits(function, functions);
        }
    }

    /// <summary>Machine code for twenty functions is not made for some hundred elements.</summary>
    [Theory]
    [InlineData(3, false)]
    [InlineData(20, true)]
    public void ShortLoopsOfManyTranscendentalFunctionsAreInterpreted(int functions, bool interpreted)
    {
        SkipUnlessEmitting();
        TracedFunction function = TracedFunction.Of([new Shape(300), new Shape(300)], x => [Enumerable.Range(1, functions).Aggregate(x[0], (sum, i) => sum + Tanh(i * x[1]))]);
        Assert.Equal(interpreted, function.Compile<float>().Program.Describe().Contains("loop, interpreted", StringComparison.Ordinal));
        AssertSameBits(function, functions);
    }

    /// <summary>Operands of every kind, stores and reductions in any part of a loop.</summary>
    [Theory]
    [InlineData(40, 63)]
    [InlineData(7, 1100)]
    [InlineData(1300, 2)]
    [InlineData(1, 5003)]
    public void PartsOfLoopsGiveTheBitsOfTheInterpretedOnes(int rows, int columns)
    {
        for (int seed = 1; seed <= 6; seed++)
        {
            var random = new Random(seed);
            TracedFunction function = TracedFunction.Of([new(rows, columns), new(rows, columns), new(columns), new(rows, 1), Shape.Scalar], x =>
            {
                List<Tensor> values = [x[0] * x[2], x[1] + x[3]];
                for (int i = 0; i < 25; i++)
                {
                    Tensor a = values[random.Next(values.Count)], b = random.Next(3) == 0 ? x[random.Next(5)] : values[random.Next(values.Count)];
                    values.Add(random.Next(10) switch
                    {
                        0 => Tanh(a),
                        1 => Exp(-Abs(a)),
                        2 => Log(Square(a) + 0.5),
                        3 => Sigmoid(a) * b,
                        4 => a * Tanh(b),
                        5 => Select(Greater(a, b), Sin(a), a),
                        6 => a / (Abs(b) + 1.5),
                        7 => Erf(a + b) + a,
                        8 => FusedMultiplyAdd(0.5 * a, b, values[random.Next(values.Count)]),
                        _ => a - b,
                    });
                }

                return
                [
                    .. values.Where((_, i) => i % 5 == 4),
                    .. values.Where((_, i) => i % 6 == 1).Select(v => Sum(v)),
                    Sum(values[9], 0), Sum(values[13], 1), Max(values[17]), Sum(values[^1]),
                ];
            });
            AssertSameBits(function, seed);
        }
    }

    private static void SkipUnlessEmitting() => Assert.SkipUnless(LoopKernels.IsEmitting, $"No machine code is made of loops: the executor is {LoopKernels.Description}.");

    private static void AssertSameBits(TracedFunction function, int seed)
    {
        double[][] arguments = [.. function.Inputs.Select((input, i) =>
        {
            double[] values = new double[input.Shape.Count];
            RandomStream.Of((ulong)seed, $"executor {i}").FillNormal<double>(values, 0, 1);
            return values;
        })];
        AssertSameBits<double>(function, arguments, seed);
        AssertSameBits<float>(function, arguments, seed);
    }

    private static void AssertSameBits<T>(TracedFunction function, double[][] arguments, int seed)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        T[][] emitted = Run<T>(function, arguments, emit: true);
        T[][] interpreted = Run<T>(function, arguments, emit: false);
        for (int o = 0; o < emitted.Length; o++)
        {
            ReadOnlySpan<byte> a = System.Runtime.InteropServices.MemoryMarshal.AsBytes<T>(emitted[o]);
            Assert.True(a.SequenceEqual(System.Runtime.InteropServices.MemoryMarshal.AsBytes<T>(interpreted[o])), $"seed {seed}, output {o}, {typeof(T).Name}");
        }
    }

    private static T[][] Run<T>(TracedFunction function, double[][] arguments, bool emit)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T> => RunsAlone.WithEmission(emit, () => function.Compile<T>().Run(arguments));
}
