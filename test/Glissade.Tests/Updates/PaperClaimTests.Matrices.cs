using Glissade.Numerics;
using Glissade.Updates;

namespace Glissade.Tests.Updates;

/// <content>Of rules that see each parameter in its own shape.</content>
public sealed partial class PaperClaimTests
{
    [Fact]
    public void TheMemoryOfMatricesIsWhatThePapersSay()
    {
        // Shazeer and Stern (2018): n + m for a matrix, not nm. Gupta, Koren and Singer (2018): m² + n², not (mn)². Ginsburg et al. (2019): a number a layer beside the momentum.
        Assert.Equal(7 + 5, StateLength(Optimizers.Adafactor(), 7, 5));
        Assert.Equal((7 * 7) + (5 * 5), StateLength(Chain.Of(new Shampoo()), 7, 5));
        Assert.Equal((7 * 5) + 1, StateLength(Optimizers.NovoGrad(0.1), 7, 5));
    }

    [Fact]
    public void AdafactorKeepsMatricesOfRankOneWhole()
    {
        // Shazeer and Stern (2018), section 3: the factors give a matrix of rank one back, so that the first step, with β₂ = 1 − 1^−0.8 = 0, is the sign.
        double[] column = [3, -0.1, 7], row = [0.2, -5];
        double[] g = [.. column.SelectMany(a => row.Select(b => a * b))];
        double[] step = MatrixStep(Chain.Of(Adafactor.Scaling()), 3, 2, new double[6], g);
        Assert.All(step.Zip(g), pair => Assert.Equal(Math.Sign(pair.Second), pair.First, 1e-12));

        // Its algorithm 5: with relative steps the first changes a matrix by at most 0.01 of its root mean square, and where that is small by 1e-5.
        double[] theta = [1, -2, 3, 0, 1, 1];
        double size = Math.Sqrt(16.0 / 6);
        Assert.All(MatrixStep(Optimizers.Adafactor(), 3, 2, theta, g), d => Assert.Equal(0.01 * size, Math.Abs(d), 1e-12));
        Assert.All(MatrixStep(Optimizers.Adafactor(), 3, 2, new double[6], g), d => Assert.Equal(0.01 * 1e-3, Math.Abs(d), 1e-15));
    }

    [Fact]
    public void LayerWiseRatesDoNotDependOnTheSizeOfTheGradient()
    {
        // You, Gitman and Ginsburg (2017), section 4, and You et al. (2020), section 3: the step is as long as rate, trust and parameters say.
        double[] theta = [1, -2, 3, 0, 1, 1], g = [0.3, 1, -2, 0.1, 0.7, -0.4];
        foreach ((Chain chain, double length) in new[] { (Optimizers.Lars(0.5, 0.0, 0.02, 0.0), 0.5 * 0.02 * 4), (Optimizers.Lamb(0.1, 0.0, epsilon: 1e-15), 0.1 * 4) })
        {
            double[] once = MatrixStep(chain, 3, 2, theta, g), scaled = MatrixStep(chain, 3, 2, theta, [.. g.Select(v => 1000 * v)]);
            Assert.Equal(length, Math.Sqrt(once.Sum(v => v * v)), 1e-12);
            Assert.All(once.Zip(scaled), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        }
    }

    [Fact]
    public void OrthogonalizationIsThePrintedPolynomialOfTheSingularValues()
    {
        // Jordan et al. (2024), Muon: five steps of 3.4445x − 4.7750x³ + 2.0315x⁵ from the matrix over its norm; a tiny value grows by 3.4445⁵.
        double[] values = [4, 1, 1e-9];
        double[] g = [values[0], 0, 0, 0, values[1], 0, 0, 0, values[2]];
        double[] step = MatrixStep(Chain.Of(new Orthogonalization()), 3, 3, new double[9], g);
        for (int i = 0; i < 3; i++)
        {
            double x = values[i] / Math.Sqrt(17 + 1e-18);
            for (int k = 0; k < 5; k++)
            {
                x = (3.4445 * x) - (4.7750 * x * x * x) + (2.0315 * Math.Pow(x, 5));
            }

            Assert.Equal(x, step[4 * i], 1e-6 * x);
        }

        Assert.Equal(Math.Pow(3.4445, 5) * 1e-9 / Math.Sqrt(17), step[8], 1e-13);
    }

    [Fact]
    public void TheFirstStepOfShampooIsTheNearestOrthogonalMatrix()
    {
        // (GGᵀ)^(−1/4)·G·(GᵀG)^(−1/4) = UVᵀ: Bernstein and Newhouse (2024), Old Optimizer, New Norm: An Anthology.
        double[] g = [2, -1, 0.5, 1, 3, -0.7, 0.2, 0.4, 1.5];
        double[] q = MatrixStep(Chain.Of(new Shampoo(1e-12)), 3, 3, new double[9], g);
        double[,] product = new double[3, 3];
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                double inner = Enumerable.Range(0, 3).Sum(k => q[(i * 3) + k] * q[(j * 3) + k]);
                Assert.Equal(i == j ? 1 : 0, inner, 1e-8);
                product[i, j] = Enumerable.Range(0, 3).Sum(k => q[(k * 3) + i] * g[(k * 3) + j]);
            }
        }

        // The polar factor: QᵀG is symmetric and positive.
        Assert.Equal(product[0, 1], product[1, 0], 1e-7);
        Assert.Equal(product[0, 2], product[2, 0], 1e-7);
        Assert.Equal(product[1, 2], product[2, 1], 1e-7);
        Assert.All(SymmetricMatrices.Decompose(product).Values, v => Assert.True(v > 0));
    }

    /// <summary>The first step of a matrix.</summary>
    private static double[] MatrixStep(Chain chain, int rows, int columns, double[] start, double[] gradient)
    {
        var theta = new FlatVector<double>(start);
        chain.Compile(new Layout(("w", new Shape(rows, columns))), theta, new FlatVector<double>(gradient)).Step();
        return [.. start.Zip(theta.Span.ToArray(), (before, after) => before - after)];
    }
}
