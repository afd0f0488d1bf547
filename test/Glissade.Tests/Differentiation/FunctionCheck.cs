using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Holds a compiled function against the plain evaluator, and its gradient against central differences of the plain evaluator.</summary>
internal static class FunctionCheck
{
    public static double[] Numbers(int count, int seed, double low, double high)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => low + ((high - low) * random.NextDouble()))];
    }

    public static double[][] Run(TracedFunction function, params double[][] arguments)
    {
        CompiledFunction<double> compiled = function.Compile<double>();
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i].CopyTo(compiled.Inputs[i].Span);
        }

        compiled.Run();
        return [.. compiled.Outputs.Select(o => o.Span.ToArray())];
    }

    /// <summary>Arguments uniform in a range in which the function is smooth, the same for all.</summary>
    public static void Check(Shape[] shapes, Func<IReadOnlyList<Tensor>, Tensor> function, double low = -1.5, double high = 1.5) =>
        Check(shapes, function, [.. shapes.Select((s, i) => Numbers(s.Count, 17 + i, low, high))]);

    public static void Check(Shape[] shapes, Func<IReadOnlyList<Tensor>, Tensor> function, double[][] arguments)
    {
        // Unequal weights, so that no element's adjoint looks like another's.
        TracedFunction plain = TracedFunction.Of(shapes, x => [function(x)]);
        Shape shape = plain.Outputs[0].Shape;
        double[] weights = Numbers(shape.Count, 5, 0.5, 1.5);
        TracedFunction loss = TracedFunction.Of([.. shapes, shape], x => [Sum(function([.. x.Take(shapes.Length)]) * x[^1])]);

        Close(Reference(plain, arguments), Run(plain, arguments)[0], 1e-12, $"value of {plain.Outputs[0]}");
        double[][] gradient = Run(loss.WithGradient(), [.. arguments, weights])[1..];
        for (int direction = 0; direction < 3; direction++)
        {
            // Everything at once, then only the first elements, then only the last.
            double[][] along = [.. shapes.Select((s, i) => Numbers(s.Count, 91 + i, -1, 1))];
            foreach (double[] d in along)
            {
                Span<double> still = direction == 1 && d.Length > 1 ? d.AsSpan(1) : direction == 2 && d.Length > 1 ? d.AsSpan(..^1) : [];
                still.Clear();
            }

            double Along(double h) => Reference(loss, [.. arguments.Zip(along, (x, d) => x.Zip(d, (a, b) => a + (h * b)).ToArray()), weights])[0];
            const double Step = 1e-3;
            double coarse = (Along(Step) - Along(-Step)) / (2 * Step), fine = (Along(Step / 2) - Along(-Step / 2)) / Step;
            double expected = ((4 * fine) - coarse) / 3;
            double actual = along.Zip(gradient, (d, g) => d.Zip(g, (a, b) => a * b).Sum()).Sum();
            double scale = 1 + along.Zip(gradient, (d, g) => d.Zip(g, (a, b) => Math.Abs(a * b)).Sum()).Sum();
            Assert.True(Math.Abs(expected - actual) <= (1e-8 * scale) + (1e-11 * Math.Abs(Along(0))), $"gradient of {plain.Outputs[0]} along direction {direction}: {actual:R} instead of {expected:R}");
        }
    }

    public static void Close(double[] expected, double[] actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = Math.Max(1, expected.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max());
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = expected[i].Equals(actual[i]) || Math.Abs(expected[i] - actual[i]) <= tolerance * scale;
            Assert.True(same, $"{what}, element {i}: {actual[i]:R} instead of {expected[i]:R}");
        }
    }

    private static double[] Reference(TracedFunction function, double[][] arguments) =>
        new ReferenceEvaluator(function.Inputs.Zip(arguments).ToDictionary(p => p.First, p => p.Second)).Evaluate(function.Outputs[0]);
}
