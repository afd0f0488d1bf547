using Glissade.Numerics;
using Glissade.Schedules;
using Glissade.Tests.Differentiation;
using Glissade.Updates;

namespace Glissade.Tests.Updates;

/// <summary>Several micro-batches to one step.</summary>
public sealed class AccumulationTests
{
    private const int Length = 21;

    private static Chain Plain() => Chain.Of(Clip.ByGlobalNorm(2), Adam.Scaling(0.8, 0.95), PolyakStep.Of(-1, Schedule.Linear(0.3, 0.1, 5)));

    private static Chain Accumulated(int count) => Chain.Of([Accumulate.Over(count), .. Plain().Rules]);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void AStepIsThatOfTheMeanGradientAndTheMeanLoss(int count)
    {
        var micro = new RuleRun<double>(Accumulated(count), Length);
        var whole = new RuleRun<double>(Plain(), Length);
        for (int step = 0; step < 8; step++)
        {
            double[] before = micro.Parameters.Span.ToArray();
            double[] sum = new double[Length];
            double loss = 0;
            StepOutcome last = default;
            for (int k = 0; k < count; k++)
            {
                int t = (step * count) + k;
                micro.FillGradient(t);
                double microLoss = RuleRun<double>.LossOf(before, t);
                sum = [.. sum.Zip(micro.Gradient.Span.ToArray(), (a, b) => a + b)];
                loss += microLoss;
                StepOutcome outcome = last = micro.Updater.Step(microLoss);
                bool isLast = k == count - 1;
                Assert.Equal(isLast ? SkipReason.None : SkipReason.Accumulating, outcome.Skipped);
                Assert.Equal((isLast, false), (outcome.Applied, outcome.IsLost));
                Assert.Equal(isLast, !before.AsSpan().SequenceEqual(micro.Parameters.Span));
                Assert.Equal(step + (isLast ? 1 : 0), micro.Updater.AppliedSteps);
            }

            for (int i = 0; i < Length; i++)
            {
                whole.Gradient[i] = sum[i] / count;
            }

            StepOutcome expected = whole.Updater.Step(loss / count);
            Assert.Equal(expected.GradientNorm, last.GradientNorm, 1e-12);
            Assert.Equal(expected.UpdateNorm, last.UpdateNorm, 1e-12);
            FunctionCheck.Close(whole.Parameters.Span.ToArray(), micro.Parameters.Span.ToArray(), 1e-12, $"step {step}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1e25f)]
    public void TheNormOfAStepIsThatOfTheMeanGradient(float size)
    {
        var gradient = new FlatVector<float>(2);
        Updater<float> updater = Chain.Of(Accumulate.Over(3), Clip.ByGlobalNorm(1), LearningRate.Of(0.1)).Compile(Layout.OfVector(2), new FlatVector<float>(2), gradient);
        double[] norms = new double[3];
        foreach ((int k, (float, float) g) in new[] { (6f, 0f), (0f, 8f), (3f, 4f) }.Index())
        {
            (gradient[0], gradient[1]) = (size * g.Item1, size * g.Item2);
            StepOutcome outcome = updater.Step();
            Assert.Equal(k == 2, outcome.Clipped);
            norms[k] = outcome.GradientNorm / size;
        }

        // Those that only gather tell their own; (9, 12)/3 is 5 long.
        Assert.All(norms.Zip([6.0, 8, 5]), n => Assert.Equal(n.Second, n.First, 1e-6));
    }

    [Fact]
    public void ResumingBetweenMicroBatchesGivesTheSameBits()
    {
        var straight = new RuleRun<float>(Accumulated(3), Length);
        for (int t = 0; t < 20; t++)
        {
            var resumed = new RuleRun<float>(Accumulated(3), Length);
            straight.Parameters.Span.CopyTo(resumed.Parameters.Span);
            foreach ((KeyValuePair<string, FlatVector<float>> from, KeyValuePair<string, FlatVector<float>> to) in straight.Updater.State.Zip(resumed.Updater.State))
            {
                from.Value.Span.CopyTo(to.Value.Span);
            }

            resumed.Updater.Restore(straight.Updater.Counters);
            Assert.Equal(straight.Step(t), resumed.Step(t));
            Assert.Equal(straight.Everything(), resumed.Everything());
            Assert.Equal(straight.Updater.Counters, resumed.Updater.Counters);
        }

        foreach (double wrong in new[] { -1, 3, 0.5, double.NaN })
        {
            Assert.Throws<ArgumentException>(() => straight.Updater.Restore(straight.Updater.Counters.SetItem("accumulate.micro-batches", wrong)));
        }
    }

    [Fact]
    public void ALostMicroBatchDoesNotCount()
    {
        var poisoned = new RuleRun<float>(Accumulated(2), Length);
        var clean = new RuleRun<float>(Accumulated(2), Length);
        for (int t = 0; t < 6; t++)
        {
            poisoned.FillGradient(t);
            poisoned.Gradient[3] = float.NaN;
            Assert.Equal(SkipReason.NonFiniteGradient, poisoned.Updater.Step(1).Skipped);
            Assert.Equal(SkipReason.NonFiniteLoss, poisoned.Updater.Step(double.NaN).Skipped);
            poisoned.Step(t);
            clean.Step(t);
        }

        Assert.Equal(3, clean.Updater.AppliedSteps);
        Assert.Equal(clean.Everything(), poisoned.Everything());
    }

    [Fact]
    public void ItStandsFirstAndOnce()
    {
        foreach (Chain wrong in new[]
        {
            Chain.Of(Clip.ByValue(1), Accumulate.Over(2)), Chain.Of(Accumulate.Over(2), Accumulate.Over(2)), Chain.Of(Accumulate.Over(2).Only("x")), Chain.Of(Accumulate.Over(2).Except("y").Only("x")),
        })
        {
            var layout = new Layout(("x", new Shape(2)), ("y", new Shape(1)));
            Assert.Contains("first in its chain", Assert.Throws<ArgumentException>(() => new RuleRun<float>(wrong, 3, layout)).Message, StringComparison.Ordinal);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => Accumulate.Over(0));
    }
}

/// <summary>Accumulation measured alone.</summary>
[Collection(RunsAlone.Name)]
public sealed class AccumulationAloneTests
{
    [Fact]
    public void NothingIsAllocatedAndThreadsMakeNoDifference()
    {
        float[][] runs = [.. new[] { 1, 2, 5 }.Select(threads => RunsAlone.WithThreads(threads, () =>
        {
            var run = new RuleRun<float>(Chain.Of(Accumulate.Over(2), Adam.Scaling(), LearningRate.Of(0.1)), 100_003);
            for (int t = 0; t < 6; t++)
            {
                run.Step(t);
            }

            float[] everything = run.Everything();
            Assert.Equal(0, AllocatedBytes.Of(() =>
            {
                for (int t = 0; t < 6; t++)
                {
                    run.Updater.Step(1);
                }
            }));
            return everything;
        }))];
        Assert.All(runs, r => Assert.True(r.AsSpan().SequenceEqual(runs[0])));
    }
}
