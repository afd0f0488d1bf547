using Glissade.Averaging;
using Glissade.Numerics;
using Glissade.Schedules;
using Glissade.Tests.Updates;
using Glissade.Updates;

namespace Glissade.Tests.Averaging;

/// <summary>Every average against the mean it claims to be, over the iterates of a run.</summary>
public sealed class AverageTests
{
    private const int Length = 9, Steps = 23;

    /// <summary>Weights of θ₀, θ₁, …, θ_t in the average after t steps.</summary>
    private static readonly Dictionary<string, (ParameterAverage Average, Func<int, double[]> Weights)> Cases = new()
    {
        ["ema"] = (Ema.Of(0.9), t => [0, .. Share(t, i => Math.Pow(0.9, t - i))]),
        ["ema, plain"] = (Ema.Of(0.9, debias: false), t => [Math.Pow(0.9, t), .. Enumerable.Range(1, t).Select(i => 0.1 * Math.Pow(0.9, t - i))]),
        ["ema, warmed up"] = (Ema.Of(0.95, warmUp: true), t => [0, .. Share(t, i => (1 - Warm(i - 1)) * Enumerable.Range(i, t - i).Aggregate(1.0, (p, s) => p * Warm(s)))]),
        ["ema, warmed up and held"] = (Ema.Of(0.4, warmUp: true), t => [0, .. Share(t, i => (1 - Held(i - 1)) * Enumerable.Range(i, t - i).Aggregate(1.0, (p, s) => p * Held(s)))]),
        ["ema, moving"] = (Ema.Of(Schedule.Linear(0.5, 0.9, 10)), t => [0, .. Share(t, i => (1 - Moving(i - 1)) * Enumerable.Range(i, t - i).Aggregate(1.0, (p, s) => p * Moving(s)))]),
        ["mean of all"] = (IterateAverage.From(), t => [0, .. Share(t, _ => 1)]),
        ["mean from 5"] = (IterateAverage.From(5), t => [0, .. Share(t, i => t <= 5 ? (i == t ? 1 : 0) : i > 5 ? 1 : 0)]),
        ["mean of the last quarter"] = (IterateAverage.OfLast(0.25, 20), t => [0, .. Share(t, i => t <= 15 ? (i == t ? 1 : 0) : i > 15 ? 1 : 0)]),
        ["swa"] = (StochasticWeightAverage.Of(4, 3), t => [0, .. Share(t, i => t < 7 ? (i == t ? 1 : 0) : i > 4 && (i - 4) % 3 == 0 ? 1 : 0)]),
        ["soft target"] = (TargetParameters.Soft(0.05), t => [Math.Pow(0.95, t), .. Enumerable.Range(1, t).Select(i => 0.05 * Math.Pow(0.95, t - i))]),
        ["hard target"] = (TargetParameters.Hard(4), t => [.. Enumerable.Range(0, t + 1).Select(i => i == t / 4 * 4 ? 1.0 : 0)]),
    };

    public static TheoryData<string> Names() => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void TheAverageIsTheConvexCombinationItClaims(string name)
    {
        (ParameterAverage average, Func<int, double[]> weights) = Cases[name];
        var run = new RuleRun<double>(Optimizers.Sgd(0.3), Length, average: average);
        List<double[]> iterates = [run.Parameters.Span.ToArray()];
        double[] found = new double[Length];
        for (int t = 1; t <= Steps; t++)
        {
            run.Step(t - 1);
            iterates.Add(run.Parameters.Span.ToArray());
            run.Updater.CopyAverage(found);
            double[] w = weights(t);
            Assert.Equal(1, w.Sum(), 1e-12);
            for (int i = 0; i < Length; i++)
            {
                Assert.Equal(w.Select((a, s) => a * iterates[s][i]).Sum(), found[i], 1e-12);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ResumingGivesTheSameBits(string name)
    {
        RuleRun<float> New() => new(Optimizers.Sgd(0.3, 0.5), Length, average: Cases[name].Average);
        RuleRun<float> straight = New();
        for (int t = 0; t < Steps; t++)
        {
            RuleRun<float> resumed = New();
            straight.Parameters.Span.CopyTo(resumed.Parameters.Span);
            foreach ((KeyValuePair<string, FlatVector<float>> from, KeyValuePair<string, FlatVector<float>> to) in straight.Updater.State.Zip(resumed.Updater.State))
            {
                Assert.Equal(from.Key, to.Key);
                from.Value.Span.CopyTo(to.Value.Span);
            }

            resumed.Updater.Restore(straight.Updater.Counters);
            straight.Step(t);
            resumed.Step(t);
            Assert.Equal(straight.Everything(), resumed.Everything());
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheAverageIsSwappedInAndOut(string name)
    {
        var run = new RuleRun<double>(Optimizers.Sgd(0.3), Length, average: Cases[name].Average);
        for (int t = 0; t < 10; t++)
        {
            run.Step(t);
        }

        double[] parameters = run.Parameters.Span.ToArray(), average = new double[Length];
        run.Updater.CopyAverage(average);
        void Evaluate()
        {
            using AverageInUse use = run.Updater.UseAverage();
            Assert.Equal(average, run.Parameters.Span.ToArray());
            Assert.Throws<InvalidOperationException>(() => run.Updater.UseAverage());
            Assert.Throws<InvalidOperationException>(() => run.Step(10));
            throw new TimeoutException();
        }

        Assert.Throws<TimeoutException>(Evaluate);
        Assert.Equal(parameters, run.Parameters.Span.ToArray());
        AverageInUse twice = run.Updater.UseAverage();
        twice.Dispose();
        twice.Dispose();
        Assert.Equal(parameters, run.Parameters.Span.ToArray());
        Assert.True(run.Step(10).Applied);
    }

    [Fact]
    public void CombinationsStayInTheHull()
    {
        var random = new Random(5);
        for (int length = 0; length < 40; length++)
        {
            FlatVector<double>[] vectors = [.. Enumerable.Range(0, 4).Select(_ => new FlatVector<double>([.. Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.5)]))];
            double[] weights = [.. Enumerable.Range(0, 4).Select(i => i == 0 && length % 3 == 0 ? 0 : random.NextDouble())];
            weights = [.. weights.Select(w => w / weights.Sum())];
            var result = new FlatVector<double>(length);
            ConvexCombination.Of(vectors, weights, result);
            for (int i = 0; i < length; i++)
            {
                Assert.Equal(vectors.Select((v, k) => weights[k] * v[i]).Sum(), result[i], 1e-15);
                Assert.InRange(result[i], vectors.Min(v => v[i]) - 1e-15, vectors.Max(v => v[i]) + 1e-15);
            }

            ConvexCombination.Blend(vectors[0], vectors[1], 0, result);
            Assert.Equal(vectors[0].Span.ToArray(), result.Span.ToArray());
            ConvexCombination.Blend(vectors[0], vectors[1], 1, result);
            Assert.Equal(vectors[1].Span.ToArray(), result.Span.ToArray());
        }
    }

    [Fact]
    public void VectorsOfNoWeightComeFirst()
    {
        FlatVector<float>[] vectors = [new([1, 2, 3]), new([4, 5, 6]), new([7, 8, 9])];
        var result = new FlatVector<float>(3);
        ConvexCombination.Of(vectors, [0, 0, 1], result);
        Assert.Equal([7, 8, 9], result.Span.ToArray());
    }

    [Fact]
    public void WhatIsNoConvexCombinationIsRefused()
    {
        var x = new FlatVector<float>(3);
        var y = new FlatVector<float>(4);
        Assert.Contains("[0, 1]", Assert.Throws<ArgumentOutOfRangeException>(() => ConvexCombination.Blend(x, x, 1.1, x)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => ConvexCombination.Blend(x, x, double.NaN, x));
        Assert.Contains("3 and 4", Assert.Throws<ArgumentException>(() => ConvexCombination.Blend(x, y, 0.5, x)).Message);
        Assert.Contains("0.9", Assert.Throws<ArgumentException>(() => ConvexCombination.Of([x, x.Clone()], [0.5, 0.4], x)).Message);
        Assert.Contains("-0.5", Assert.Throws<ArgumentOutOfRangeException>(() => ConvexCombination.Of([x, x.Clone()], [1.5, -0.5], x)).Message);
        Assert.Throws<ArgumentException>(() => ConvexCombination.Of([x.Clone(), x], [0.5, 0.5], x));
        Assert.Contains("1.0001", Assert.Throws<ArgumentException>(() => ConvexCombination.Of([x, x.Clone()], [0.5, 0.5001], x)).Message);
        Assert.Contains("its result 4", Assert.Throws<ArgumentException>(() => ConvexCombination.Blend(x, x.Clone(), 0.5, y)).Message);
        Assert.Throws<ArgumentException>(() => ConvexCombination.Of<float>([x], [0.5, 0.5], x));
        Assert.Throws<ArgumentOutOfRangeException>(() => TargetParameters.Soft(1.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => TargetParameters.Hard(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => IterateAverage.OfLast(0, 10));
        Assert.Equal([3, 71, 6, 9, 0, 0], new[] { (0.7, 10), (0.29, 100), (0.25, 8), (0.01, 10), (1, 10), (1.0, 1) }.Select(p => IterateAverage.OfLast(p.Item1, p.Item2).Start));
        Assert.Throws<ArgumentOutOfRangeException>(() => StochasticWeightAverage.Of(0, 0));
    }

    private static double[] Share(int t, Func<int, double> weight)
    {
        double[] all = [.. Enumerable.Range(1, t).Select(weight)];
        return [.. all.Select(w => w / all.Sum())];
    }

    private static double Held(int step) => Math.Min(0.4, (1.0 + step) / (10.0 + step));

    private static double Warm(int step) => Math.Min(0.95, (1.0 + step) / (10.0 + step));

    private static double Moving(int step) => 0.5 + (0.4 * Math.Min(step, 10) / 10);
}
