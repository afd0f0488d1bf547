using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>
/// Holds a compiled function against the plain evaluator; its gradient against central differences of the plain evaluator and against its tangent; and
/// function and gradient over a batch against one example at a time.
/// </summary>
internal static class FunctionCheck
{
    public static double[] Numbers(int count, int seed, double low, double high)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => low + ((high - low) * random.NextDouble()))];
    }

    public static double[][] Run(TracedFunction function, params double[][] arguments) => function.Compile<double>().Run(arguments);

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
            Close([actual], [Tangent(loss, [.. arguments, weights], along)], 1e-12 * scale, $"tangent of {plain.Outputs[0]} along direction {direction}");
        }

        CheckBatch(shapes, function, arguments, weights);
    }

    /// <summary>The change of a scalar along a direction, by the tangent rules.</summary>
    private static double Tangent(TracedFunction loss, double[][] arguments, double[][] along)
    {
        TracedFunction tangent = TracedFunction.Of([.. loss.Inputs.Select(i => i.Shape), .. loss.Inputs.Take(along.Length).Select(i => i.Shape)], x =>
        {
            IReadOnlyDictionary<Tensor, Tensor> given = loss.Inputs.Zip(x).ToDictionary(p => p.First, p => p.Second);
            Tensor value = Graph.Rewrite([loss.Outputs[0]], (node, inputs) => given.GetValueOrDefault(node) ?? x[0].Trace.Add(node.Operation, inputs))[0];
            Tensor? sum = null;
            for (int i = 0; i < along.Length; i++)
            {
                Tensor part = JacobianVectorProduct(value, x[i], x[arguments.Length + i]);
                sum = sum is null ? part : sum + part;
            }

            return [sum!];
        });
        return Run(tangent, [.. arguments, .. along])[0][0];
    }

    /// <summary>Three examples at once, of all arguments and of each alone, against one after the other.</summary>
    private static void CheckBatch(Shape[] shapes, Func<IReadOnlyList<Tensor>, Tensor> function, double[][] arguments, double[] weights)
    {
        const int Batch = 3;
        if (shapes.Sum(s => s.Count) > 2000)
        {
            return;
        }

        // The order of the elements is kept from one example to the next, so that no tie or kink appears.
        double[][][] examples = [.. Enumerable.Range(0, Batch).Select(b => arguments.Select(x => x.Select(v => v * (1 - (0.125 * b))).ToArray()).ToArray())];
        for (int alone = -1; alone < (shapes.Length == 1 ? 0 : shapes.Length); alone++)
        {
            bool IsMapped(int i) => alone < 0 || alone == i;
            IReadOnlyList<Tensor> ValueAndGradient(IReadOnlyList<Tensor> x, Tensor weight)
            {
                Tensor value = function(x);
                return [value, .. GradientOf(Sum(value * weight), x)];
            }

            Shape weightShape = TracedFunction.Of(shapes, x => [function(x)]).Outputs[0].Shape;
            TracedFunction one = TracedFunction.Of([.. shapes, weightShape], x => ValueAndGradient([.. x.Take(shapes.Length)], x[^1]));
            TracedFunction all = TracedFunction.Of([.. shapes.Select((s, i) => IsMapped(i) ? new Shape([Batch, .. s.Lengths]) : s), weightShape], x =>
                VectorizedMap(
                    e =>
                    {
                        var given = new Queue<Tensor>(e);
                        return ValueAndGradient([.. shapes.Select((_, i) => IsMapped(i) ? given.Dequeue() : x[i])], x[^1]);
                    },
                    [.. x.Take(shapes.Length).Where((_, i) => IsMapped(i))]));
            double[][] together = Run(all, [.. shapes.Select((_, i) => IsMapped(i) ? examples.SelectMany(e => e[i]).ToArray() : arguments[i]), weights]);
            for (int b = 0; b < Batch; b++)
            {
                double[][] single = Run(one, [.. shapes.Select((_, i) => IsMapped(i) ? examples[b][i] : arguments[i]), weights]);
                for (int o = 0; o < single.Length; o++)
                {
                    Close(single[o], together[o][(b * single[o].Length)..((b + 1) * single[o].Length)], 1e-12, $"example {b} of output {o} of {one.Outputs[o]}, mapped over {(alone < 0 ? "all" : $"argument {alone}")}");
                }
            }
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
