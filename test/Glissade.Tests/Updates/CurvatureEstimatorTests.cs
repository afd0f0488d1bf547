using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Tests.Differentiation;
using Glissade.Updates;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Updates;

/// <summary>Estimates of the Hessian's diagonal against closed forms, and what the rule that lives by them does with them.</summary>
[Collection(RunsAlone.Name)]
public sealed class CurvatureEstimatorTests
{
    private const int Examples = 6, Features = 3, Classes = 3, Draws = 6_000;
    private static readonly Layout Softmax = new(("weight", new Shape(Features, Classes)), ("bias", new Shape(Classes)));
    private static readonly double[] X = [.. Enumerable.Range(0, Examples * Features).Select(i => Math.Sin(1.7 * i))];
    private static readonly double[] Theta = [.. Enumerable.Range(0, Softmax.Length).Select(i => Math.Cos(0.9 * i))];

    [Fact]
    public void TheExactDiagonalIsThatOfTheClosedForm()
    {
        double[] estimate = Estimates(CurvatureEstimate.Exact(1), 1)[0];
        FunctionCheck.Close([.. Enumerable.Range(0, Softmax.Length).Select(i => Hessian(i, i))], estimate, 1e-12, "softmax regression");
    }

    [Fact]
    public void HutchinsonsEstimateHasTheMeanAndTheVarianceThatTheoryGivesIt()
    {
        // u ⊙ Hu with normal u: the mean is Hᵢᵢ, the variance Hᵢᵢ² + Σⱼ Hᵢⱼ².
        double[][] estimates = Estimates(CurvatureEstimate.Hutchinson(1), Draws);
        for (int i = 0; i < Softmax.Length; i++)
        {
            double diagonal = Hessian(i, i);
            double variance = (diagonal * diagonal) + Enumerable.Range(0, Softmax.Length).Sum(j => Hessian(i, j) * Hessian(i, j));
            double[] drawn = [.. estimates.Select(e => e[i])];
            double mean = drawn.Average();

            // Five standard errors; those of the variance are of numbers whose fourth moment is at most 15 times its square.
            Assert.InRange(mean, diagonal - (5 * Math.Sqrt(variance / Draws)), diagonal + (5 * Math.Sqrt(variance / Draws)));
            Assert.InRange(drawn.Average(v => (v - mean) * (v - mean)), variance * (1 - (5 * Math.Sqrt(14.0 / Draws))), variance * (1 + (5 * Math.Sqrt(14.0 / Draws))));
        }
    }

    [Fact]
    public void TheEstimateOfGaussNewtonAndBartlettHasTheFisherDiagonalForItsMean()
    {
        // For softmax regression the Gauss-Newton matrix is the Hessian.
        double[][] estimates = Estimates(CurvatureEstimate.GaussNewtonBartlett(1), Draws);
        for (int i = 0; i < Softmax.Length; i++)
        {
            double[] drawn = [.. estimates.Select(e => e[i])];
            double mean = drawn.Average(), error = Math.Sqrt(drawn.Average(v => (v - mean) * (v - mean)) / Draws);
            Assert.All(drawn, v => Assert.True(v >= 0));
            Assert.InRange(mean, Hessian(i, i) - (5 * error), Hessian(i, i) + (5 * error));
            Assert.InRange(error, 0, 0.04 * Hessian(i, i));
        }
    }

    [Fact]
    public void TheTrajectoryIsThatOfTheAlgorithmInPlainLoops()
    {
        // Liu et al. (2023), algorithms 1 and 3, with an estimate in each third step, on (1 − x)² + 100(y − x²)².
        const ulong Seed = 9;
        (double rate, double beta1, double beta2, double gamma, double decay) = (0.01, 0.8, 0.7, 0.5, 0.1);
        foreach (CurvatureEstimate estimate in new[] { CurvatureEstimate.Hutchinson(3), CurvatureEstimate.Exact(3) })
        {
            var theta = new FlatVector<double>([-1.2, 1]);
            var gradient = new FlatVector<double>(2);
            Updater<double> updater = Optimizers.Sophia(rate, decay, beta1, beta2, gamma, curvature: estimate).Compile(Layout.OfVector(2), theta, gradient);
            var curvature = new CurvatureEstimator<double>(updater, p => Square(1 - p[0][0]) + (100 * Square(p[0][1] - Square(p[0][0]))), Seed);
            double x = -1.2, y = 1;
            double[] m = new double[2], h = new double[2], u = new double[2];
            for (int t = 0; t < 60; t++)
            {
                (gradient[0], gradient[1]) = ((-2 * (1 - theta[0])) - (400 * theta[0] * (theta[1] - (theta[0] * theta[0]))), 200 * (theta[1] - (theta[0] * theta[0])));
                Assert.Equal(t % 3 == 0, updater.IsCurvatureDue);
                if (updater.IsCurvatureDue)
                {
                    curvature.Estimate();
                }

                Assert.True(updater.Step().Applied);
                double[] g = [(-2 * (1 - x)) - (400 * x * (y - (x * x))), 200 * (y - (x * x))];
                if (t % 3 == 0)
                {
                    double hxx = 2 - (400 * (y - (3 * x * x))), hxy = -400 * x, hyy = 200;
                    RandomStream.Of(Seed, "curvature", t).FillNormal(u.AsSpan(), 0.0, 1.0);
                    double[] found = estimate.Method == CurvatureMethod.Exact ? [hxx, hyy] : [u[0] * ((hxx * u[0]) + (hxy * u[1])), u[1] * ((hxy * u[0]) + (hyy * u[1]))];
                    h = [(beta2 * h[0]) + ((1 - beta2) * found[0]), (beta2 * h[1]) + ((1 - beta2) * found[1])];
                }

                m = [(beta1 * m[0]) + ((1 - beta1) * g[0]), (beta1 * m[1]) + ((1 - beta1) * g[1])];
                (x, y) = (x - (rate * decay * x), y - (rate * decay * y));
                x -= rate * Math.Clamp(m[0] / Math.Max(gamma * h[0], 1e-12), -1, 1);
                y -= rate * Math.Clamp(m[1] / Math.Max(gamma * h[1], 1e-12), -1, 1);
                Assert.Equal(x, theta[0], 1e-11);
                Assert.Equal(y, theta[1], 1e-11);
            }
        }
    }

    [Fact]
    public void TheNumberOfThreadsChangesNoBitAndNothingIsAllocated()
    {
        float[] Run(CurvatureEstimate estimate, int threads) => RunsAlone.WithThreads(threads, () =>
        {
            var layout = new Layout(("a", new Shape(300, 70)), ("b", new Shape(70)));
            var theta = new FlatVector<float>(layout.Length);
            RandomStream.Of(1, "start").FillNormal(theta.Span, 0f, 0.1f);
            var gradient = new FlatVector<float>(layout.Length);
            Updater<float> updater = Optimizers.Sophia(0.01, curvature: estimate).Compile(layout, theta, gradient);
            var builder = new ProgramBuilder<float>();
            Tensor x = builder.Input("x", new Shape(40, 300));
            Tensor Logits(IReadOnlyList<Tensor> p) => MatrixProduct(x, p[0]) + p[1];
            var curvature = new CurvatureEstimator<float>(
                builder, updater, p => Mean(LogSumExp(Logits(p), -1)),
                new SampledLoss(40, (p, index) => Mean(CrossEntropy(Logits(p), RandomCategorical(index, 3, "labels", Logits(p))))), seed: 3);
            RandomStream.Of(2, "x").FillNormal(curvature.Program.Buffer("x").Span, 0f, 1f);
            var seen = new List<float>();
            for (int t = 0; t < 3; t++)
            {
                curvature.Estimate();
                seen.AddRange(updater.Curvature!.Span);
                theta.Span.CopyTo(gradient.Span);
                updater.Step();
            }

            Assert.Equal(0, AllocatedBytes.Of(() =>
            {
                curvature.Estimate();
                updater.Step();
            }));
            return seen.ToArray();
        });

        foreach (CurvatureEstimate estimate in new[] { CurvatureEstimate.Hutchinson(1), CurvatureEstimate.GaussNewtonBartlett(1) })
        {
            float[] one = Run(estimate, 1);
            Assert.Contains(one, v => v != 0);
            Assert.Equal(one, Run(estimate, 2));
            Assert.Equal(one, Run(estimate, 7));
        }
    }

    [Fact]
    public void OfMicroBatchesTheLastOfAStepIsDue()
    {
        var gradient = new FlatVector<double>([1]);
        Updater<double> updater = Chain.Of(new Accumulate(3), Sophia.Scaling(curvature: CurvatureEstimate.Exact(2)), LearningRate.Of(0.1)).Compile(Layout.OfVector(1), new FlatVector<double>(1), gradient);
        var curvature = new CurvatureEstimator<double>(updater, p => Square(p[0][0]));
        List<bool> due = [];
        for (int t = 0; t < 15; t++)
        {
            due.Add(updater.IsCurvatureDue);
            if (updater.IsCurvatureDue)
            {
                curvature.Estimate();
            }

            updater.Step();
        }

        Assert.Equal([2, 8, 14], due.Select((isDue, t) => isDue ? t : -1).Where(t => t >= 0));
    }

    [Fact]
    public void AChainThatNamesItsEstimatesMustGetThem()
    {
        Chain chain = Chain.Of(Sophia.Scaling().Only("x"), LearningRate.Of(0.1));
        Updater<double> updater = chain.Compile(Layout.OfVector(2), new FlatVector<double>(2), new FlatVector<double>([1, 1]));
        Assert.Equal(CurvatureEstimate.Hutchinson(10), updater.CurvatureEstimate);
        string message = Assert.Throws<InvalidOperationException>(() => updater.Step()).Message;
        Assert.Contains("'sophia' wants an estimate of the curvature by hutchinson every 10 steps", message, StringComparison.Ordinal);
        Assert.Equal(0, updater.AppliedSteps);
        var curvature = new CurvatureEstimator<double>(updater, p => Sum(Square(p[0])));
        curvature.Estimate();
        Assert.True(updater.Step().Applied);
        Assert.True(updater.Step().Applied);

        curvature.Estimate();
        updater.Restore(updater.Counters);
        Assert.False(updater.CurvatureIsNew);
    }

    [Fact]
    public void WhatDoesNotFitIsNamed()
    {
        var theta = new FlatVector<double>(1);
        Updater<double> Compile(params UpdateRule[] rules) => Chain.Of(rules).Compile(Layout.OfVector(1), theta, new FlatVector<double>(1));
        string two = Assert.Throws<ArgumentException>(() => Compile(Sophia.Scaling(), Sophia.Scaling(curvature: CurvatureEstimate.Exact(1)))).Message;
        Assert.Contains("by hutchinson every 10 steps and another, 'sophia', by exact every step", two, StringComparison.Ordinal);
        Assert.Equal(CurvatureEstimate.Hutchinson(), Compile(Sophia.Scaling(), Sophia.Scaling(0.5)).CurvatureEstimate);

        Updater<double> sampled = Compile(Sophia.Scaling(curvature: CurvatureEstimate.GaussNewtonBartlett()));
        string untargeted = Assert.Throws<ArgumentException>(() => new CurvatureEstimator<double>(sampled, p => Square(p[0][0]))).Message;
        Assert.Contains("'sophia' wants its curvature by gauss-newton-bartlett", untargeted, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new CurvatureEstimator<double>(Compile(LearningRate.Of(1)), p => Square(p[0][0])));
        Assert.Contains("'unnamed' needs estimates", Assert.Throws<ArgumentException>(() => Compile(new Unnamed())).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => CurvatureEstimate.Hutchinson(0));

        Assert.Equal((0.01, 0.05, 0.3), (Gamma(Sophia.Scaling()), Gamma(Sophia.Scaling(curvature: CurvatureEstimate.GaussNewtonBartlett())), Gamma(Sophia.Scaling(gamma: 0.3))));
    }

    private static double Gamma(Sophia rule) => rule.Gamma.At(0);

    /// <summary>Estimates at one θ, of softmax regression towards class 0.</summary>
    private static double[][] Estimates(CurvatureEstimate wanted, int count)
    {
        var theta = new FlatVector<double>(Theta);
        Updater<double> updater = Chain.Of(Sophia.Scaling(curvature: wanted), LearningRate.Of(0)).Compile(Softmax, theta, new FlatVector<double>(Softmax.Length));
        var builder = new ProgramBuilder<double>();
        Tensor x = builder.View("x", new Shape(Examples, Features), new FlatVector<double>(X), 0);
        Tensor Logits(IReadOnlyList<Tensor> p) => MatrixProduct(x, p[0]) + p[1];
        var curvature = new CurvatureEstimator<double>(
            builder, updater, p => Mean(LogSumExp(Logits(p), -1) - Slice(Transpose(Logits(p)), 0, 0, 1)),
            new SampledLoss(Examples, (p, index) => Mean(CrossEntropy(Logits(p), RandomCategorical(index, 3, "labels", Logits(p))))), seed: 4);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            curvature.Estimate();
            double[] estimate = updater.Curvature!.Span.ToArray();
            Assert.True(updater.Step().Applied);
            return estimate;
        })];
    }

    /// <summary>∂²L/∂θᵢ∂θⱼ = mean of x x′ p (δ − p′), with x = 1 for the bias.</summary>
    private static double Hessian(int i, int j)
    {
        double sum = 0;
        for (int b = 0; b < Examples; b++)
        {
            double[] e = [.. Enumerable.Range(0, Classes).Select(k => Math.Exp(Enumerable.Range(0, Features).Sum(f => X[(b * Features) + f] * Theta[(f * Classes) + k]) + Theta[(Features * Classes) + k]))];
            double Input(int row) => row < Features ? X[(b * Features) + row] : 1;
            double P(int k) => e[k] / e.Sum();
            (int k, int l) = (i % Classes, j % Classes);
            sum += Input(i / Classes) * Input(j / Classes) * P(k) * ((k == l ? 1 : 0) - P(l));
        }

        return sum / Examples;
    }

    private sealed record Unnamed : UpdateRule
    {
        public override string Name => "unnamed";

        public override string Formula => "u/ĥ";

        protected internal override Tensor Trace(Tensor update, RuleScope scope) => update / scope.Curvature;
    }
}
