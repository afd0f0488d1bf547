using Glissade.Averaging;
using Glissade.Learning.Data;
using Glissade.Learning.Losses;
using Glissade.Learning.Networks;
using Glissade.Learning.Training;
using Glissade.Numerics;
using Glissade.Schedules;
using Glissade.Updates;

namespace Glissade.Learning.Tests.Training;

public sealed class LearningRateRangeTestTests
{
    /// <summary>The mean of (wx + b − y)² over x of mean 0 and variance 1 has the curvature 2 in both directions, so gradient descent is stable below a rate of 1.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(0.1)]
    public void OnAQuadraticTheSuggestionIsBelowTheStabilityLimit(double scale)
    {
        double limit = 1 / scale;
        TrainingSession session = Line(Chain.Of(LearningRate.Of(scale * 5)), scale);
        LearningRateRangeResult result = LearningRateRangeTest.Run(session, new LearningRateRangeOptions { Low = 1e-6, High = 1000, Steps = 120 });
        Assert.Equal(LearningRateRangeEnd.Exploded, result.End);
        Assert.InRange(result.Suggested!.Value, limit / 100, limit);
        Assert.InRange(result.TenthOfMinimum!.Value, limit / 100, limit);
        Assert.InRange(result.Points[^1].Rate, limit, 20 * limit);
        Assert.Contains("fell most steeply at", result.Reason, StringComparison.Ordinal);

        // Sound rates lie on the exponential sweep, and the losses are those of gradient descent with them, whose errors shrink by 1 − 2ηs at each step.
        double error = result.Points[0].Loss;
        for (int k = 1; k < 60; k++)
        {
            double rate = 1e-6 * Math.Pow(1e9, (k - 1) / 119.0);
            Assert.Equal(rate, result.Points[k - 1].Rate, 1e-12 * rate);
            error *= (1 - (2 * rate * scale)) * (1 - (2 * rate * scale));
            Assert.Equal(error, result.Points[k].Loss, 1e-4 * error);
        }
    }

    [Fact]
    public void AllIsLeftAsItWasFound()
    {
        TrainingSession Make() => Ring(Chain.Of(Clip.ByGlobalNorm(1), Adam.Scaling(), WeightDecay.Decoupled(0.01), LearningRate.Of(Schedule.Warmup(0.02, 5).Then(Schedule.Cosine(0.02, 0, 30)))));
        TrainingSession tested = Make(), untouched = Make();
        for (int i = 0; i < 50; i++)
        {
            if (i is 0 or 17 or 20)
            {
                TrainingState before = tested.Save();
                LearningRateRangeResult result = LearningRateRangeTest.Run(tested, new LearningRateRangeOptions { Low = 1e-4, Steps = 150 });
                Assert.NotNull(result.Suggested);
                Same(before, tested.Save());
            }

            foreach (TrainingSession session in new[] { tested, untouched })
            {
                if (session.Progress.Batch == session.StepsPerEpoch)
                {
                    session.EndEpoch();
                }
            }

            Assert.Equal(untouched.Step(), tested.Step());
        }

        Same(untouched.Save(), tested.Save());
        Assert.Null(tested.Updater.LearningRateStep);
    }

    [Fact]
    public void ScheduleAndFactorOfTheChainDoNotMatter()
    {
        LearningRateRangeResult[] results =
        [
            .. new Schedule[] { 0.25, 4, Schedule.Linear(0, 1, 7), Schedule.Linear(1, 0, 20), Schedule.Step(0.5, 0.5, 3) }
                .Select(rate => LearningRateRangeTest.Run(Line(Chain.Of(Momentum.Of(0.5), LearningRate.Of(rate)), 1), new LearningRateRangeOptions { Low = 1e-3 })),
        ];
        Assert.All(results, r => Assert.Equal(results[0].Points.Length, r.Points.Length));
        Assert.All(results, r => Assert.Equal(results[0].Suggested, r.Suggested));
        Assert.All(results, r => Assert.All(r.Points.Zip(results[0].Points), p => Assert.Equal(p.Second.Loss, p.First.Loss, 1e-4 * p.Second.Loss + 1e-9)));
    }

    /// <summary>The line's batch is all of its points, so a step of three of them is a step of one.</summary>
    [Fact]
    public void AStepTakesAllOfItsMicroBatches()
    {
        var options = new LearningRateRangeOptions { Low = 1e-4 };
        LearningRateRangeResult one = LearningRateRangeTest.Run(Line(Optimizers.Sgd(1), 1), options);
        LearningRateRangeResult three = LearningRateRangeTest.Run(Line(Chain.Of([Accumulate.Over(3), .. Optimizers.Sgd(1).Rules]), 1), options);
        Assert.Equal(one.Points.Length, three.Points.Length);
        Assert.All(one.Points.Zip(three.Points), p => Assert.Equal(p.First.Loss, p.Second.Loss, 1e-4 * p.First.Loss));
        Assert.Equal((one.End, one.Suggested), (three.End, three.Suggested));
    }

    [Fact]
    public void AnOverflowThatReducesTheLossScaleDoesNotEndTheSweep()
    {
        var options = new LearningRateRangeOptions { Low = 1e-4 };
        TrainingSession Half(LossScaling scaling) => Line(Optimizers.Sgd(1), 1, TrainingPrecision.Half, scaling);
        LearningRateRangeResult still = LearningRateRangeTest.Run(Half(LossScaling.Static(1024)), options);
        TrainingSession session = Half(LossScaling.DynamicFrom(Math.ScaleB(1, 23)));
        LearningRateRangeResult reduced = LearningRateRangeTest.Run(session, options);
        Assert.Equal((still.End, still.Suggested, still.Points.Length), (reduced.End, reduced.Suggested, reduced.Points.Length));
        Assert.Equal((0, Math.ScaleB(1, 23)), (session.Progress.Skipped, session.Progress.LossScale!.Value.Scale));
    }

    [Fact]
    public void WhereNothingFallsThereIsNoSuggestion()
    {
        LearningRateRangeResult low = LearningRateRangeTest.Run(Line(Optimizers.Sgd(1), 1), new LearningRateRangeOptions { Low = 1e-12, High = 1e-10 });
        Assert.Equal((LearningRateRangeEnd.Swept, null), (low.End, low.Suggested));
        LearningRateRangeResult high = LearningRateRangeTest.Run(Line(Optimizers.Sgd(1), 1), new LearningRateRangeOptions { Low = 100, High = 1000 });
        Assert.Equal((LearningRateRangeEnd.Exploded, null), (high.End, high.Suggested));
        Assert.Contains("begin with a lower rate", high.Reason, StringComparison.Ordinal);
        LearningRateRangeResult short_ = LearningRateRangeTest.Run(Line(Optimizers.Sgd(1), 1), new LearningRateRangeOptions { Low = 1e-3, High = 0.1 });
        Assert.Equal(LearningRateRangeEnd.Swept, short_.End);
        Assert.Contains("still falling", short_.Reason, StringComparison.Ordinal);
        LearningRateRangeResult beyond = LearningRateRangeTest.Run(Line(Optimizers.Sgd(1), 1), new LearningRateRangeOptions { Low = 1e-3, High = 1e30, Smoothing = 0, Explosion = 1e300 });
        Assert.Equal(LearningRateRangeEnd.NotFinite, beyond.End);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        LearningRateRangeResult stopped = LearningRateRangeTest.Run(Line(Optimizers.Sgd(1), 1), cancellation: cancelled.Token);
        Assert.Equal((LearningRateRangeEnd.Cancelled, 1), (stopped.End, stopped.Points.Length));
    }

    [Fact]
    public void NoiseIsNotTakenForAFall()
    {
        var random = new Random(4);
        int suggestions = 0;
        for (int trial = 0; trial < 100; trial++)
        {
            double[] losses = [.. Enumerable.Range(0, 100).Select(_ => 2 + random.NextDouble())];
            suggestions += Judge(losses).Suggested is null ? 0 : 1;
        }

        Assert.InRange(suggestions, 0, 5);
        for (int trial = 0; trial < 100; trial++)
        {
            // A fall of the size of the noise, centred on the sixtieth rate.
            double[] losses = [.. Enumerable.Range(0, 100).Select(i => 2 + random.NextDouble() - Math.Tanh((i - 60) / 8.0))];
            Assert.InRange(Judge(losses).Suggested!.Value, 48, 72);
        }
    }

    [Fact]
    public void WhatCannotBeSweptIsRefused()
    {
        Assert.Contains("no learning rate", Assert.Throws<ArgumentException>(() => LearningRateRangeTest.Run(Line(Chain.Of(Momentum.Of(0.5)), 1))).Message, StringComparison.Ordinal);
        Assert.Contains("above 0 somewhere", Assert.Throws<ArgumentException>(() => LearningRateRangeTest.Run(Line(Optimizers.Sgd(0), 1))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => LearningRateRangeTest.Run(Line(Optimizers.Sgd(1), 1), new LearningRateRangeOptions { Low = 1, High = 0.1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearningRateRangeOptions { Low = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearningRateRangeOptions { Steps = 9 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearningRateRangeOptions { Smoothing = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new LearningRateRangeOptions { Explosion = 1 });
    }

    private static LearningRateRangeResult Judge(double[] losses) => LearningRateRangeTest.Judge(
        [.. Enumerable.Range(0, losses.Length).Select(i => (double)i)], losses, double.PositiveInfinity, LearningRateRangeEnd.Swept, new LearningRateRangeOptions());

    /// <summary>A line through points that lie on one, all of them in each batch; the loss scaled by scaling the rate of the gradient.</summary>
    private static TrainingSession Line(Chain chain, double scale, TrainingPrecision precision = TrainingPrecision.Float32, LossScaling? scaling = null)
    {
        // Scaling the gradient is scaling the curvature: the stable rates move by the reciprocal.
        Chain scaled = scale == 1 ? chain : Chain.Of([new GradientScale(scale), .. chain.Rules]);
        float[] x = [.. Enumerable.Range(0, 64).Select(i => (i - 31.5f) / MathF.Sqrt(341.25f))];
        Dataset data = Dataset.ForRegression(["x"], x, [.. x.Select(v => (3 * v) + 2)]);
        return new TrainingSession(
            Network.Of(new Dense(1)).Build(new Shape(1)), new SquaredError(), scaled, null, new TrainingData(data), new TrainingOptions { BatchSize = 64, Seed = 3, Precision = precision, LossScaling = scaling });
    }

    private static TrainingSession Ring(Chain chain)
    {
        var random = new Random(11);
        float[] features = [.. Enumerable.Range(0, 800).Select(_ => (float)((random.NextDouble() * 4) - 2))];
        int[] classes = [.. Enumerable.Range(0, 400).Select(i => Math.Sqrt((features[2 * i] * features[2 * i]) + (features[(2 * i) + 1] * features[(2 * i) + 1])) < 1.4 ? 1 : 0)];
        return new TrainingSession(
            Network.Of(new Dense(16), new Gelu(), new Dense(2)).Build(new Shape(2)),
            new CrossEntropy(),
            chain,
            Ema.Of(0.9),
            new TrainingData(Dataset.ForClassification(["x", "y"], features, ["outside", "inside"], classes)),
            new TrainingOptions { BatchSize = 30, Seed = 3, Plateau = new PlateauSettings { Patience = 0, Factor = 0.5 } });
    }

    private static void Same(TrainingState left, TrainingState right)
    {
        Assert.Equal(left.Parameters.Span.ToArray(), right.Parameters.Span.ToArray());
        Assert.Equal(left.Counters, right.Counters);
        Assert.Equal(left.Vectors.Select(v => v.Key), right.Vectors.Select(v => v.Key));
        Assert.All(left.Vectors.Zip(right.Vectors), pair => Assert.Equal(pair.First.Value.Span.ToArray(), pair.Second.Value.Span.ToArray()));
        Assert.Equivalent(left.Progress, right.Progress, strict: true);
    }

    private sealed record GradientScale(double Factor) : UpdateRule
    {
        public override string Name => "gradient-scale";

        public override string Formula => "su";

        protected internal override Differentiation.Tensor Trace(Differentiation.Tensor update, RuleScope scope) => scope.Scalar(Factor) * update;
    }
}
