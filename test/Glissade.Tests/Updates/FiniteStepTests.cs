using Glissade.Averaging;
using Glissade.Numerics;
using Glissade.Updates;

namespace Glissade.Tests.Updates;

/// <summary>Numbers too great for the element type never reach θ, and great ones that are finite are no reason to lose a step.</summary>
public sealed class FiniteStepTests
{
    [Theory]
    [InlineData(1e300)]
    [InlineData(1e38)]
    public void ARateOutOfAllBoundsLeavesParametersFinite(double rate)
    {
        var run = new RuleRun<float>(Chain.Of(Momentum.Of(0.9), LearningRate.Of(rate)), 1031);
        for (int t = 0; t < 5; t++)
        {
            run.FillGradient(t);
            run.Gradient[5] = 100;
            StepOutcome outcome = run.Updater.Step();
            Assert.False(double.IsFinite(outcome.UpdateNorm));
            Assert.All(run.Parameters.Span.ToArray(), x => Assert.True(float.IsFinite(x)));
            float[] average = new float[1031];
            run.Updater.CopyAverage(average);
            Assert.All(average, x => Assert.True(float.IsFinite(x)));
            if (!outcome.Applied)
            {
                break;
            }
        }
    }

    [Fact]
    public void OnlyTheElementThatWouldNotBeFiniteStays()
    {
        var theta = new FlatVector<float>([1, 2, 3]);
        var gradient = new FlatVector<float>([1, 10, 0]);
        StepOutcome outcome = Chain.Of(LearningRate.Of(1e38)).Compile(Layout.OfVector(3), theta, gradient, Ema.Of(0.9)).Step();
        Assert.Equal([-1e38f, 2, 3], theta.Span.ToArray());
        Assert.True(outcome.Applied);
        Assert.Equal(double.NaN, outcome.UpdateNorm);

        // 0/0.
        gradient[2] = 0;
        gradient[1] = 0;
        theta[0] = 1;
        Chain.Of(RmsProp.Scaling(0.5, epsilon: 0)).Compile(Layout.OfVector(3), theta, gradient).Step();
        Assert.Equal([2, 3], theta.Span[1..].ToArray());
        Assert.NotEqual(1, theta[0]);
    }

    [Fact]
    public void AGreatGradientIsClippedAndNotSkipped()
    {
        foreach (int length in new[] { 2, 9, 5000 })
        {
            foreach (UpdateRule clip in new[] { Clip.ByGlobalNorm(1), Clip.ByParameterNorm(1), Clip.ByNorm(1, 2), Clip.ByGlobalNorm(1).Only("x"), Clip.ByNorm(1, 2.5), Clip.ByMaximumNorm(1) })
            {
                var theta = new FlatVector<float>(length);
                var gradient = new FlatVector<float>(length);
                gradient[0] = 3e30f;
                gradient[length - 1] = -4e30f;
                StepOutcome outcome = Chain.Of(clip).Compile(Layout.OfVector(length), theta, gradient).Step();
                Assert.True(outcome.Applied && outcome.Clipped);
                Assert.Equal(5e30, outcome.GradientNorm, 1e25);
                double size = clip is ClipByMaximumNorm ? 4 : clip is ClipByNorm { Order: 2.5 } ? Math.Pow(Math.Pow(3, 2.5) + Math.Pow(4, 2.5), 0.4) : 5;
                Assert.Equal(-3 / size, theta[0], 1e-6);
                Assert.Equal(4 / size, theta[length - 1], 1e-6);
            }
        }

        var precise = new FlatVector<double>(2);
        Chain.Of(Clip.ByGlobalNorm(1)).Compile(Layout.OfVector(2), precise, new FlatVector<double>([3e200, 4e200])).Step();
        Assert.Equal(-0.6, precise[0], 1e-12);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(9)]
    [InlineData(5000)]
    public void ALongUpdateIsMeasured(int length)
    {
        foreach (double size in new[] { 1e18, 1e20, 1e30, 6e37 })
        {
            var theta = new FlatVector<float>(length);
            var gradient = new FlatVector<float>(length);
            (gradient[0], gradient[length - 1]) = (3, -4);
            (theta[0], theta[length / 2]) = (7, -5);
            Updater<float> updater = Chain.Of(LearningRate.Of(size)).Compile(Layout.OfVector(length), theta, gradient, Ema.Of(0.9));
            Assert.Equal(5, updater.Step().UpdateNorm / size, 1e-6);

            // θ is as long as the update now, and comes back.
            (gradient[0], gradient[length - 1]) = (-3, 4);
            Assert.Equal(5, updater.Step().UpdateNorm / size, 1e-6);
            Assert.Equal(5, updater.Step().UpdateNorm / size, 1e-6);

            // A state that was restored says nothing of where θ was.
            updater.Restore(updater.Counters);
            (gradient[0], gradient[length - 1]) = (3, -4);
            Assert.Equal(5, updater.Step().UpdateNorm / size, 1e-6);
        }

        var precise = new FlatVector<double>([1, 2]);
        Updater<double> doubles = Chain.Of(LearningRate.Of(1e200)).Compile(Layout.OfVector(2), precise, new FlatVector<double>([3, -4]));
        Assert.Equal(5, doubles.Step().UpdateNorm / 1e200, 1e-12);
    }

    [Fact]
    public void AStepThatLosesAnElementIsNotMeasured()
    {
        // The first element goes far, the second would leave the numbers by its update, the third by where it stands.
        foreach (float[] at in new float[][] { [1, 0, 0], [1, 10, 0], [1, 0, 3.4f] })
        {
            var theta = new FlatVector<float>([0, 0, -3e38f]);
            StepOutcome outcome = Chain.Of(LearningRate.Of(1e38)).Compile(Layout.OfVector(3), theta, new FlatVector<float>(at)).Step();
            Assert.Equal(at[1] == 0 && at[2] == 0, double.IsFinite(outcome.UpdateNorm));
            Assert.Equal([-1e38f, 0, -3e38f], theta.Span.ToArray());
        }
    }
}
