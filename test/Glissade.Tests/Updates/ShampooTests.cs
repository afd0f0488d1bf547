using Glissade.Numerics;
using Glissade.Updates;

namespace Glissade.Tests.Updates;

/// <summary>Shampoo in float, where sums of products soon have eigenvalues too far apart for the type.</summary>
public sealed class ShampooTests
{
    [Theory]
    [InlineData(1, 5, 1, 25)]
    [InlineData(1, 5, 100, 25)]
    [InlineData(1, 40, 30, 25)]
    [InlineData(8, 8, 1e4, 25)]
    [InlineData(64, 32, 1, 25)]
    [InlineData(64, 32, 1e6, 25)]
    [InlineData(5, 3, 1, 100)]
    public void GradientsOfAnySizeAreFollowedAsInDouble(int rows, int columns, double size, int iterations)
    {
        // Of rank 2 at most in each step, so that ε alone holds up the small eigenvalues.
        var layout = new Layout(("w", new Shape(rows, columns)));
        var chain = Chain.Of(new Shampoo(Iterations: iterations), LearningRate.Of(0.1));
        (FlatVector<float> x, FlatVector<float> g) = (new FlatVector<float>(layout.Length), new FlatVector<float>(layout.Length));
        (FlatVector<double> precise, FlatVector<double> gradient) = (new FlatVector<double>(layout.Length), new FlatVector<double>(layout.Length));
        Updater<float> rough = chain.Compile(layout, x, g);
        Updater<double> exact = chain.Compile(layout, precise, gradient);
        for (int t = 0; t < 40; t++)
        {
            for (int i = 0; i < layout.Length; i++)
            {
                gradient[i] = size * Math.Cos((3 * i) + t);
                g[i] = (float)gradient[i];
            }

            double length = exact.Step().UpdateNorm;
            Assert.InRange(rough.Step().UpdateNorm, 0.99 * length, 1.01 * length);
        }

        double error = Math.Sqrt(precise.Span.ToArray().Zip(x.Span.ToArray(), (a, b) => (a - b) * (a - b)).Sum());
        Assert.InRange(error, 0, 0.01 * Math.Sqrt(precise.Span.ToArray().Sum(v => v * v)));
    }
}
