using FsCheck;
using FsCheck.Fluent;
using Glissade.Compilation;
using Glissade.Differentiation;

namespace Glissade.Tests.Differentiation;

public sealed class RandomGraphTests
{
    private static readonly Config Runs = FixedRuns.Of(150);

    [Fact]
    public void CompiledValuesAreThoseOfThePlainEvaluator() => Check(seed =>
    {
        TracedFunction function = RandomGraph.Make(seed, 5 + (Math.Abs(seed) % 40));
        double[][] arguments = RandomGraph.Arguments(function, seed);
        AssertMatchesReference(function, arguments, 1e-11);
    });

    [Fact]
    public void CompiledGradientsAreThoseOfThePlainEvaluator() => Check(seed =>
    {
        TracedFunction function = RandomGraph.Make(seed, 5 + (Math.Abs(seed) % 30)).WithGradient();
        AssertMatchesReference(function, RandomGraph.Arguments(function, seed), 1e-10);
    });

    [Fact]
    public void GradientsAreThoseOfCentralDifferences() => Check(seed =>
    {
        TracedFunction function = RandomGraph.Make(seed, 5 + (Math.Abs(seed) % 30));
        double[][] arguments = RandomGraph.Arguments(function, seed);
        CompiledFunction<double> value = function.Compile<double>();
        CompiledFunction<double> gradient = function.WithGradient().Compile<double>();
        Fill(gradient, arguments);
        gradient.Run();
        Fill(value, arguments);

        var random = new Random(seed);
        for (int trial = 0; trial < 8; trial++)
        {
            int input = random.Next(arguments.Length);
            int element = random.Next(arguments[input].Length);
            double x = arguments[input][element];
            double Loss(double at)
            {
                value.Inputs[input][element] = at;
                value.Run();
                return value.Outputs[0][0];
            }

            // Richardson extrapolation of central differences: the error is of fourth order.
            double h = 1e-3;
            double coarse = (Loss(x + h) - Loss(x - h)) / (2 * h);
            double fine = (Loss(x + (h / 2)) - Loss(x - (h / 2))) / h;
            Loss(x);
            double expected = ((4 * fine) - coarse) / 3;
            double actual = gradient.Outputs[1 + input][element];
            Assert.True(Math.Abs(actual - expected) <= 1e-7 * Math.Max(1, Math.Abs(expected)), $"seed {seed}: input {input}[{element}]: {actual:R} instead of {expected:R}");
        }
    });

    [Fact]
    public void FloatAgreesWithDouble() => Check(seed =>
    {
        TracedFunction function = RandomGraph.Make(seed, 20).WithGradient();
        double[][] arguments = RandomGraph.Arguments(function, seed);
        CompiledFunction<double> precise = function.Compile<double>();
        CompiledFunction<float> rough = function.Compile<float>();
        Fill(precise, arguments);
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i].Select(a => (float)a).ToArray().CopyTo(rough.Inputs[i].Span);
        }

        precise.Run();
        rough.Run();
        for (int o = 0; o < precise.Outputs.Length; o++)
        {
            double scale = Math.Max(1, precise.Outputs[o].Span.ToArray().Select(Math.Abs).DefaultIfEmpty(0).Max());
            for (int i = 0; i < precise.Outputs[o].Length; i++)
            {
                Assert.True(Math.Abs(rough.Outputs[o][i] - precise.Outputs[o][i]) <= 1e-3 * scale, $"seed {seed}: output {o}[{i}]");
            }
        }
    });

    private static void Check(Action<int> property) => FsCheck.Check.One(Runs, Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), property));

    private static void Fill(CompiledFunction<double> function, double[][] arguments)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i].CopyTo(function.Inputs[i].Span);
        }
    }

    private static void AssertMatchesReference(TracedFunction function, double[][] arguments, double tolerance)
    {
        CompiledFunction<double> compiled = function.Compile<double>();
        Fill(compiled, arguments);
        compiled.Run();
        var reference = new ReferenceEvaluator(function.Inputs.Zip(arguments).ToDictionary(p => p.First, p => p.Second));
        for (int o = 0; o < function.Outputs.Length; o++)
        {
            double[] expected = reference.Evaluate(function.Outputs[o]);
            double scale = Math.Max(1, expected.Select(Math.Abs).DefaultIfEmpty(0).Max());
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.True(Math.Abs(expected[i] - compiled.Outputs[o][i]) <= tolerance * scale, $"output {o}[{i}] of {function.Outputs[o]}: {compiled.Outputs[o][i]:R} instead of {expected[i]:R}\n{compiled.Program.Describe()}");
            }
        }
    }
}
