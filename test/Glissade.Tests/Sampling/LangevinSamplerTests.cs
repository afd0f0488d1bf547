using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Sampling;
using Glissade.Schedules;

namespace Glissade.Tests.Sampling;

/// <summary>Draws against densities whose moments are known.</summary>
public sealed class LangevinSamplerTests
{
    // U = ½(|θ|² + (Σθ)²) in three dimensions: the precision I + 11ᵀ has the eigenvalue 4 along (1, 1, 1) and 1 across.
    private static Tensor Gaussian(Tensor theta) => 0.5 * (Functions.Sum(theta * theta) + (Functions.Sum(theta) * Functions.Sum(theta)));

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.25)]
    public void OnAGaussianTheMomentsAreThoseOfTheStepSizeInClosedForm(double temperature)
    {
        const double eta = 0.1;
        LangevinSampler sampler = LangevinSampler.Of([3, -2, 1], Gaussian, new LangevinOptions { StepSize = eta, Temperature = temperature, BurnIn = 500, Thinning = 2, Seed = 7 });
        PosteriorDraws draws = sampler.Draw(60_000);
        Assert.Equal(500 + 120_000, sampler.Steps);

        // The step is an autoregression along each eigenvector: variance 2ηT/(1 − (1−ηλ)²) = T/(λ(1 − ηλ/2)).
        double Variance(double lambda) => temperature / (lambda * (1 - (eta * lambda / 2)));
        double diagonal = (Variance(4) + (2 * Variance(1))) / 3, beside = (Variance(4) - Variance(1)) / 3;
        double[] mean = draws.Mean(), errors = draws.StandardErrors();
        double[,] covariance = draws.Covariance();
        for (int i = 0; i < 3; i++)
        {
            Assert.True(Math.Abs(mean[i]) < 5 * errors[i], $"mean {mean[i]} ± {errors[i]}");
            for (int j = 0; j < 3; j++)
            {
                double error = draws.StandardError(d => d[i] * d[j]), right = i == j ? diagonal : beside;
                Assert.True(error < 0.02 * temperature, $"error {error}");
                Assert.True(Math.Abs(covariance[i, j] - right) < 5 * error, $"[{i}, {j}]: {covariance[i, j]} ± {error}, right {right}");

                // The exact inverse of the precision is I − 11ᵀ/4, from which no entry is further than the greatest relative bias, ηλ/2 / (1 − ηλ/2), of 1.
                double exact = temperature * (i == j ? 0.75 : -0.25);
                Assert.True(Math.Abs(covariance[i, j] - exact) < (5 * error) + (temperature * (eta * 4 / 2) / (1 - (eta * 4 / 2))));
            }
        }
    }

    [Fact]
    public void TheEffectiveSampleSizeIsThatOfTheAutoregression()
    {
        // φ = 1 − ηλ = 0.8, so τ = (1 + φ)/(1 − φ) = 9.
        PosteriorDraws draws = LangevinSampler.Of([0], x => 0.5 * Functions.Sum(x * x), new LangevinOptions { StepSize = 0.2, BurnIn = 100, Seed = 3 }).Draw(100_000);
        Assert.Equal(100_000 / 9.0, draws.EffectiveSampleSizes()[0], 1_000.0);
        Assert.Equal(Math.Sqrt(1 / 0.9 / (100_000 / 9.0)), draws.StandardErrors()[0], 6e-4);

        // Independent draws count whole: steps of ηλ = 1 forget where they were.
        PosteriorDraws independent = LangevinSampler.Of([0], x => 0.5 * Functions.Sum(x * x), new LangevinOptions { StepSize = 1, BurnIn = 1, Seed = 3 }).Draw(20_000);
        Assert.InRange(independent.EffectiveSampleSizes()[0], 18_000, 20_000);
    }

    // Eight examples; prior N(0, 4) for the constant and the slope.
    private static readonly double[] X = [-1.2, -0.7, -0.3, 0.1, 0.4, 0.9, 1.3, 1.8], Y = [0, 0, 1, 0, 1, 1, 0, 1];

    // By numerical integration over [-18, 18]² on a grid of 2001² points with NumPy; a grid of 1001² over [-14, 14]² gives the same digits.
    private static readonly double[] ExactMean = [-0.2541304, 1.09363712], ExactCovariance = [0.6473445864443665, -0.17018054373810348, 0.7798859673544314];

    [Fact]
    public void OnALogisticRegressionTheMomentsAreThoseOfIntegration()
    {
        // The greatest curvature is at most 2.8163, that of λI + XᵀX/4.
        const double eta = 0.02, bias = eta * 2.8163 / 2 / (1 - (eta * 2.8163 / 2));
        var sampler = new LangevinSampler([0, 0], (theta, gradient, _) => Potential(theta, gradient, Enumerable.Range(0, 8)), new LangevinOptions { StepSize = eta, BurnIn = 2_000, Thinning = 20, Seed = 11 });
        PosteriorDraws draws = sampler.Draw(30_000);
        AssertMoments(draws, bias, meanBias: 0.02);
        Assert.All(draws.StandardErrors(), e => Assert.True(e < 0.015, $"{e}"));
    }

    [Fact]
    public void WithMinibatchesAndAStepThatFallsTheMomentsAreThoseOfIntegrationToo()
    {
        var order = RandomStream.Of(5, "minibatch");
        double Evaluate(ReadOnlySpan<double> theta, Span<double> gradient, long step)
        {
            order.MoveTo(step, 0);
            return Potential(theta, gradient, [order.NextInt32(8), order.NextInt32(8), order.NextInt32(8), order.NextInt32(8)]);
        }

        var sampler = new LangevinSampler([0, 0], Evaluate, new LangevinOptions { StepSize = LangevinOptions.WellingTeh(0.5, 100), BurnIn = 5_000, Thinning = 20, Seed = 11 });
        PosteriorDraws draws = sampler.Draw(30_000);
        AssertMoments(draws, relativeBias: 0.05, meanBias: 0.02);
    }

    [Fact]
    public void DividedIntoCallsAndCancelledTheDrawsAreTheSame()
    {
        var options = new LangevinOptions { StepSize = Schedule.Linear(0.2, 0.01, 300), BurnIn = 20, Thinning = 3, Seed = 9 };
        double[,] whole = LangevinSampler.Of([1, 2, 3], Gaussian, options).Draw(100).ToArray();
        using var cancellation = new CancellationTokenSource();
        LangevinSampler? parts = null;
        parts = new LangevinSampler([1, 2, 3], (theta, gradient, step) =>
        {
            if (step == 30 && !cancellation.IsCancellationRequested)
            {
                cancellation.Cancel();
            }

            double sum = theta[0] + theta[1] + theta[2];
            for (int i = 0; i < 3; i++)
            {
                gradient[i] = theta[i] + sum;
            }

            return 0;
        }, options);
        Assert.Equal(3, parts.Draw(100, cancellation.Token).Count);
        Assert.Equal(31, parts.Steps);
        parts.Draw(40);
        double[,] all = parts.Draw(57).ToArray();
        for (int i = 0; i < 100; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                Assert.Equal(whole[i, j], all[i, j], 1e-12);
            }
        }

        Assert.NotEqual(whole[0, 0], LangevinSampler.Of([1, 2, 3], Gaussian, options with { Seed = 10 }).Draw(1)[0][0]);
    }

    [Fact]
    public void WhatCannotBeIsToldWithItsNumbers()
    {
        var options = new LangevinOptions { StepSize = 0.1 };
        Assert.Contains("StepSize of a Langevin sampler must be above 0", Assert.Throws<ArgumentOutOfRangeException>(() => LangevinSampler.Of([0], Gaussian, options with { StepSize = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("Thinning", Assert.Throws<ArgumentOutOfRangeException>(() => LangevinSampler.Of([0], Gaussian, options with { Thinning = 0 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => LangevinSampler.Of([], Gaussian, options));
        Assert.Throws<ArgumentException>(() => LangevinSampler.Of([double.NaN], Gaussian, options));
        Assert.Throws<ArgumentOutOfRangeException>(() => LangevinOptions.WellingTeh(1, 1, 0.5));
        Assert.Contains("a smaller step size is needed", Assert.Throws<ArithmeticException>(() => LangevinSampler.Of([1, 1, 1], Gaussian, options with { StepSize = 5, BurnIn = 0 }).Draw(10_000)).Message, StringComparison.Ordinal);
        Assert.Contains("there are 0", Assert.Throws<InvalidOperationException>(() => LangevinSampler.Of([1], Gaussian, options).Draws.Mean()).Message, StringComparison.Ordinal);
        Schedule decay = LangevinOptions.WellingTeh(2, 10, 1);
        Assert.Equal([0.2, 0.1], [decay.At(0), decay.At(10)]);
    }

    private static void AssertMoments(PosteriorDraws draws, double relativeBias, double meanBias)
    {
        double[] mean = draws.Mean(), errors = draws.StandardErrors();
        double[,] covariance = draws.Covariance();
        foreach ((int i, int j, int k) in new[] { (0, 0, 0), (0, 1, 1), (1, 1, 2) })
        {
            double error = draws.StandardError(d => (d[i] - mean[i]) * (d[j] - mean[j]));
            double allowed = (4 * error) + (relativeBias * Math.Sqrt(ExactCovariance[2 * i] * ExactCovariance[2 * j]));
            Assert.True(Math.Abs(covariance[i, j] - ExactCovariance[k]) < allowed, $"covariance [{i}, {j}] {covariance[i, j]} ± {error}, right {ExactCovariance[k]}");
        }

        for (int i = 0; i < 2; i++)
        {
            Assert.True(Math.Abs(mean[i] - ExactMean[i]) < (4 * errors[i]) + meanBias, $"mean {mean[i]} ± {errors[i]}, right {ExactMean[i]}");
        }
    }

    /// <summary>U and ∇U, the part of the examples estimated from some of them.</summary>
    private static double Potential(ReadOnlySpan<double> theta, Span<double> gradient, IEnumerable<int> examples)
    {
        int count = 0;
        double value = 0, first = 0, second = 0;
        foreach (int i in examples)
        {
            double z = theta[0] + (theta[1] * X[i]), residual = (1 / (1 + Math.Exp(-z))) - Y[i];
            value += Math.Log(1 + Math.Exp(z)) - (Y[i] * z);
            (first, second) = (first + residual, second + (residual * X[i]));
            count++;
        }

        double scale = 8.0 / count;
        gradient[0] = (theta[0] / 4) + (scale * first);
        gradient[1] = (theta[1] / 4) + (scale * second);
        return (((theta[0] * theta[0]) + (theta[1] * theta[1])) / 8) + (scale * value);
    }
}
