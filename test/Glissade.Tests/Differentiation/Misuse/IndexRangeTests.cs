using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Indices that the element type cannot tell apart, and indices out of range when a program runs.</summary>
public sealed class IndexRangeTests
{
    private const int Most = 1 << 24;

    [Fact]
    public void FloatRefusesAxesWhoseIndicesItCannotTellApart()
    {
        (string Name, Shape[] Shapes, Func<IReadOnlyList<Tensor>, Tensor> Function)[] functions =
        [
            ("gather", [new(Most + 1), new(2)], v => Gather(v[0], v[1])), ("scatter-add", [new(2), new(2)], v => ScatterAdd(v[0], v[1], 0, Most + 1)),
            ("range", [new(1)], v => v[0] + Range(v[0], Most + 1)), ("one-hot", [new(1)], v => OneHot(v[0], Most + 1)),
            ("take-along-axis", [new(Most + 1), new(2)], v => TakeAlongAxis(v[0], v[1], 0)), ("scatter-add-along-axis", [new(2), new(2)], v => ScatterAddAlongAxis(v[0], v[1], 0, Most + 1)),
        ];
        foreach ((string name, Shape[] shapes, Func<IReadOnlyList<Tensor>, Tensor> function) in functions)
        {
            TracedFunction traced = TracedFunction.Of(shapes, v => [function(v)]);
            ArgumentException refused = Assert.Throws<ArgumentException>(() => traced.Compile<float>());
            foreach (string part in new[] { $"'{name}'", $"{Most + 1}", "compile to double" })
            {
                Assert.Contains(part, refused.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void AsManyAsFloatCanTellApartAreRight()
    {
        CompiledFunction<float> compiled = TracedFunction.Of([new(Most), new(1)], v => [Gather(v[0], v[1]), Slice(ScatterAdd(v[1], v[1], 0, Most), 0, Most - 2, 2)]).Compile<float>();
        compiled.Inputs[0].Span[Most - 1] = 7;
        compiled.Inputs[1].Span[0] = Most - 1;
        compiled.Run();
        Assert.Equal(7, compiled.Outputs[0][0]);
        Assert.Equal([0, Most - 1], compiled.Outputs[1].Span.ToArray());
    }

    [Fact]
    public void DoubleFindsTheRowBeyond()
    {
        CompiledFunction<double> compiled = TracedFunction.Of([new(Most + 2), new(1)], v => [Gather(v[0], v[1])]).Compile<double>();
        (compiled.Inputs[0].Span[Most], compiled.Inputs[0].Span[Most + 1]) = (1, 2);
        compiled.Inputs[1].Span[0] = Most + 1;
        compiled.Run();
        Assert.Equal(2, compiled.Outputs[0][0]);
    }

    [Fact]
    public void IndicesOutOfRangeNameTheAxisThatIsIndexed()
    {
        (string Name, Func<Tensor, Tensor, Tensor> Function, string[] Parts)[] functions =
        [
            ("gather", (x, i) => Gather(x, i, -1), ["axis 2 of [2, 0, 3]", "from 0 to 2"]), ("gather", (x, i) => Gather(x, i, 1), ["axis 1 of [2, 0, 3]", "no index"]),
            ("scatter-add", (x, i) => ScatterAdd(i, Reshape(x, new(0, 2)), 1, 4), ["axis 1 of [0, 4]", "from 0 to 3"]),
            ("scatter-add", (x, i) => ScatterAdd(i, Reshape(x, new(0, 2)), 1, 0), ["axis 1 of [0, 0]", "no index"]),
        ];
        foreach ((string name, Func<Tensor, Tensor, Tensor> function, string[] parts) in functions)
        {
            TracedFunction traced = TracedFunction.Of([new(2, 0, 3), new(2)], v => [function(v[0], v[1])]);
            ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(() => FunctionCheck.Run(traced, [], [1, 5]));
            Assert.Equal("indices", refused.ParamName);
            foreach (string part in parts.Append($"'{name}'"))
            {
                Assert.Contains(part, refused.Message, StringComparison.Ordinal);
            }

            Assert.DoesNotContain("to -1", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void RandomIndicesAreRefusedByTheirName()
    {
        TracedFunction traced = TracedFunction.Of(new Shape(3), x => RandomUniform(x, 1, "p", new(2)));
        ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(() => FunctionCheck.Run(traced, [1, 0.5, 2]));
        Assert.Equal("index", refused.ParamName);
        Assert.Contains("'random-uniform': the index 0.5 at element 1 of the indices [3]", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BoundsBeyondFloatAreRefusedWhenCompiled()
    {
        (string Name, Func<Tensor, Tensor> Function)[] functions =
        [
            ("random-uniform", x => RandomUniform(x, 1, "p", new(2), 0, 1e39)), ("random-uniform", x => RandomUniform(x, 1, "p", new(2), -3e38, 3e38)),
            ("random-normal", x => RandomNormal(x, 1, "p", new(2), 1e39)), ("random-normal", x => RandomNormal(x, 1, "p", new(2), 0, 1e39)),
        ];
        foreach ((string name, Func<Tensor, Tensor> function) in functions)
        {
            TracedFunction traced = TracedFunction.Of(Shape.Scalar, function);
            Assert.All(FunctionCheck.Run(traced, [1])[0], v => Assert.True(double.IsFinite(v)));
            Assert.Contains($"'{name}'", Assert.Throws<ArgumentOutOfRangeException>(() => traced.Compile<float>()).Message, StringComparison.Ordinal);
        }
    }

    /// <summary>What the documentation says of the element types: uniform numbers are unrelated, normal ones the same but for rounding.</summary>
    [Fact]
    public void ElementTypesShareNormalNumbersAlone()
    {
        TracedFunction traced = TracedFunction.Of([Shape.Scalar, Shape.Scalar], v => [RandomBernoulli(v[0], 1, "p", new(20000), v[1]), RandomNormal(v[0], 1, "p", new(20000))]);
        float[][] floats = traced.Compile<float>().Run([[3], [0.3]]);
        double[][] doubles = traced.Compile<double>().Run([[3], [0.3]]);

        // Independent masks differ in 2·0.3·0.7 of their places, within six deviations of 0.0035.
        double differing = floats[0].Zip(doubles[0], (f, d) => f == d ? 0.0 : 1).Average();
        Assert.InRange(differing, 0.399, 0.441);
        Assert.All(floats[1].Zip(doubles[1]), pair => Assert.Equal((float)pair.Second, pair.First));
    }
}
