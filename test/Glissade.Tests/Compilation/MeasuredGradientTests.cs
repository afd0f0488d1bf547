using System.Numerics;
using Glissade.Compilation;
using Glissade.Compilation.Steps;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Compilation;

/// <summary>The sum of squares that a program makes of its gradient on the way, against the gradient that it wrote.</summary>
[Collection(RunsAlone.Name)]
public sealed class MeasuredGradientTests
{
    /// <summary>Shapes of the parameters, rows of x, and the loss.</summary>
    private static readonly Dictionary<string, (Shape[] Shapes, Shape X, Func<Tensor, IReadOnlyList<Tensor>, Tensor> Loss)> Problems = new()
    {
        ["digits"] = ([new(64, 128), new(128), new(128, 64), new(64), new(64, 10), new(10)], new(64, 64), Network),
        ["edges"] = ([new(33, 71), new(71), new(71, 131), new(131), new(131, 5), new(5)], new(50, 33), Network),
        ["shared by threads"] = ([new(300, 260), new(260), new(260, 112), new(112), new(112, 1), new(1)], new(700, 300), Network),
        ["one row over"] = ([new(97, 400), new(400), new(400, 65), new(65), new(65, 3), new(3)], new(300, 97), Network),
        ["transposed"] = ([new(80, 33), new(48, 80)], new(40, 33), (x, p) => Sum(Square(MatrixProduct(Tanh(MatrixProduct(x, p[0], false, true)), p[1], false, true)))),
        ["one example"] = ([new(64, 128), new(128), new(128, 64), new(64), new(64, 10), new(10)], new(1, 64), Network),
        ["no example"] = ([new(64, 128)], new(0, 64), (x, p) => Sum(Square(MatrixProduct(x, p[0])))),
        ["one row"] = ([new(1, 320)], new(9, 1), (x, p) => Sum(Exp(MatrixProduct(x, p[0])))),
        ["decayed"] = ([new(64, 64), new(64)], new(32, 64), (x, p) => Sum(Tanh(MatrixProduct(x, p[0]) + p[1])) + Sum(Square(p[0])) + Sum(Square(p[1]))),
        ["shared weights"] = ([new(64, 64), new(64, 64), new(64)], new(32, 64), (x, p) => Sum(Tanh(MatrixProduct(x, p[0] + p[1]))) + Sum(p[2])),
        ["reshaped"] = ([new(4, 16, 64), new(2, 64)], new(32, 64), (x, p) => Sum(Square(MatrixProduct(x, Reshape(p[0], new(64, 64))))) + Sum(Square(MatrixProduct(x, Transpose(p[1]))))),
        ["unused, constant and large"] = ([new(7), Shape.Scalar, new(200_001), new(0, 3)], new(3), (x, p) => Sum(x) + (3 * p[1]) + Sum(Sin(p[2]))),
        ["constant"] = ([new(64, 70)], new(3), (x, p) => Sum(x) + (3 * Sum(p[0]))),
        ["no parameters"] = ([], new(3), (x, _) => Sum(x)),
        ["convolution"] = ([new(3, 3, 4, 8), new(8)], new(2, 9, 10, 4), (x, p) => Sum(Square(Relu(Convolution2D(x, p[0]) + p[1])))),
    };

    public static TheoryData<string> Names() => [.. Problems.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void ItIsTheSumOfTheSquaresWhateverTheThreads(string name)
    {
        Check<float>(name, 3e-7);
        Check<double>(name, 1e-13);
    }

    [Theory]
    [InlineData("digits", 2, 2)]
    [InlineData("edges", 2, 2)]
    [InlineData("shared by threads", 2, 2)]
    [InlineData("transposed", 2, 2)]
    [InlineData("one row", 1, 1)]
    [InlineData("decayed", 0, 0)]
    [InlineData("shared weights", 1, 2)]
    [InlineData("reshaped", 2, 2)]
    [InlineData("convolution", 0, 0)]
    public void ProductsMakeTheirPartAndTheListingTellsOfIt(string name, int products, int pieces)
    {
        (Program<double> program, _, _) = Compile<double>(name, CompilerPasses.All);
        Assert.Equal(products, program.Steps[0].Count(s => s.Description!.Kind == "matrix-product+sum of squares"));
        string made = pieces == 0 ? "" : $", {pieces} of them by their products";
        Assert.EndsWith($" values{made} → []", SumOf(program).Description!.Shapes, StringComparison.Ordinal);
        Assert.Contains("sum-of-squares", program.Describe(), StringComparison.Ordinal);
        (Program<double> plain, _, _) = Compile<double>(name, CompilerPasses.All with { FuseProducts = false });
        Assert.DoesNotContain("+sum of squares", plain.Describe(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void WhatIsNotFiniteIsSeenInEveryElement(double bad)
    {
        // The gradient of Σ c·p is c; that by A of Σ u·A·v is u·vᵀ.
        var builder = new ProgramBuilder<float>();
        var layout = new Layout(("a", new Shape(13, 80)), ("b", new Shape(21)));
        var gradient = new MeasuredGradient<float>(layout.Length);
        var u = new FlatVector<float>(13);
        var v = new FlatVector<float>(80);
        var c = new FlatVector<float>(21);
        IReadOnlyList<Tensor> p = builder.Views(layout, new FlatVector<float>(layout.Length));
        Tensor loss = Sum(MatrixProduct(MatrixProduct(builder.View("u", new(1, 13), u, 0), p[0]), builder.View("v", new(80, 1), v, 0))) + Dot(builder.View("c", new(21), c, 0), p[1]);
        builder.Gradient(loss, p, layout, gradient);
        Program<float> program = builder.Build();
        foreach (FlatVector<float> vector in new[] { u, v, c })
        {
            for (int i = 0; i < vector.Length; i++)
            {
                u.Span.Fill(1);
                v.Span.Fill(2);
                c.Span.Fill(3);
                program.Run();
                Assert.Equal((13 * 80 * 4f) + (21 * 9), gradient.SumOfSquares[0]);
                vector[i] = (float)bad;
                program.Run();
                Assert.False(float.IsFinite(gradient.SumOfSquares[0]));
            }
        }
    }

    /// <summary>Of many rows and few terms one thread makes all; added one after another in float, equal squares would be wrong by a thousandth.</summary>
    [Theory]
    [InlineData(131_072, 16, 0.1)]
    [InlineData(400_000, 16, 0.3)]
    [InlineData(1_009, 80, 0.7)]
    public void ManyRowsLoseNoDigits(int rows, int columns, double value)
    {
        // The gradient by A of Σ u·A is uᵀ times ones.
        var builder = new ProgramBuilder<float>();
        var layout = new Layout(("a", new Shape(rows, columns)));
        var gradient = new MeasuredGradient<float>(layout.Length);
        var u = new FlatVector<float>(rows);
        var ones = new FlatVector<float>(columns);
        u.Span.Fill((float)value);
        ones.Span.Fill(1);
        IReadOnlyList<Tensor> p = builder.Views(layout, new FlatVector<float>(layout.Length));
        builder.Gradient(Sum(MatrixProduct(builder.View("u", new(1, rows), u, 0), p[0]) * builder.View("ones", new(1, columns), ones, 0)), p, layout, gradient);
        Program<float> program = builder.Build();
        Assert.Contains(program.Steps[0], s => s.Description!.Kind == "matrix-product+sum of squares");
        foreach (int threads in new[] { 1, 2, 3 })
        {
            RunsAlone.WithThreads(threads, () =>
            {
                program.Run();
                return 0;
            });
            Assert.Equal(1, gradient.SumOfSquares[0] / ((double)(float)value * (float)value * rows * columns), 1e-5);
        }
    }

    [Fact]
    public void NothingIsAllocated()
    {
        foreach (string name in new[] { "digits", "shared by threads", "unused, constant and large" })
        {
            (Program<float> program, _, _) = Compile<float>(name, CompilerPasses.All);
            program.Run();
            Assert.Equal(0, AllocatedBytes.Of(program.Run));
        }
    }

    [Fact]
    public void TheScratchIsCounted()
    {
        (Program<float> program, _, _) = Compile<float>("digits", CompilerPasses.All);
        (Program<float> plain, _, _) = Compile<float>("digits", CompilerPasses.All with { FuseProducts = false });

        // A number for each column of the two products; one for the first bias, one for what stands behind the second product.
        Assert.Equal(((128 + 64) * sizeof(float)) + (2 * sizeof(double)), SumOf(program).WorkspaceBytes);
        Assert.Equal(sizeof(double), SumOf(plain).WorkspaceBytes);
    }

    private static SumOfSquaresStep<T> SumOf<T>(Program<T> program)
        where T : unmanaged, IFloatingPointIeee754<T> => Assert.Single(program.Steps[0].OfType<SumOfSquaresStep<T>>());

    private static void Check<T>(string name, double tolerance)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] sums = [.. new[] { 1, 2, 3, 5 }.Select(threads => RunsAlone.WithThreads(threads, () =>
        {
            (Program<T> program, MeasuredGradient<T> gradient, FlatVector<T> plain) = Compile<T>(name, CompilerPasses.All);
            program.Run();
            T first = gradient.SumOfSquares[0];
            program.Run();
            Assert.Equal(first, gradient.SumOfSquares[0]);
            Assert.Equal(plain.Span.ToArray(), gradient.Vector.Span.ToArray());
            double expected = 0;
            foreach (T x in gradient.Vector.Span)
            {
                expected += double.CreateTruncating(x) * double.CreateTruncating(x);
            }

            Assert.Equal(1, expected == 0 ? 1 + double.CreateTruncating(first) : double.CreateTruncating(first) / expected, tolerance);
            return first;
        }))];
        Assert.All(sums, sum => Assert.Equal(sums[0], sum));
        (Program<T> other, MeasuredGradient<T> measured, _) = Compile<T>(name, new CompilerPasses { Simplify = false, Fold = false, FuseProducts = false, FuseLoops = false, ReuseMemory = false });
        other.Run();
        Assert.Equal(double.CreateTruncating(sums[0]), double.CreateTruncating(measured.SumOfSquares[0]), 4 * tolerance * double.CreateTruncating(sums[0]));
    }

    /// <summary>A program that measures its gradient, after a run of one that does not, at the same parameters.</summary>
    private static (Program<T> Program, MeasuredGradient<T> Gradient, FlatVector<T> Plain) Compile<T>(string name, CompilerPasses passes)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        (Shape[] shapes, Shape rows, Func<Tensor, IReadOnlyList<Tensor>, Tensor> loss) = Problems[name];
        var layout = new Layout([.. shapes.Select((s, i) => ($"p{i}", s))]);
        var parameters = new FlatVector<T>(layout.Length);
        Fill(parameters.Span, 1, 0.1);
        var gradient = new MeasuredGradient<T>(layout.Length);
        var plain = new FlatVector<T>(layout.Length);
        Program<T>[] programs = [.. new[] { false, true }.Select(measures =>
        {
            var builder = new ProgramBuilder<T> { Passes = passes };
            IReadOnlyList<Tensor> pieces = builder.Views(layout, parameters);
            Tensor value = loss(builder.Input("x", rows), pieces);
            builder.Output("loss", value);
            if (measures)
            {
                builder.Gradient(value, pieces, layout, gradient);
            }
            else
            {
                builder.Gradient(value, pieces, layout, plain);
            }

            Program<T> program = builder.Build();
            Fill(program["x"], 2, 1);
            return program;
        })];
        programs[0].Run();
        return (programs[1], gradient, plain);
    }

    private static Tensor Network(Tensor x, IReadOnlyList<Tensor> p) =>
        Sum(Square(MatrixProduct(Relu(MatrixProduct(Relu(MatrixProduct(x, p[0]) + p[1]), p[2]) + p[3]), p[4]) + p[5]));

    private static void Fill<T>(Span<T> values, ulong seed, double scale)
        where T : unmanaged, IFloatingPointIeee754<T> => RandomStream.Of(seed, "measured gradient").FillNormal(values, T.Zero, T.CreateTruncating(scale));
}
