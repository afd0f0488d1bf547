using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Cholesky factors and what is solved with them: value, derivatives of both orders, batches, and matrices without a factor.</summary>
public sealed class LinearAlgebraTests
{
    private static readonly double[] Matrix = [4, 1, -2, 0.5, 1, 3, 0.25, -1, -2, 0.25, 5, 1.5, 0.5, -1, 1.5, 2];

    private static readonly double[] Side = [1, -2, 3, 0.5];

    [Fact]
    public void FiguresOfSciPy()
    {
        TracedFunction function = TracedFunction.Of([new(4, 4), new(4)], v =>
        [
            CholeskyFactor(v[0]), SymmetricSolve(v[0], v[1]), LogDeterminant(v[0]), SymmetricInverse(v[0]),
            TriangularSolve(CholeskyFactor(v[0]), v[1]), TriangularSolve(CholeskyFactor(v[0]), v[1], transposed: true),
            TriangularSolve(v[0], v[1], upper: true), TriangularSolve(v[0], v[1], upper: true, transposed: true),
        ]);
        double[][] expected =
        [
            [2.0, 0, 0, 0, 0.5, 1.6583123951777, 0, 0, -1.0, 0.45226701686664544, 1.94819263561244, 0, 0.25, -0.6784005252999682, 1.0557570869636277, 0.6022040356879073],
            [5.16511867905057, -5.374613003095978, 5.230134158926731, -7.651186790505679],
            [2.717381528531095],
            [1.1475748194014446, -0.9535603715170278, 0.9494324045407634, -1.4757481940144472, -0.9535603715170275, 1.2383900928792568, -0.9040247678018573, 1.535603715170278, 0.9494324045407634, -0.9040247678018574, 1.0732714138286892, -1.494324045407636, -1.4757481940144472, 1.5356037151702782, -1.494324045407636, 2.7574819401444777],
            [0.5, -1.3568010505999364, 2.1115141739272554, -4.607575563044526],
            [1.2320973979312393, -1.163641671016994, 1.0899448044404223, 0.830283376345763],
            [0.6380208333333334, -0.6270833333333333, 0.525, 0.25],
            [0.25, -0.75, 0.7375, -0.7406250000000001],
        ];
        double[][] result = FunctionCheck.Run(function, Matrix, Side);
        for (int i = 0; i < expected.Length; i++)
        {
            FunctionCheck.Close(expected[i], result[i], 1e-14, $"figure {i}");
        }
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("", 2)]
    [InlineData("", 5)]
    [InlineData("", 0)]
    [InlineData("3", 3)]
    [InlineData("2 1", 4)]
    [InlineData("0", 3)]
    public void FactorDeterminantAndInverse(string batch, int n)
    {
        Shape shape = new([.. Parse(batch).Lengths, n, n]);
        double[] a = Definite(shape.Count == 0 ? 0 : shape.Count / (n * n), n);
        FunctionCheck.Check([shape], x => CholeskyFactor(x[0]), [a]);
        FunctionCheck.Check([shape], x => Sin(CholeskyFactor(x[0])), [a]);
        FunctionCheck.Check([shape], x => LogDeterminant(x[0]), [a]);
        FunctionCheck.Check([shape], x => SymmetricInverse(x[0]), [a]);
        FunctionCheck.Check([shape], x => Diagonal(x[0]) * 2);
        FunctionCheck.Check([shape], x => LowerTriangle(x[0]) + UpperTriangle(Square(x[0])));
    }

    [Theory]
    [InlineData("", "", 3, 2)]
    [InlineData("", "", 1, 1)]
    [InlineData("", "", 4, 0)]
    [InlineData("", "", 0, 2)]
    [InlineData("3", "3", 2, 2)]
    [InlineData("3", "", 4, 1)]
    [InlineData("", "2 2", 3, 3)]
    [InlineData("2 1", "3", 3, 2)]
    [InlineData("0", "", 2, 2)]
    [InlineData("", "", 3, 70)]
    public void Solutions(string batchA, string batchB, int n, int k)
    {
        Shape a = new([.. Parse(batchA).Lengths, n, n]), b = new([.. Parse(batchB).Lengths, n, k]);
        double[] matrix = Definite(a.Count == 0 ? 0 : a.Count / (n * n), n), side = FunctionCheck.Numbers(b.Count, 8, -1.5, 1.5);
        FunctionCheck.Check([a, b], x => SymmetricSolve(x[0], x[1]), [matrix, side]);
        FunctionCheck.Check([a, new(n)], x => SymmetricSolve(x[0], x[1]), [matrix, FunctionCheck.Numbers(n, 8, -1, 1)]);
        foreach (bool upper in new[] { false, true })
        {
            foreach (bool transposed in new[] { false, true })
            {
                FunctionCheck.Check([a, b], x => TriangularSolve(x[0], x[1], upper, transposed), [matrix, side]);
                FunctionCheck.Check([a, new(n)], x => TriangularSolve(x[0], Sin(x[1]), upper, transposed), [matrix, FunctionCheck.Numbers(n, 8, -1, 1)]);
            }
        }
    }

    [Fact]
    public void OnlyTheNamedTriangleIsRead()
    {
        double[] lower = [2, double.NaN, 1, 4];
        TracedFunction function = TracedFunction.Of([new(2, 2), new(2)], x => [Sum(TriangularSolve(x[0], x[1]))]);
        double[][] result = FunctionCheck.Run(function.WithGradient(), lower, [2, 9]);
        Assert.Equal([3], result[0]);
        Assert.Equal(0, result[1][1]);
        Assert.All(result[1], v => Assert.True(double.IsFinite(v)));
    }

    [Fact]
    public void SecondDerivatives()
    {
        // Gradients of functions of gradients, against differences of the plain evaluation of the gradient's graph.
        double[] a = Definite(1, 3);
        FunctionCheck.Check([new(3, 3)], x => Sum(Square(GradientOf(LogDeterminant(x[0]), x[0])[0])), [a]);
        FunctionCheck.Check([new(3, 3)], x => Sum(Square(GradientOf(Sum(Sin(CholeskyFactor(x[0]))), x[0])[0])), [a]);
        FunctionCheck.Check([new(3, 3), new(3)], x => Sum(Square(GradientOf(Sum(Square(SymmetricSolve(x[0], x[1]))), x)[0])), [a, [1, 2, -1]]);
        FunctionCheck.Check([new(3, 3), new(3)], x => Sum(Square(GradientOf(Sum(Square(TriangularSolve(x[0], x[1], true, true))), x)[0])), [a, [1, 2, -1]]);
    }

    [Fact]
    public void HessianOfTheLogDeterminant()
    {
        // d²ln det A = −tr(A⁻¹ dA A⁻¹ dA), of which only the symmetric part of dA counts.
        const int n = 4;
        double[][] result = FunctionCheck.Run(TracedFunction.Of([new(n, n)], x => [SymmetricInverse(x[0]), Hessian(LogDeterminant(x[0]), x[0])]), Matrix);
        double[] inverse = result[0], expected = new double[n * n * n * n];
        for (int e = 0; e < expected.Length; e++)
        {
            (int i, int j, int k, int l) = (e / (n * n * n), e / (n * n) % n, e / n % n, e % n);
            expected[e] = -((inverse[(i * n) + k] * inverse[(l * n) + j]) + (inverse[(i * n) + l] * inverse[(k * n) + j])) / 2;
        }

        FunctionCheck.Close(expected, result[1], 1e-13, "Hessian");
    }

    [Fact]
    public void HessianOfAGaussianLikelihood()
    {
        // −ln p of data under a normal distribution of mean m and covariance S = exp(s)·K(w) + I/4; its gradient's differences give the Hessian.
        double[] data = FunctionCheck.Numbers(15, 3, -1, 1), points = [0, 0.4, 1.1, 1.5, 2.3];
        Tensor Loss(Tensor p)
        {
            Tensor x = p.Trace.Constant(points, new(5, 1));
            Tensor kernel = Exp(p[1]) * Exp(-Exp(p[2]) * Square(x - Transpose(x))) + (0.25 * p.Trace.Constant([.. Enumerable.Range(0, 25).Select(i => i % 6 == 0 ? 1.0 : 0)], new(5, 5)));
            Tensor residual = p.Trace.Constant(data, new(5, 3)) - p[0];
            return (0.5 * Sum(residual * SymmetricSolve(kernel, residual))) + (1.5 * LogDeterminant(kernel));
        }

        TracedFunction gradient = TracedFunction.Of(new Shape(3), p => GradientOf(Loss(p), p)[0]);
        double[] at = [0.2, -0.3, 0.4], expected = new double[9];
        for (int i = 0; i < 3; i++)
        {
            double[] Along(double h) => FunctionCheck.Run(gradient, [.. at.Select((v, j) => i == j ? v + h : v)])[0];
            const double Step = 1e-3;
            double[][] values = [Along(Step), Along(-Step), Along(Step / 2), Along(-Step / 2)];
            for (int j = 0; j < 3; j++)
            {
                double coarse = (values[0][j] - values[1][j]) / (2 * Step), fine = (values[2][j] - values[3][j]) / Step;
                expected[(j * 3) + i] = ((4 * fine) - coarse) / 3;
            }
        }

        FunctionCheck.Close(expected, FunctionCheck.Run(TracedFunction.Of(new Shape(3), p => Hessian(Loss(p), p)), at)[0], 1e-9, "Hessian");
    }

    [Theory]
    [InlineData(1, 2, 2, 1)]
    [InlineData(0, 0, 0, 0)]
    [InlineData(-1, 0, 0, 1)]
    [InlineData(1, 0, 0, 0)]
    [InlineData(double.NaN, 0, 0, 1)]
    [InlineData(1, double.PositiveInfinity, 0, 1)]
    public void WithoutAFactorEverythingIsNaN(double a, double b, double c, double d)
    {
        TracedFunction function = TracedFunction.Of(new Shape(2, 2, 2), x => CholeskyFactor(x));
        double[] result = FunctionCheck.Run(function, [a, b, c, d, 4, 0, 0, 9])[0];
        Assert.All(result[..4], v => Assert.Equal(double.NaN, v));
        Assert.Equal([2, 0, 0, 3], result[4..]);
        Assert.Equal(double.NaN, FunctionCheck.Run(TracedFunction.Of(new Shape(2, 2), x => LogDeterminant(x)), [a, b, c, d])[0][0]);
        Assert.All(FunctionCheck.Run(TracedFunction.Of([new Shape(2, 2), new(2)], x => [SymmetricSolve(x[0], x[1])]), [a, b, c, d], [1, 1])[0], v => Assert.Equal(double.NaN, v));
    }

    [Fact]
    public void LargeMatricesInBothTypes()
    {
        const int n = 200;
        double[] a = Definite(1, n), x = FunctionCheck.Numbers(n, 5, -1, 1);
        double[] b = [.. Enumerable.Range(0, n).Select(i => Enumerable.Range(0, n).Sum(j => a[(i * n) + j] * x[j]))];
        TracedFunction function = TracedFunction.Of([new(n, n), new(n)], v => [SymmetricSolve(v[0], v[1])]);
        FunctionCheck.Close(x, FunctionCheck.Run(function, a, b)[0], 1e-12, "double");
        Glissade.Compilation.CompiledFunction<float> single = Glissade.Compilation.CompilationExtensions.Compile<float>(function);
        a.Select(v => (float)v).ToArray().CopyTo(single.Inputs[0].Span);
        b.Select(v => (float)v).ToArray().CopyTo(single.Inputs[1].Span);
        single.Run();
        FunctionCheck.Close(x, [.. single.Outputs[0].Span.ToArray().Select(v => (double)v)], 1e-4, "float");
    }

    /// <summary>Symmetric matrices X·Xᵀ + n/2·I.</summary>
    private static double[] Definite(int batch, int n)
    {
        double[] x = FunctionCheck.Numbers(batch * n * n, 21, -1, 1), result = new double[x.Length];
        for (int i = 0; i < result.Length; i++)
        {
            int start = i / (n * n) * n * n, row = i / n % n, column = i % n;
            result[i] = Enumerable.Range(0, n).Sum(k => x[start + (row * n) + k] * x[start + (column * n) + k]) + (row == column ? 0.5 * n : 0);
        }

        return result;
    }

    private static Shape Parse(string text) => new([.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)]);
}
