using Glissade.Constraints;
using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Tests.Differentiation;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Constraints;

/// <summary>Backpropagation as constrained optimisation: adjoints by name, and residuals of the system they solve.</summary>
public sealed class ComputationLagrangianTests
{
    [Fact]
    public void TheAdjointsOfAnExampleWorkedByHand()
    {
        // a = W·x, h = a², loss = Σ h: λ_h = 1, λ_a = 2a, ∂/∂W = λ_a·xᵀ.
        TracedFunction function = TracedFunction.Of([new(2, 2), new(2, 1)], v =>
        {
            Tensor a = Named(MatrixProduct(v[0], v[1]), "a");
            return [Named(Sum(Named(Square(a), "h")), "loss")];
        });
        var lagrangian = ComputationLagrangian.Of(function);
        Assert.Equal(["a = matrix-product(x0, x1)", "h = square(a)", "loss = sum(h)"], lagrangian.Constraints.Select(c => c.ToString()));
        LagrangianPoint point = lagrangian.At([1, 2, 3, 4], [5, 6]);
        Assert.Equal([17, 39], point.Value("a").ToArray());
        Assert.Equal([1], point.Multiplier("loss").ToArray());
        Assert.Equal([1, 1], point.Multiplier("h").ToArray());
        Assert.Equal([34, 78], point.Multiplier("a").ToArray());
        Assert.Equal([34 * 5, 34 * 6, 78 * 5, 78 * 6], point.Gradient[0]);
        Assert.Equal([34 + (3 * 78), (2 * 34) + (4 * 78)], point.Gradient[1]);
        Assert.Equal((17 * 17) + (39 * 39), point.Lagrangian);
        Assert.Equal(new KktResiduals(0, 0, 0), point.Residuals);
    }

    [Fact]
    public void AMultiplierIsTheSensitivityOfTheLossToItsConstraint()
    {
        // Pushing the constraint by δ, zᵢ = fᵢ + δ, changes the loss by λᵢᵀδ.
        Tensor Network(IReadOnlyList<Tensor> x, Tensor? push)
        {
            Tensor a = MatrixProduct(x[0], x[1]) + x[2];
            a = Named(push is null ? a : a + push, "a");
            return Mean(Square(MatrixProduct(Named(Tanh(a), "h"), x[3])));
        }

        Shape[] shapes = [new(5, 3), new(3, 4), new(4), new(4, 2)];
        double[][] at = [.. shapes.Select((s, i) => FunctionCheck.Numbers(s.Count, i, -1, 1))];
        double[] multiplier = ComputationLagrangian.Of(TracedFunction.Of(shapes, x => [Network(x, null)])).At(at).Multiplier("a").ToArray();
        TracedFunction pushed = TracedFunction.Of([.. shapes, new Shape(5, 4)], x => [Network(x, x[4])]);
        for (int i = 0; i < multiplier.Length; i++)
        {
            double Loss(double delta)
            {
                double[] push = new double[20];
                push[i] = delta;
                return FunctionCheck.Run(pushed, [.. at, push])[0][0];
            }

            Assert.Equal((Loss(1e-5) - Loss(-1e-5)) / 2e-5, multiplier[i], 1e-9);
        }
    }

    [Fact]
    public void ResidualsOfRandomGraphsAreZeroToRounding()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            TracedFunction function = RandomGraph.Make(seed, 30);
            LagrangianPoint point = ComputationLagrangian.Of(function).At(RandomGraph.Arguments(function, seed));
            double scale = 1 + point.Names.Max(n => Math.Max(Greatest(point.Value(n)), Greatest(point.Multiplier(n)))) + point.Gradient.Max(g => Greatest(g));
            KktResiduals residuals = point.Residuals;
            Assert.True(residuals.Feasibility <= 1e-13 * scale && residuals.Stationarity <= 1e-13 * scale && residuals.GradientDifference <= 1e-12 * scale, $"seed {seed}: {residuals} at scale {scale}");
        }
    }

    [Fact]
    public void NamesAreUniqueAndWrongOnesAreNamed()
    {
        TracedFunction function = TracedFunction.Of(new Shape(2), x => Sum(Named(Exp(x), "e")));
        var lagrangian = ComputationLagrangian.Of(function);
        Assert.Contains("'f'", Assert.Throws<KeyNotFoundException>(() => lagrangian.At([1, 2]).Value("f").ToArray()).Message);
        Assert.Contains("[2]", Assert.Throws<ArgumentException>(() => lagrangian.At([1])).Message);
        Assert.Throws<ArgumentException>(() => lagrangian.At([1, 2], [3]));
        Assert.Contains("'e'", Assert.Throws<ArgumentException>(() => TracedFunction.Of(new Shape(2), x => Named(Exp(x), "e") + Named(Sin(x), "e"))).Message);
        Assert.Throws<ArgumentException>(() => ComputationLagrangian.Of(TracedFunction.Of(new Shape(2), x => Exp(x))));
        Assert.Throws<ArgumentException>(() => ComputationLagrangian.Of(TracedFunction.Of(Shape.Scalar, x => x)));
    }

    [Fact]
    public void AComputationOfNaNHasResidualsOfNaN()
    {
        KktResiduals residuals = ComputationLagrangian.Of(TracedFunction.Of(new Shape(2), x => Sum(Log(x)))).At([-1, 2]).Residuals;
        Assert.Equal(double.NaN, residuals.Feasibility);
    }

    [Fact]
    public void AGivenNameThatAnotherValueHasIsRefused()
    {
        Assert.Contains("'x0'", Assert.Throws<ArgumentException>(() => ComputationLagrangian.Of(TracedFunction.Of(new Shape(2), x => Sum(Exp(Named(Square(x), "x0")))))).Message);
        Assert.Contains("'exp#2'", Assert.Throws<ArgumentException>(() => ComputationLagrangian.Of(TracedFunction.Of(new Shape(2), x => Sum(Exp(Named(Square(x), "exp#2")))))).Message);
    }

    [Fact]
    public void ALossThatDependsOnNoInputIsRefused() => Assert.Contains("none of the inputs", Assert.Throws<ArgumentException>(
        () => ComputationLagrangian.Of(TracedFunction.Of(new Shape(2), x => Sum(GradientOf(Sum(x), x)[0])))).Message);

    private static double Greatest(ReadOnlySpan<double> numbers)
    {
        double greatest = 0;
        foreach (double number in numbers)
        {
            greatest = Math.Max(greatest, Math.Abs(number));
        }

        return greatest;
    }
}
