using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

public sealed class HessianVectorProductTests
{
    [Fact]
    public void HessianOfRosenbrockIsItsClosedForm()
    {
        CompiledFunction<double> product = TracedFunction.Of([new Shape(2), new Shape(2)], a => [HessianVectorProduct(Rosenbrock(a[0]), a[0], a[1])]).Compile<double>();
        double x = -1.2, y = 1;
        double[,] hessian = { { 2 - (400 * y) + (1200 * x * x), -400 * x }, { -400 * x, 200 } };
        for (int column = 0; column < 2; column++)
        {
            (product.Inputs[0][0], product.Inputs[0][1]) = (x, y);
            (product.Inputs[1][0], product.Inputs[1][1]) = (column == 0 ? 1 : 0, column == 1 ? 1 : 0);
            product.Run();
            Assert.Equal(hessian[0, column], product.Outputs[0][0], 1e-9);
            Assert.Equal(hessian[1, column], product.Outputs[0][1], 1e-9);
        }
    }

    [Fact]
    public void HessianVectorProductsAreDifferencesOfGradients()
    {
        for (int seed = 1; seed <= 40; seed++)
        {
            TracedFunction function = RandomGraph.Make(seed * 104729, 12);
            double[][] arguments = RandomGraph.Arguments(function, seed);
            double[] direction = [.. arguments[0].Select((_, i) => Math.Cos(i + seed))];
            CompiledFunction<double> gradient = function.WithGradient().Compile<double>();
            double[] At(double t)
            {
                for (int i = 0; i < arguments.Length; i++)
                {
                    arguments[i].CopyTo(gradient.Inputs[i].Span);
                }

                for (int i = 0; i < direction.Length; i++)
                {
                    gradient.Inputs[0][i] += t * direction[i];
                }

                gradient.Run();
                return gradient.Outputs[1].Span.ToArray();
            }

            const double H = 1e-4;
            double[] expected = [.. At(H).Zip(At(-H), (up, down) => (up - down) / (2 * H))];
            TracedFunction exact = TracedFunction.Of(
                [.. function.Inputs.Select(i => i.Shape), function.Inputs[0].Shape], x => [HessianVectorProduct(RandomGraph.Trace(seed * 104729, 12, [.. x.Take(x.Count - 1)])[0], x[0], x[^1])]);
            CompiledFunction<double> compiled = exact.Compile<double>();
            for (int i = 0; i < arguments.Length; i++)
            {
                arguments[i].CopyTo(compiled.Inputs[i].Span);
            }

            direction.CopyTo(compiled.Inputs[^1].Span);
            compiled.Run();
            double scale = Math.Max(1, expected.Max(Math.Abs));
            for (int i = 0; i < expected.Length; i++)
            {
                Assert.True(Math.Abs(expected[i] - compiled.Outputs[0][i]) <= 1e-5 * scale, $"seed {seed}, element {i}: {compiled.Outputs[0][i]:R} instead of {expected[i]:R}");
            }
        }
    }

    private static Tensor Rosenbrock(Tensor x) => Square(1 - x[0]) + (100 * Square(x[1] - Square(x[0])));
}
