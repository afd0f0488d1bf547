using FsCheck;
using FsCheck.Fluent;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Tests.Differentiation;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Compilation;

/// <summary>Every pass of the compiler against the same program without it, and what each is there for.</summary>
public sealed class PassTests
{
    /// <summary>Passes that move nothing from one loop to another leave every bit as it is.</summary>
    [Theory]
    [InlineData("products", true)]
    [InlineData("memory", true)]
    [InlineData("emit", true)]
    [InlineData("fold", true)]
    [InlineData("simplify", false)]
    [InlineData("loops", false)]
    [InlineData("all", false)]
    public void ResultsAreTheSameWithoutAPass(string pass, bool toTheBit)
    {
        CompilerPasses all = CompilerPasses.All;
        CompilerPasses without = pass switch
        {
            "products" => all with { FuseProducts = false },
            "memory" => all with { ReuseMemory = false },
            "emit" => all with { Emit = false },
            "fold" => all with { Fold = false },
            "simplify" => all with { Simplify = false },
            "loops" => all with { FuseLoops = false },
            _ => new CompilerPasses { Simplify = false, Fold = false, FuseProducts = false, FuseLoops = false, ReuseMemory = false, Emit = false },
        };
        Check.One(FixedRuns.Of(40), Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            TracedFunction function = RandomGraph.Make(seed, 5 + (seed % 46)).WithGradient();
            double[][] arguments = RandomGraph.Arguments(function, seed);
            double[][] expected = Run(function, all, arguments), actual = Run(function, without, arguments);
            for (int o = 0; o < expected.Length; o++)
            {
                // Sums may be cut into other blocks; the values are of the order of 1.
                FunctionCheck.Close(expected[o], actual[o], toTheBit ? 0 : 1e-12, $"seed {seed}, output {o}");
            }
        }));
    }

    [Fact]
    public void NegationsDisappearIntoSumsAndProducts()
    {
        TracedFunction function = TracedFunction.Of([new(3), new(3)], x =>
        [
            x[0] + (-x[1]), x[0] - StopGradient(-x[1]), -x[0] + x[1], -x[0] * -x[1], -x[0] / 2, Square(-x[1]), Abs(-x[0]), -1 * x[0],
        ]);
        double[][] arguments = [[1.5, -0.0, double.NegativeInfinity], [0.25, -0.0, 3]];
        CompiledFunction<double> compiled = function.Compile<double>();
        Assert.Equal(1, Operations(compiled, "negate"));
        double[][] expected =
        [
            [1.25, 0, double.NegativeInfinity], [1.75, -0.0, double.NegativeInfinity], [-1.25, 0, double.PositiveInfinity], [0.375, 0, double.NegativeInfinity],
            [-0.75, 0, double.PositiveInfinity], [0.0625, 0, 9], [1.5, 0, double.PositiveInfinity], [-1.5, 0, double.PositiveInfinity],
        ];
        double[][] plain = Run(function, CompilerPasses.All with { Simplify = false }, arguments);
        double[][] actual = Run(function, CompilerPasses.All, arguments);
        for (int o = 0; o < expected.Length; o++)
        {
            Assert.Equal(expected[o].Select(BitConverter.DoubleToInt64Bits), actual[o].Select(BitConverter.DoubleToInt64Bits));
            Assert.Equal(plain[o].Select(BitConverter.DoubleToInt64Bits), actual[o].Select(BitConverter.DoubleToInt64Bits));
        }
    }

    [Fact]
    public void TransposesBecomeFlagsOfProducts()
    {
        // Two operands, a batch, a double transpose and a transposed result: no copy is left.
        TracedFunction function = TracedFunction.Of([new(4, 3), new(5, 4), new(2, 3, 4), new(2, 5, 3)], x =>
        [
            MatrixProduct(Transpose(x[0]), Transpose(x[1])),
            MatrixProduct(Transpose(x[2], 0, 2, 1), Transpose(x[3], 0, 2, 1)),
            Transpose(MatrixProduct(x[1], Transpose(Transpose(x[0])))),
        ]);
        double[][] arguments = RandomGraph.Arguments(function, 5);
        CompiledFunction<double> compiled = function.Compile<double>();
        Assert.Equal(0, Operations(compiled, "transpose"));
        Assert.Equal(3, compiled.Program.Steps[0].Length);
        AssertSameWithout(function, arguments, CompilerPasses.All with { Simplify = false });
    }

    [Fact]
    public void ViewsOfViewsAndOfPartsAreTakenFromTheFirst()
    {
        TracedFunction function = TracedFunction.Of([new(6, 4), new(6, 2)], x =>
        [
            // Columns 1 to 2 of the first part; the slices, the padding and the other part are never made.
            Slice(Slice(Concatenate(1, x[0], Exp(x[1])), 1, 0, 3), 1, 1, 2) + Slice(Pad(x[1], 1, 3, 1), 1, 3, 2),
            Concatenate(0, Slice(x[0], 0, 0, 2), Slice(x[0], 0, 2, 1), Slice(x[0], 0, 3, 3)) * 2,
        ]);
        CompiledFunction<double> compiled = function.Compile<double>();
        Assert.Equal(0, Operations(compiled, "concatenate") + Operations(compiled, "pad") + Operations(compiled, "exp"));
        AssertSameWithout(function, RandomGraph.Arguments(function, 6), CompilerPasses.All with { Simplify = false });
    }

    [Fact]
    public void AChoiceKnownBeforehandIsNotMade()
    {
        TracedFunction function = TracedFunction.Of([new(3), new(2, 3)], x =>
        {
            Tensor Constant(double value) => x[0] * 0 is var zero ? zero.Trace.Constant(value) : zero;
            return [Select(Constant(0), Exp(x[0]), x[1]), Select(Constant(double.NaN), x[0], Exp(x[1])), Select(Greater(x[1], 0), x[0], x[0])];
        });
        CompiledFunction<double> compiled = function.Compile<double>();
        Assert.Equal(0, Operations(compiled, "select") + Operations(compiled, "exp"));
        double[][] outputs = Run(function, CompilerPasses.All, [[1, 2, 3], [4, 5, 6, 7, 8, 9]]);
        Assert.Equal([4, 5, 6, 7, 8, 9], outputs[0]);
        Assert.Equal([1, 2, 3, 1, 2, 3], outputs[1]);
        Assert.Equal([1, 2, 3, 1, 2, 3], outputs[2]);
    }

    [Fact]
    public void WhatDependsOnConstantsAloneIsComputedOnce()
    {
        double[] table = [.. Enumerable.Range(0, 100).Select(i => i / 7.0)];
        TracedFunction function = TracedFunction.Of(new Shape(100), x =>
        {
            Tensor constant = x.Trace.Constant(table, new Shape(100));
            Tensor weights = Softmax(Sin(constant) * 3) + Sqrt(x.Trace.Constant(2));
            return x * weights;
        });
        CompiledFunction<double> compiled = function.Compile<double>();
        Assert.Single(compiled.Program.Steps[0]);
        Assert.Equal(1, Operations(compiled, "multiply"));
        Assert.Equal(0, Operations(compiled, "sin") + Operations(compiled, "exp") + Operations(compiled, "sqrt"));
        AssertSameWithout(function, [[.. table.Reverse()]], CompilerPasses.All with { Fold = false });
    }

    [Fact]
    public void LargeTablesAreComputedInEveryRunAndCopiesStayCopies()
    {
        // 300 × 300 ones from 300 numbers: kept, it would be 300 times what it is made of.
        TracedFunction function = TracedFunction.Of(new Shape(300, 300), x =>
            x * OneHot(x.Trace.Constant([.. Enumerable.Range(0, 300)], new Shape(300)), 300) + BroadcastTo(x.Trace.Constant(3), x.Shape));
        CompiledFunction<float> compiled = function.Compile<float>();
        Assert.Equal(1, Operations(compiled, "one-hot"));
        compiled.Inputs[0].Span.Fill(2);
        compiled.Run();
        Assert.Equal(5, compiled.Outputs[0][301]);
        Assert.Equal(3, compiled.Outputs[0][302]);
    }

    [Fact]
    public void WhatNoOutputNeedsIsNotComputed()
    {
        TracedFunction function = TracedFunction.Of(new Shape(4, 4), x =>
        {
            _ = MatrixProduct(Exp(x), x);
            return Tanh(x);
        });
        CompiledFunction<double> compiled = function.Compile<double>();
        Assert.Equal(1, Operations(compiled, "tanh"));
        Assert.Equal(0, Operations(compiled, "exp") + Operations(compiled, "matrix-product"));
        Assert.Single(compiled.Program.Steps[0]);
    }

    /// <summary>A loop is split into rows and columns between two of its axes: what is broadcast over one axis and over two cannot share one.</summary>
    [Fact]
    public void LoopsOfOneShapeThatAreSplitBetweenDifferentAxesStayApart()
    {
        TracedFunction function = TracedFunction.Of([new Shape(3, 4, 5), new Shape(4, 5), new Shape(5)], x => [x[0] + x[1], x[0] * x[2], (x[0] - x[2]) * x[1]]);
        CompiledFunction<double> compiled = function.Compile<double>();
        double[][] arguments = [.. function.Inputs.Select((input, i) => Enumerable.Range(1, input.Shape.Count).Select(n => (double)((n * n) + i)).ToArray())];
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i].CopyTo(compiled.Inputs[i].Span);
        }

        compiled.Run();
        for (int i = 0; i < 60; i++)
        {
            (double x, double y, double z) = (arguments[0][i], arguments[1][i % 20], arguments[2][i % 5]);
            Assert.Equal((x + y, x * z, (x - z) * y), (compiled.Outputs[0][i], compiled.Outputs[1][i], compiled.Outputs[2][i]));
        }
    }

    private static int Operations<T>(CompiledFunction<T> compiled, string name)
        where T : unmanaged, System.Numerics.IFloatingPointIeee754<T> =>
        compiled.Program.Steps.SelectMany(s => s).Sum(s => s.ToString()!.Split(' ', ',').Count(word => word == name));

    private static void AssertSameWithout(TracedFunction function, double[][] arguments, CompilerPasses without)
    {
        double[][] expected = Run(function, without, arguments), actual = Run(function, CompilerPasses.All, arguments);
        for (int o = 0; o < expected.Length; o++)
        {
            Assert.Equal(expected[o].Select(BitConverter.DoubleToInt64Bits), actual[o].Select(BitConverter.DoubleToInt64Bits));
        }
    }

    private static double[][] Run(TracedFunction function, CompilerPasses passes, double[][] arguments) => function.Compile<double>(passes).Run(arguments);
}
