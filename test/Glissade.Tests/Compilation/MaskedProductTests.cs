using System.Numerics;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Compilation;

/// <summary>Gradients through a rectifier that are made at the end of a matrix product, against the product and a loop after it, bit for bit.</summary>
public sealed class MaskedProductTests
{
    private const string Masked = "masked";

    [Theory]
    [InlineData(2, 48, 1)]
    [InlineData(3, 49, 0)]
    [InlineData(12, 50, 7)]
    [InlineData(13, 63, 17)]
    [InlineData(64, 64, 10)]
    [InlineData(64, 128, 64)]
    [InlineData(71, 65, 33)]
    [InlineData(95, 257, 12)]
    [InlineData(1000, 64, 3)]
    [InlineData(240, 260, 30)]
    [InlineData(50, 90, 600)]
    public void TheEndOfAProductIsTheLoopAfterIt(int m, int n, int k)
    {
        foreach ((bool left, bool right) in new[] { (false, true), (false, false), (true, false), (true, true) })
        {
            Shape[] shapes = [new(m, n), left ? new(k, m) : new(m, k), right ? new(n, k) : new(k, n)];
            Tensor Value(Tensor[] x) => Select(Greater(x[0], 0), MatrixProduct(left ? Transpose(x[1]) : x[1], right ? Transpose(x[2]) : x[2]), 0);
            AssertJoined(shapes, isJoined: true, x => Value(x) is var v ? [v, Sum(v, 0)] : []);
            AssertJoined(shapes, isJoined: true, x => [Value(x)]);
            AssertJoined(shapes, isJoined: true, x => Value(x) is var v ? [Sum(v, 0), Transpose(v), MatrixProduct(x[0], Transpose(v))] : []);
        }
    }

    [Fact]
    public void WhatIsNoEndIsLeftAlone()
    {
        Shape[] shapes = [new(64, 64), new(64, 64), new(64, 64)];
        Tensor Product(Tensor[] x) => MatrixProduct(x[1], Transpose(x[2]));

        // Somebody else wants the product or the mask; other sums; other comparisons; nobody wants the value.
        AssertJoined(shapes, false, x => Product(x) is var p ? [Select(Greater(x[0], 0), p, 0), p] : []);
        AssertJoined(shapes, false, x => Product(x) is var p ? [Select(Greater(x[0], 0), p, 0) + Exp(p)] : []);
        AssertJoined(shapes, false, x => Greater(x[0], 0) is var mask ? [Select(mask, Product(x), 0), mask] : []);
        AssertJoined(shapes, false, x => Select(Greater(x[0], 0), Product(x), 0) is var v ? [v, Sum(v, 1)] : []);
        AssertJoined(shapes, false, x => Select(Greater(x[0], 0), Product(x), 0) is var v ? [v, Sum(v)] : []);
        AssertJoined(shapes, false, x => Select(Greater(x[0], 0), Product(x), 0) is var v ? [v, Max(v, 0)] : []);
        AssertJoined(shapes, false, x => [Select(Greater(x[0], 1), Product(x), 0)]);
        AssertJoined(shapes, false, x => [Select(Greater(x[0], 0), Product(x), 1)]);
        AssertJoined(shapes, false, x => [Select(Greater(0 - x[0], x[0]), Product(x), 0)]);
        AssertJoined(shapes, false, x => [Sum(Select(Greater(x[0], 0), Product(x), 0), 0)]);

        // Short rows are summed in another order, one row has another kernel, large products are shared by threads.
        AssertJoined([new(64, 47), new(64, 9), new(47, 9)], false, x => [Select(Greater(x[0], 0), Product(x), 0)]);
        AssertJoined([new(1, 64), new(1, 9), new(64, 9)], false, x => [Select(Greater(x[0], 0), Product(x), 0)]);
        AssertJoined([new(256, 128), new(256, 256), new(128, 256)], false, x => [Select(Greater(x[0], 0), Product(x), 0)]);
        AssertJoined([new(1100, 64), new(1100, 2), new(64, 2)], false, x => [Select(Greater(x[0], 0), Product(x), 0)]);
    }

    [Fact]
    public void ANetworksHiddenGradientsAreEndsOfProducts()
    {
        Shape[] shapes = [new(64, 64), new(64, 128), new(128), new(128, 64), new(64), new(64, 10)];
        TracedFunction function = TracedFunction.Of(shapes, x =>
        {
            Tensor h = Relu(MatrixProduct(Relu(MatrixProduct(x[0], x[1]) + x[2]), x[3]) + x[4]);
            return [.. GradientOf(Sum(Square(MatrixProduct(h, x[5]))), x[1], x[2], x[3], x[4], x[5])];
        });
        Assert.Equal(2, Joined(function.Compile<float>()));
    }

    /// <summary>A value that is to stand where an operand of its product does is made elsewhere; where only the mask stands, it may replace it or not.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void AnOperandIsNotOverwrittenWhileItIsRead(int replaced)
    {
        double[][] results = [.. new[] { true, false }.Select(joins =>
        {
            var builder = new ProgramBuilder<double> { Passes = CompilerPasses.All with { FuseProducts = joins } };
            FlatVector<double>[] vectors = [.. Enumerable.Range(0, 3).Select(i => new FlatVector<double>(Values(64 * 64, i)))];
            Tensor[] x = [.. vectors.Select((v, i) => builder.View($"x{i}", new(64, 64), v, 0))];
            Tensor value = Select(Greater(x[0], 0), MatrixProduct(x[1], Transpose(x[2])), 0);
            builder.Output(value, vectors[replaced], 0);
            builder.Output("sums", Sum(value, 0));
            Program<double> program = builder.Build();
            program.Run();
            program.Run();
            return (double[])[.. vectors[replaced].Span, .. program["sums"]];
        })];
        Assert.Equal(results[1], results[0]);
    }

    [Fact]
    public void NothingIsAllocatedAndTheListingTellsOfIt()
    {
        CompiledFunction<float> compiled = TracedFunction.Of([new(64, 64), new(64, 9), new(64, 9)], x =>
            Select(Greater(x[0], 0), MatrixProduct(x[1], Transpose(x[2])), 0) is var v ? [v, Sum(v, 0)] : []).Compile<float>();
        Assert.Equal("matrix-product+masked+sum per column [64, 9], [64, 9]ᵀ → [64, 64], [64]", $"{Assert.Single(compiled.Program.Steps[0]).Description}");
        Assert.Contains("matrix-product+masked+sum per column", compiled.Program.Describe(), StringComparison.Ordinal);
        compiled.Run();
        Assert.Equal(0, AllocatedBytes.Of(compiled.Run));
    }

    private static void AssertJoined(Shape[] shapes, bool isJoined, Func<Tensor[], Tensor[]> function)
    {
        TracedFunction traced = TracedFunction.Of(shapes, x => function([.. x]));
        AssertJoined<float>(traced, isJoined);
        AssertJoined<double>(traced, isJoined);
    }

    private static void AssertJoined<T>(TracedFunction function, bool isJoined)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        CompiledFunction<T> joined = function.Compile<T>();
        Assert.Equal(isJoined ? 1 : 0, Joined(joined));
        T[][] expected = Run(function.Compile<T>(CompilerPasses.All with { FuseProducts = false })), actual = Run(joined);
        for (int o = 0; o < expected.Length; o++)
        {
            // Equal as numbers: NaN is NaN whatever its sign.
            Assert.Equal(expected[o], actual[o]);
            Assert.Equal(expected[o].Select(T.IsNegative).Where((_, i) => !T.IsNaN(expected[o][i])), actual[o].Select(T.IsNegative).Where((_, i) => !T.IsNaN(expected[o][i])));
        }
    }

    private static int Joined<T>(CompiledFunction<T> compiled)
        where T : unmanaged, IFloatingPointIeee754<T> => compiled.Program.Steps.Sum(s => s.Count(step => step.Description!.Kind.Contains(Masked, StringComparison.Ordinal)));

    private static T[][] Run<T>(CompiledFunction<T> compiled)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < compiled.Inputs.Length; i++)
        {
            Values(compiled.Inputs[i].Length, i).Select(T.CreateTruncating).ToArray().CopyTo(compiled.Inputs[i].Span);
        }

        compiled.Run();
        compiled.Run();
        return [.. compiled.Outputs.Select(o => o.Span.ToArray())];
    }

    /// <summary>Normal numbers; of the mask some are 0, −0, NaN and infinite, of the operands one is NaN and one infinite.</summary>
    private static double[] Values(int count, int input)
    {
        double[] values = new double[count];
        RandomStream.Of(7, $"input {input}").FillNormal<double>(values, 0, 1);
        for (int i = 0; i < count; i++)
        {
            values[i] = (input, i % 11) switch { (0, 3) => 0.0, (0, 5) => -0.0, (0, 7) => double.NaN, (0, 9) => double.PositiveInfinity, _ => values[i] };
        }

        if (input == 1 && count > 200)
        {
            (values[100], values[200]) = (double.NaN, double.NegativeInfinity);
        }

        return values;
    }
}
