using Glissade.Numerics;
using Glissade.Schedules;
using Glissade.Updates;

namespace Glissade.Tests.Updates;

/// <summary>The factor on the learning rate, which what is not a schedule sets between steps.</summary>
public sealed class LearningRateFactorTests
{
    [Fact]
    public void A_factor_is_a_scaled_schedule_bit_for_bit()
    {
        Schedule rate = Schedule.Cosine(0.25, 0, 20);
        RuleRun<double> left = new(Optimizers.AdamW(rate), 7), right = new(Optimizers.AdamW(Schedule.Piecewise(Interpolation.Constant, (0, 1), (6, 0.5), (11, 0.125)).Times(rate)), 7);
        for (int t = 0; t < 20; t++)
        {
            left.Updater.LearningRateFactor = t < 6 ? 1 : t < 11 ? 0.5 : 0.125;
            Assert.Equal(left.Updater.NextLearningRate, right.Updater.NextLearningRate);
            StepOutcome outcome = left.Step(t);
            Assert.Equal(right.Step(t), outcome);
            Assert.Equal(rate.At(t) * left.Updater.LearningRateFactor, outcome.LearningRate);
        }

        Assert.Equal(right.Everything(), left.Everything());
    }

    [Fact]
    public void Of_several_rates_the_factor_is_borne_once()
    {
        Assert.Equal(6, UpdateOf(Chain.Of(LearningRate.Of(2), LearningRate.Of(3))));
        Assert.Equal(3, UpdateOf(Chain.Of(LearningRate.Of(2), LearningRate.Of(3)), 0.5));
        Assert.Equal(3, UpdateOf(Chain.Of(LearningRate.Of(2).Only("x"), LearningRate.Of(3)), 0.5));
        Assert.Equal(3, UpdateOf(Chain.Of(LearningRate.Of(3), LearningRate.Of(2).Only("x")), 0.5));
        Assert.Equal(1, UpdateOf(Chain.Of(LearningRate.Of(2).Only("x")), 0.5));

        // A rule that does not heed it: the momentum's coefficient equals the rate and is no rate.
        var run = new RuleRun<double>(Chain.Of(Momentum.Of(0.5), LearningRate.Of(0.5)), 1);
        run.Updater.LearningRateFactor = 4;
        run.Gradient[0] = 1;
        Assert.Equal(2, run.Updater.Step().UpdateNorm);
        Assert.Equal(3, run.Updater.Step().UpdateNorm);
    }

    [Fact]
    public void A_held_rate_stands_still_and_momenta_do_not()
    {
        var run = new RuleRun<double>(Chain.Of(LearningRate.Of(Schedule.Linear(10, 0, 10))), 1);
        run.Gradient[0] = 1;
        run.Updater.LearningRateStep = 4;
        Assert.Equal((6, 6), (run.Updater.NextLearningRate, run.Updater.Step().UpdateNorm));
        Assert.Equal(6, run.Updater.Step().UpdateNorm);
        run.Updater.LearningRateStep = null;
        Assert.Equal((8, 8), (run.Updater.NextLearningRate, run.Updater.Step().UpdateNorm));
        Assert.Throws<ArgumentOutOfRangeException>(() => run.Updater.LearningRateStep = -1);
    }

    [Fact]
    public void Rates_that_rules_have_of_their_own_bear_it_too()
    {
        // Half the factor is half of every rate: the extragradient step is θ − ηg(θ − ηg), the noise √(2ηT)ξ.
        Chain Of(double rate) => Chain.Of(ExtraGradient.Of(rate), LearningRate.Of(rate), LangevinNoise.Of(rate, 0.1, seed: 3));
        double[] Run(double rate, double factor)
        {
            var theta = new FlatVector<double>([1, -2, 0.5]);
            var gradient = new FlatVector<double>(3);
            Updater<double> updater = Of(rate).Compile(new Layout(("x", new Shape(3))), theta, gradient);
            updater.LearningRateFactor = factor;
            for (int t = 0; t < 5; t++)
            {
                StepOutcome outcome = updater.Step(
                    () =>
                    {
                        for (int i = 0; i < 3; i++)
                        {
                            gradient[i] = (i + 1) * theta[i];
                        }

                        return 0;
                    },
                    out _);
                Assert.Equal(rate * factor, outcome.LearningRate);
            }

            return theta.Span.ToArray();
        }

        Assert.Equal(Run(0.125, 1), Run(0.25, 0.5));
        Assert.NotEqual(Run(0.25, 1), Run(0.25, 0.5));

        // A held step holds them as well.
        Updater<double> held = Chain.Of(LearningRate.Of(0), LangevinNoise.Of(Schedule.Linear(1, 0, 10), seed: 3)).Compile(new Layout(("x", new Shape(1))), new FlatVector<double>(1), new FlatVector<double>(1));
        held.LearningRateStep = 10;
        Assert.Equal(0, held.Step().UpdateNorm);
        held.LearningRateStep = null;
        Assert.NotEqual(0, held.Step().UpdateNorm);
    }

    [Fact]
    public void It_is_saved_and_restored_and_checked()
    {
        Updater<double> updater = new RuleRun<double>(Optimizers.Adam(0.1), 2).Updater, other = new RuleRun<double>(Optimizers.Adam(0.1), 2).Updater;
        updater.LearningRateFactor = 0.3;
        other.Restore(updater.Counters);
        Assert.Equal(0.3, other.LearningRateFactor);
        Assert.Throws<ArgumentException>(() => other.Restore(updater.Counters.SetItem("learning-rate-factor", -1)));
        foreach (double wrong in new[] { -1, double.NaN, double.PositiveInfinity })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => updater.LearningRateFactor = wrong);
        }

        Updater<double> without = new RuleRun<double>(Chain.Of(Momentum.Of(0.5)), 1).Updater;
        without.LearningRateFactor = 5;
        Assert.False(without.HasLearningRate);
        Assert.True(updater.HasLearningRate);
        Assert.Equal(1, without.NextLearningRate);
    }

    private static double UpdateOf(Chain chain, double factor = 1)
    {
        var run = new RuleRun<double>(chain, 1, new Layout(("x", new Shape(1))));
        run.Updater.LearningRateFactor = factor;
        run.Gradient[0] = 1;
        StepOutcome outcome = run.Updater.Step();
        Assert.Equal(outcome.UpdateNorm, outcome.LearningRate);
        return outcome.UpdateNorm;
    }
}
