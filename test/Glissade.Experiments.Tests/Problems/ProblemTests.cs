using System.Collections.Immutable;
using Glissade.Averaging;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Experiments.Problems;
using Glissade.Numerics;
using Glissade.Updates;

namespace Glissade.Experiments.Tests.Problems;

/// <summary>The built-in problems against their formulas written out once more, their gradients against central differences, and descents against closed forms.</summary>
public sealed class ProblemTests
{
    private static readonly RecurrentNetwork Recurrent = new(Units: 5, Length: 12, Gain: 1.2, Period: 7);

    [Fact]
    public void The_values_are_those_of_the_formulas()
    {
        Assert.Equal(0.5 * ((2 * 9) + (5 * 1)), ValueAt(new Quadratic("quadratic", [2, 5], [3, -1]), [3, -1]), 12);
        Assert.Equal(24.2, ValueAt(new Rosenbrock([-1.2, 1]), [-1.2, 1]), 12);
        Assert.Equal(0, ValueAt(new Rosenbrock([-1.2, 1]), [1, 1]), 12);
        ImmutableArray<double> start = Recurrent.Start(seed: 3);
        Assert.Equal(ByHand(start), ValueAt(Recurrent, [.. start]), 12);
    }

    [Fact]
    public void The_gradients_are_those_of_central_differences()
    {
        foreach (Problem problem in (Problem[])[new Quadratic("quadratic", [2, 5], [3, -1]), new Rosenbrock([-1.2, 1]), Recurrent])
        {
            double[] x = [.. problem.Start(seed: 3)];
            var point = new FlatVector<double>(x);
            var gradient = new FlatVector<double>(x.Length);
            new ProblemValue(problem, point, gradient).Evaluate();
            for (int i = 0; i < x.Length; i++)
            {
                const double apart = 1e-5;
                double[] up = [.. x], down = [.. x];
                (up[i], down[i]) = (x[i] + apart, x[i] - apart);
                double slope = (ValueAt(problem, up) - ValueAt(problem, down)) / (2 * apart);
                Assert.True(Math.Abs(slope - gradient[i]) <= 1e-6 * Math.Max(1, Math.Abs(slope)), $"{problem.Name}[{i}]: {gradient[i]}, {slope} by differences");
            }
        }
    }

    [Fact]
    public void Plain_descent_on_a_quadratic_shrinks_each_axis_by_its_own_factor()
    {
        var search = new Minimization(new Quadratic("quadratic", [1, 12], [-4, 1.5]), Chain.Of(LearningRate.Of(0.15)), null, 0);
        for (int step = 1; step <= 20; step++)
        {
            search.Step();
            double x = -4 * Math.Pow(1 - 0.15, step), y = 1.5 * Math.Pow(1 - (0.15 * 12), step);
            Assert.Equal(x, search.Point[0], 12);
            Assert.Equal(y, search.Point[1], 12);
            Assert.Equal(Math.Sqrt((x * x) + (y * y)), search.Distance!.Value, 12);
            Assert.Equal(0.5 * ((x * x) + (12 * y * y)), search.Value, 12);
        }
    }

    /// <summary>On a unit bowl a noisy descent of rate η is xₜ₊₁ = (1 − η)xₜ − ηε, whose variance comes to η σ² / (2 − η).</summary>
    [Fact]
    public void Noise_keeps_the_iterates_at_the_distance_that_theory_says()
    {
        const double rate = 0.2, sigma = 3;
        const int width = 40;
        var noisy = new Quadratic("quadratic", [.. Enumerable.Repeat(1.0, width)], [.. Enumerable.Repeat(0.0, width)], sigma);
        var search = new Minimization(noisy, Chain.Of(LearningRate.Of(rate)), null, 5);
        double sum = 0;
        const int burn = 100, steps = 2000;
        for (int step = 0; step < burn + steps; step++)
        {
            search.Step();
            sum += step < burn ? 0 : search.Distance!.Value * search.Distance.Value / width;
        }

        Assert.Equal(rate * sigma * sigma / (2 - rate), sum / steps, 0.02);
    }

    [Fact]
    public void The_average_is_shown_and_the_iterates_are_those_without_it()
    {
        var noisy = new Quadratic("quadratic", [1, 4], [-4, 2], 2);
        Chain chain = Chain.Of(LearningRate.Of(0.1));
        var plain = new Minimization(noisy, chain, null, 9);
        var averaged = new Minimization(noisy, chain, Ema.Of(0.9), 9);
        double[] sum = [0, 0];
        for (int step = 1; step <= 30; step++)
        {
            Assert.Equal(plain.Step(), averaged.Step());
            for (int i = 0; i < 2; i++)
            {
                sum[i] = (0.9 * sum[i]) + (0.1 * plain.Point[i]);
                Assert.Equal(sum[i] / (1 - Math.Pow(0.9, step)), averaged.Point[i], 12);
            }
        }
    }

    [Fact]
    public void The_curvature_that_a_rule_asks_for_is_that_of_the_problem()
    {
        // With the curvature itself every direction of a bowl is as steep: each step goes half the way.
        var search = new Minimization(new Quadratic("quadratic", [1, 30, 1000], [1, -1, 1]), Chain.Of(Sophia.Scaling(0.0, 0.0, 1, curvature: CurvatureEstimate.Exact(4)), LearningRate.Of(0.5)), null, 0);
        for (int step = 1; step <= 12; step++)
        {
            Assert.True(search.Step().Applied);
            Assert.Equal(Math.Sqrt(3) * Math.Pow(0.5, step), search.Distance!.Value, 12);
        }

        double[] Descend(ulong seed)
        {
            var drawn = new Minimization(new Rosenbrock([-1.2, 1]), Optimizers.Sophia(0.02, 0, beta2: 0.5, gamma: 1), null, seed);
            for (int step = 0; step < 25; step++)
            {
                drawn.Step();
            }

            return drawn.Point.ToArray();
        }

        Assert.Equal(Descend(1), Descend(1));
        Assert.NotEqual(Descend(1), Descend(2));

        // The recurrence is a loop, whose Hessian goes through it twice: the diagonal by differences of gradients.
        ImmutableArray<double> start = Recurrent.Start(seed: 3);
        var theta = new FlatVector<double>(start.AsSpan());
        Updater<double> updater = Chain.Of(Sophia.Scaling(curvature: CurvatureEstimate.Exact(1))).Compile(Recurrent.Layout, theta, new FlatVector<double>(theta.Length));
        var builder = new ProgramBuilder<double>();
        Tensor? constants = ProblemValue.ConstantsOf(Recurrent, builder);
        new CurvatureEstimator<double>(builder, updater, pieces => Recurrent.Trace(pieces, constants), null, seed: 0).Estimate();
        for (int i = 0; i < theta.Length; i++)
        {
            double Slope(double by)
            {
                double[] moved = [.. start];
                moved[i] += by;
                var gradient = new FlatVector<double>(moved.Length);
                new ProblemValue(Recurrent, new FlatVector<double>(moved), gradient).Evaluate();
                return gradient[i];
            }

            Assert.Equal((Slope(1e-5) - Slope(-1e-5)) / 2e-5, updater.Curvature![i], 1e-7);
        }
    }

    [Fact]
    public void The_gradient_of_a_recurrence_with_a_gain_above_one_explodes_with_its_length()
    {
        double Norm(int length)
        {
            var problem = new RecurrentNetwork(16, length, Gain: 2.5, Period: 20);
            var point = new FlatVector<double>(problem.Start(2).AsSpan());
            var gradient = new FlatVector<double>(point.Length);
            new ProblemValue(problem, point, gradient).Evaluate();
            return Math.Sqrt(Enumerable.Range(0, gradient.Length).Sum(i => gradient[i] * gradient[i]));
        }

        Assert.True(Norm(60) > 20 * Norm(5), $"{Norm(5)}, {Norm(60)}");
    }

    private static double ValueAt(Problem problem, double[] point) => new ProblemValue(problem, new FlatVector<double>(point)).Evaluate();

    private static double ByHand(ImmutableArray<double> theta)
    {
        const int n = 5;
        double[] h = [.. Enumerable.Range(0, n).Select(i => Math.Tanh(theta[(n * n) + i]))];
        double sum = 0;
        for (int t = 0; t < 12; t++)
        {
            double output = Enumerable.Range(0, n).Sum(i => theta[(n * n) + n + i] * h[i]);
            sum += Math.Pow(output - Math.Sin(2 * Math.PI * t / 7), 2);
            h = [.. Enumerable.Range(0, n).Select(i => Math.Tanh(Enumerable.Range(0, n).Sum(j => theta[(i * n) + j] * h[j])))];
        }

        return sum / 12;
    }
}
