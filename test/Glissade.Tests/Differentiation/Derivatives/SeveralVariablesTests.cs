using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Products with Jacobians and Hessians, and these as wholes, by several variables at once: against closed forms, blocks by one variable, and each other.</summary>
public sealed class SeveralVariablesTests
{
    private static readonly Shape[] Shapes = [new(3), new(2, 3)];
    private static readonly double[] X = [0.3, -0.7, 1.1], W = [0.2, -0.4, 0.9, 1.3, 0.5, -0.6];
    private static readonly double[] AlongX = [1, -2, 0.5], AlongW = [0.1, 0.7, -1, 2, -0.3, 0.4];

    [Fact]
    public void ProductsWithTheJacobiansOfABilinearMap()
    {
        // y = W·x: y changes by W·δx + δW·x; and yᵀ·u has the gradients Wᵀ·u and u·xᵀ.
        double[] u = [0.6, -1.7];
        TracedFunction function = TracedFunction.Of([.. Shapes, .. Shapes, new Shape(2)], v =>
        {
            Tensor y = Map(v[0], v[1]);
            return [JacobianVectorProduct(y, [v[0], v[1]], [v[2], v[3]]), .. VectorJacobianProduct(y, [v[0], v[1]], v[4]), .. VectorJacobianProduct([y, Sin(v[0])], [v[0], v[1]], [v[4], v[2]])];
        });
        double[][] found = FunctionCheck.Run(function, X, W, AlongX, AlongW, u);
        FunctionCheck.Close([.. Enumerable.Range(0, 2).Select(i => Enumerable.Range(0, 3).Sum(j => (W[(3 * i) + j] * AlongX[j]) + (AlongW[(3 * i) + j] * X[j])))], found[0], 1e-15, "Jacobian-vector product");
        double[] byX = [.. Enumerable.Range(0, 3).Select(j => Enumerable.Range(0, 2).Sum(i => W[(3 * i) + j] * u[i]))], byW = [.. Enumerable.Range(0, 6).Select(k => u[k / 3] * X[k % 3])];
        FunctionCheck.Close(byX, found[1], 1e-15, "vector-Jacobian product by x");
        FunctionCheck.Close(byW, found[2], 1e-15, "vector-Jacobian product by W");
        FunctionCheck.Close([.. byX.Select((b, j) => b + (Math.Cos(X[j]) * AlongX[j]))], found[3], 1e-15, "of two outputs by x");
        FunctionCheck.Close(byW, found[4], 1e-15, "of two outputs by W");
    }

    [Fact]
    public void BlocksOfTheHessianAndTheirProducts()
    {
        // f = ½‖W·x‖²: ∂²f/∂x∂x = WᵀW, ∂²f/∂W∂W = I ⊗ xxᵀ, and ∂²f/∂x_j∂W_ik = W_ij·x_k + y_i·[j = k].
        TracedFunction function = TracedFunction.Of([.. Shapes, .. Shapes], v =>
        {
            Tensor f = 0.5 * Sum(Square(Map(v[0], v[1])));
            Tensor[][] blocks = Hessian(f, [v[0], v[1]]);
            return [blocks[0][0], blocks[0][1], blocks[1][0], blocks[1][1], .. HessianVectorProduct(f, [v[0], v[1]], [v[2], v[3]]), Hessian(f, v[1])];
        });
        Assert.Equal([new Shape(3, 3), new Shape(3, 2, 3), new Shape(2, 3, 3), new Shape(2, 3, 2, 3)], function.Outputs.Take(4).Select(o => o.Shape));
        double[][] found = FunctionCheck.Run(function, X, W, AlongX, AlongW);
        double Y(int i) => Enumerable.Range(0, 3).Sum(j => W[(3 * i) + j] * X[j]);
        double XX(int a, int b) => Enumerable.Range(0, 2).Sum(i => W[(3 * i) + a] * W[(3 * i) + b]);
        double XW(int j, int w) => (W[(w / 3 * 3) + j] * X[w % 3]) + (j == w % 3 ? Y(w / 3) : 0);
        double WW(int a, int b) => a / 3 == b / 3 ? X[a % 3] * X[b % 3] : 0;
        FunctionCheck.Close(Table(3, 3, XX), found[0], 1e-14, "∂²f/∂x∂x");
        FunctionCheck.Close(Table(3, 6, XW), found[1], 1e-14, "∂²f/∂x∂W");
        FunctionCheck.Close(Table(6, 3, (w, j) => XW(j, w)), found[2], 1e-14, "∂²f/∂W∂x");
        FunctionCheck.Close(Table(6, 6, WW), found[3], 1e-14, "∂²f/∂W∂W");
        FunctionCheck.Close([.. Enumerable.Range(0, 3).Select(a => AlongX.Select((v, b) => v * XX(a, b)).Sum() + AlongW.Select((v, w) => v * XW(a, w)).Sum())], found[4], 1e-14, "product by x");
        FunctionCheck.Close([.. Enumerable.Range(0, 6).Select(w => AlongX.Select((v, b) => v * XW(b, w)).Sum() + AlongW.Select((v, b) => v * WW(w, b)).Sum())], found[5], 1e-14, "product by W");
        Assert.Equal(found[3], found[6]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void JacobiansAreThoseByOneVariable(int results)
    {
        // Few results go by reverse mode, many by forward mode.
        TracedFunction function = TracedFunction.Of([.. Shapes, new Shape(results, 2)], v =>
        {
            Tensor y = Tanh(MatrixProduct(v[2], Map(v[0], v[1])));
            return [.. Jacobian(y, [v[0], v[1], v[0]]), Jacobian(y, v[0]), Jacobian(y, v[1])];
        });
        double[][] found = FunctionCheck.Run(function, X, W, FunctionCheck.Numbers(2 * results, 3, -1, 1));
        Assert.Equal([new Shape(results, 3), new Shape(results, 2, 3), new Shape(results, 3)], function.Outputs.Take(3).Select(o => o.Shape));
        FunctionCheck.Close(found[3], found[0], 1e-15, "by x");
        FunctionCheck.Close(found[4], found[1], 1e-15, "by W");
        Assert.Equal(found[0], found[2]);
    }

    [Fact]
    public void AVectorIsAnOrdinaryTensor()
    {
        // f = Σ x⁴/12 with v = x³: the product is x²·v = x⁵, its derivative 5x⁴; where v is held still it is 2x·v = 2x⁴.
        TracedFunction function = TracedFunction.Of(new Shape(2), x =>
        {
            Tensor f = Sum(Square(Square(x))) / 12, v = Power(x, 3);
            Tensor product = HessianVectorProduct(f, x, v);
            return Concatenate(0, product, GradientOf(Sum(product), x)[0], GradientOf(Sum(HessianVectorProduct(f, x, StopGradient(v))), x)[0]);
        });
        FunctionCheck.Close([32, -1, 5 * 16, 5, 2 * 16, 2], FunctionCheck.Run(function, [2, -1])[0], 1e-14, "product and derivatives");
    }

    [Fact]
    public void AVariableThatIsComputedFromAnotherCountsAsBoth()
    {
        // u = x², y = u·x: the total derivatives are 3x² by x and x by u, forwards as backwards.
        TracedFunction function = TracedFunction.Of(Shape.Scalar, x =>
        {
            Tensor u = Square(x), y = u * x, one = x.Trace.Constant(1);
            return Stack(0, JacobianVectorProduct(y, [x, u], [one, one]), Sum(Stack(0, [.. GradientOf(y, x, u)])), JacobianVectorProduct(y, [x, x], [one, one]));
        });
        Assert.Equal([30, 30, 54], FunctionCheck.Run(function, [3])[0]);
    }

    [Fact]
    public void TheGradientByChosenInputsStandsBesideTheOtherOutputs()
    {
        TracedFunction function = TracedFunction.Of([Shape.Scalar, Shape.Scalar, Shape.Scalar], v => [v[0] * v[1] + Square(v[2]), v[0] + v[1], Exp(v[2])]);
        Assert.Equal([[10], [3], [2], [4], [5], [Math.Exp(2)]], function.WithGradient().Compile<double>().Invoke([2], [3], [2]));
        Assert.Equal([[10], [4], [3], [5], [Math.Exp(2)]], function.WithGradient(2, 0).Compile<double>().Invoke([2], [3], [2]));
        Assert.Contains("from 0 to 2, not 3", Assert.Throws<ArgumentOutOfRangeException>(() => function.WithGradient(0, 3)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => function.WithGradient(-1));
    }

    [Fact]
    public void TheExampleOfTheDocumentation()
    {
        var line = TracedFunction.Of([new Shape(2), Shape.Scalar, new Shape(4), new Shape(4)], v =>
        {
            Tensor residual = (v[0][0] * v[2]) + v[0][1] + v[1] - v[3];
            return [Mean(Square(residual)), residual];
        });
        Assert.Equal([[0.25], [0, 0.5], [0.5], [0.5, 0.5, 0.5, -0.5]], line.WithGradient(0, 1).Compile<double>().Invoke([2, 1], [0.5], [0, 1, 2, 3], [1, 3, 5, 8]));
    }

    private static Tensor Map(Tensor x, Tensor w) => Sum(w * x, 1);

    private static double[] Table(int rows, int columns, Func<int, int, double> element) => [.. Enumerable.Range(0, rows * columns).Select(i => element(i / columns, i % columns))];
}
