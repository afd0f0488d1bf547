using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Whole Jacobians and Hessians, products with them, and gradients per example, against closed forms and against each other.</summary>
public sealed class JacobianTests
{
    [Fact]
    public void JacobianOfALinearMapIsItsMatrix()
    {
        foreach ((int m, int n) in new[] { (2, 5), (5, 2), (1, 4), (4, 1), (3, 3) })
        {
            double[] matrix = FunctionCheck.Numbers(m * n, 3, -1, 1), x = FunctionCheck.Numbers(n, 4, -1, 1);
            TracedFunction function = TracedFunction.Of([new(m, n), new(n, 1)], v => [Jacobian(Reshape(MatrixProduct(v[0], v[1]), new(m)), v[1])]);
            Assert.Equal(new Shape(m, n, 1), function.Outputs[0].Shape);
            FunctionCheck.Close(matrix, FunctionCheck.Run(function, matrix, x)[0], 1e-15, "Jacobian");
        }
    }

    [Fact]
    public void HessianOfRosenbrockIsItsClosedForm()
    {
        TracedFunction function = TracedFunction.Of(new Shape(2), x => Hessian(Square(1 - x[0]) + 100 * Square(x[1] - Square(x[0])), x));
        foreach ((double x, double y) in new[] { (-1.2, 1.0), (1.0, 1.0), (0.3, -2.0) })
        {
            FunctionCheck.Close([2 - (400 * (y - (3 * x * x))), -400 * x, -400 * x, 200], FunctionCheck.Run(function, [x, y])[0], 1e-14, "Hessian");
        }
    }

    [Fact]
    public void HessianIsSymmetricAndGivesItsProducts()
    {
        static Tensor Loss(IReadOnlyList<Tensor> v) => Mean(Square(Tanh(MatrixProduct(v[1], v[0])) - 0.3)) + LogSumExp(v[0]);
        Shape[] shapes = [new(4, 3), new(5, 4)];
        double[][] at = [FunctionCheck.Numbers(12, 1, -1, 1), FunctionCheck.Numbers(20, 2, -1, 1)];
        double[] v = FunctionCheck.Numbers(12, 3, -1, 1);
        double[] hessian = FunctionCheck.Run(TracedFunction.Of(shapes, x => [Hessian(Loss(x), x[0])]), at)[0];
        double[] product = FunctionCheck.Run(TracedFunction.Of([.. shapes, new Shape(4, 3)], x => [HessianVectorProduct(Loss(x), x[0], x[2])]), [.. at, v])[0];
        for (int i = 0; i < 12; i++)
        {
            for (int j = 0; j < i; j++)
            {
                Assert.Equal(hessian[(12 * i) + j], hessian[(12 * j) + i], 1e-14);
            }
        }

        FunctionCheck.Close([.. Enumerable.Range(0, 12).Select(i => Enumerable.Range(0, 12).Sum(j => hessian[(12 * i) + j] * v[j]))], product, 1e-13, "Hessian-vector product");
    }

    [Fact]
    public void GradientsPerExampleSumToTheGradientOfTheSum()
    {
        // A network with its parameters shared, its examples mapped: what one gets is what one gets example by example.
        Shape[] shapes = [new(3, 4), new(4), new(4, 2), new(6, 3), new(6, 2)];
        double[][] at = [.. shapes.Select((s, i) => FunctionCheck.Numbers(s.Count, 10 + i, -1, 1))];
        static Tensor Loss(Tensor x, Tensor y, IReadOnlyList<Tensor> w) =>
            Mean(Square(MatrixProduct(Tanh(MatrixProduct(Reshape(x, new(1, 3)), w[0]) + w[1]), w[2]) - y));
        double[][] each = FunctionCheck.Run(TracedFunction.Of(shapes, w => VectorizedMap(e => GradientOf(Loss(e[0], e[1], w), w[0], w[1], w[2]), [w[3], w[4]])), at);
        double[][] sum = FunctionCheck.Run(TracedFunction.Of(shapes, w => GradientOf(Sum(VectorizedMap(e => [Loss(e[0], e[1], w)], [w[3], w[4]])[0]), w[0], w[1], w[2])), at);
        for (int p = 0; p < 3; p++)
        {
            int length = shapes[p].Count;
            Assert.Equal(6 * length, each[p].Length);
            FunctionCheck.Close(sum[p], [.. Enumerable.Range(0, length).Select(i => Enumerable.Range(0, 6).Sum(b => each[p][(b * length) + i]))], 1e-13, $"gradient {p}");
            for (int b = 0; b < 6; b++)
            {
                double[][] example = [.. at[..3], at[3][(3 * b)..(3 * (b + 1))], at[4][(2 * b)..(2 * (b + 1))]];
                double[] one = FunctionCheck.Run(TracedFunction.Of([.. shapes[..3], new Shape(3), new Shape(2)], w => GradientOf(Loss(w[3], w[4], w), w[0], w[1], w[2])), example)[p];
                FunctionCheck.Close(one, each[p][(b * length)..((b + 1) * length)], 1e-13, $"gradient {p} of example {b}");
            }
        }
    }

    [Fact]
    public void MapsNest()
    {
        // All pairs of two sets: a map in a map.
        TracedFunction function = TracedFunction.Of([new(4, 3), new(5, 3)], x => [VectorizedMap(a => VectorizedMap(b => Dot(a, Exp(b)), x[1]), x[0])]);
        double[] x = FunctionCheck.Numbers(12, 1, -1, 1), y = FunctionCheck.Numbers(15, 2, -1, 1);
        double[] expected = [.. Enumerable.Range(0, 20).Select(p => Enumerable.Range(0, 3).Sum(k => x[(p / 5 * 3) + k] * Math.Exp(y[(p % 5 * 3) + k])))];
        FunctionCheck.Close(expected, FunctionCheck.Run(function, x, y)[0], 1e-14, "products of all pairs");
    }

    [Fact]
    public void ThingsThatDoNotDependAreZeroOrTheSame()
    {
        TracedFunction function = TracedFunction.Of([new(3), new(2)], x =>
        [
            Jacobian(Square(x[0]), x[1]), JacobianVectorProduct(Square(x[0]), x[1], x[1]), VectorJacobianProduct(Square(x[0]), x[1], x[0]),
            VectorizedMap(_ => Sum(x[1]), x[0]),
        ]);
        double[][] results = FunctionCheck.Run(function, [1, 2, 3], [4, 5]);
        Assert.Equal(new double[6], results[0]);
        Assert.Equal(new double[3], results[1]);
        Assert.Equal(new double[2], results[2]);
        Assert.Equal([9, 9, 9], results[3]);
    }

    [Fact]
    public void WrongShapesAreNamed()
    {
        Exception wrong = Assert.Throws<ArgumentException>(() => TracedFunction.Of([new(3), new(2)], x => [JacobianVectorProduct(Exp(x[0]), x[0], x[1])]));
        Assert.Contains("[3]", wrong.Message);
        Assert.Contains("[2]", wrong.Message);
        Assert.Contains("Jacobian-vector product", wrong.Message);
        Assert.Contains("vector-Jacobian product", Assert.Throws<ArgumentException>(() => TracedFunction.Of([new(3), new(2)], x => [VectorJacobianProduct(Sum(x[0]), x[0], x[1])])).Message);
        Assert.Contains("vectorized-map", Assert.Throws<ArgumentException>(() => TracedFunction.Of([new(3), new(2)], x => VectorizedMap(e => e, [x[0], x[1]]))).Message);
        Assert.Contains("vectorized-map", Assert.Throws<ArgumentException>(() => TracedFunction.Of(Shape.Scalar, x => VectorizedMap(e => e, x))).Message);
    }
}
