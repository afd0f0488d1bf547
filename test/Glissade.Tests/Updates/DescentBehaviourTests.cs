using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Schedules;
using Glissade.Tests.Differentiation;
using Glissade.Updates;

namespace Glissade.Tests.Updates;

/// <summary>What the rules that draw, freeze, look ahead or ask for more than a gradient promise beside their formulas.</summary>
public sealed class DescentBehaviourTests
{
    private static readonly double[] Curvature = [0.5, 2, 8];

    [Fact]
    public void BothFormsOfNesterovAgreeWhereTheyShould()
    {
        // The extrapolated form: s ← ρs − α∇f(θ + ρs), θ ← θ + s. What the other form moves is the extrapolated point θ + ρs.
        double Distance(Schedule rate, Chain chain)
        {
            double[] theta = [1, -2, 3], s = new double[3];
            var point = new FlatVector<double>(theta);
            var gradient = new FlatVector<double>(3);
            Updater<double> updater = chain.Compile(new Layout(("x", new Shape(3))), point, gradient);
            double furthest = 0;
            for (int t = 0; t < 30; t++)
            {
                for (int i = 0; i < 3; i++)
                {
                    gradient[i] = Curvature[i] * point[i];
                    double ahead = theta[i] + (0.9 * s[i]);
                    s[i] = (0.9 * s[i]) - (rate.At(t) * Curvature[i] * ahead);
                    theta[i] += s[i];
                }

                updater.Step();
                furthest = Math.Max(furthest, Enumerable.Range(0, 3).Max(i => Math.Abs(theta[i] + (0.9 * s[i]) - point[i])));
            }

            return furthest;
        }

        Schedule still = 0.02, moving = Schedule.Linear(0.05, 0.005, 20);
        Chain RateAfter(Schedule rate) => Chain.Of(Momentum.Nesterov(0.9), LearningRate.Of(rate));
        Chain RateBefore(Schedule rate) => Chain.Of(LearningRate.Of(rate), Momentum.Nesterov(0.9));
        Assert.InRange(Distance(still, RateAfter(still)), 0, 1e-13);
        Assert.InRange(Distance(still, RateBefore(still)), 0, 1e-13);
        Assert.InRange(Distance(moving, RateBefore(moving)), 0, 1e-13);
        Assert.True(Distance(moving, RateAfter(moving)) > 1e-2);
    }

    [Fact]
    public void QuasiHyperbolicMomentumContainsTheOthers()
    {
        float[] Run(UpdateRule rule)
        {
            var run = new RuleRun<float>(Chain.Of(rule, LearningRate.Of(0.1)), 9);
            for (int t = 0; t < 12; t++)
            {
                run.Step(t);
            }

            return run.Parameters.Span.ToArray();
        }

        double[] Doubles(float[] x) => [.. x.Select(v => (double)v)];
        FunctionCheck.Close(Doubles(Run(LearningRate.Of(1))), Doubles(Run(QuasiHyperbolicMomentum.Of(0.9, 0))), 1e-6, "ν = 0");
        FunctionCheck.Close(Doubles(Run(AggregatedMomentum.Of(0.9))), Doubles(Run(Momentum.Of(0.9))), 1e-6, "one velocity");
        Assert.Equal(AggregatedMomentum.Of(0.0, 0.9), AggregatedMomentum.Exponential(2));
    }

    [Fact]
    public void LangevinNoiseMakesDescentASampler()
    {
        // On ½x² the chain θ ← (1−η)θ + √(2ηT)ξ has the stationary variance T/(1 − η/2).
        const double Rate = 0.1, Temperature = 0.5;
        var theta = new FlatVector<double>(20_000);
        var gradient = new FlatVector<double>(theta.Length);
        Updater<double> updater = Optimizers.Langevin(Rate, Temperature, seed: 11).Compile(new Layout(("x", new Shape(theta.Length))), theta, gradient);
        for (int t = 0; t < 150; t++)
        {
            theta.Span.CopyTo(gradient.Span);
            updater.Step();
        }

        double[] x = theta.Span.ToArray();
        double variance = Temperature / (1 - (Rate / 2));

        // Five standard errors: of a mean √(s²/n), of a variance s²√(2/n), of a covariance of neighbours s²/√n.
        double error = 5 / Math.Sqrt(x.Length);
        Assert.InRange(x.Average(), -error * Math.Sqrt(variance), error * Math.Sqrt(variance));
        Assert.InRange(x.Average(v => v * v), variance * (1 - (error * Math.Sqrt(2))), variance * (1 + (error * Math.Sqrt(2))));
        Assert.InRange(x.Skip(1).Zip(x, (a, b) => a * b).Average(), -error * variance, error * variance);
    }

    [Fact]
    public void SophiaWithHutchinsonsEstimateComesDownANarrowValley()
    {
        // ½Σcx² with c from 1 to 1000: the estimate z ⊙ Hz is c itself, so that every direction is as steep.
        double[] c = [1, 10, 100, 1000];
        var theta = new FlatVector<double>([1, 1, 1, 1]);
        var gradient = new FlatVector<double>(4);
        var estimate = new FlatVector<double>(4);
        Chain chain = Chain.Of(Sophia.Scaling(0.0, 0.0, 1), LearningRate.Of(0.5));
        Updater<double> updater = chain.Compile(new Layout(("x", new Shape(4))), theta, gradient, curvature: estimate);
        for (int t = 0; t < 40; t++)
        {
            RandomStream signs = RandomStream.Of(1, "hutchinson", t);
            for (int i = 0; i < 4; i++)
            {
                gradient[i] = c[i] * theta[i];
                double z = signs.NextInt32(2) == 0 ? -1 : 1;
                estimate[i] = t % 10 == 0 ? z * (c[i] * z) : double.NaN;
            }

            updater.CurvatureIsNew = t % 10 == 0;
            Assert.True(updater.Step().Applied);
            Assert.False(updater.CurvatureIsNew);
            Assert.All(theta.Span.ToArray(), x => Assert.Equal(Math.Pow(0.5, t + 1), x, 1e-12));
        }

        gradient.Span.Fill(1);
        estimate[2] = double.PositiveInfinity;
        double[] before = theta.Span.ToArray();
        updater.CurvatureIsNew = true;
        Assert.Equal(SkipReason.NonFiniteCurvature, updater.Step().Skipped);
        Assert.Equal(before, theta.Span.ToArray());
        Assert.True(updater.Step().Applied);
        Assert.Throws<ArgumentException>(() => chain.Compile(new Layout(("x", new Shape(4))), theta, gradient, curvature: new FlatVector<double>(3)));
    }

    [Fact]
    public void PolyaksStepReportsItsRateAndWantsTheLoss()
    {
        // On ½x² with L* = 0 the step is half the way.
        var theta = new FlatVector<double>([3, -4]);
        var gradient = new FlatVector<double>([3, -4]);
        Updater<double> updater = Optimizers.PolyakDescent().Compile(new Layout(("x", new Shape(2))), theta, gradient);
        Assert.Contains("Step(loss)", Assert.Throws<InvalidOperationException>(() => updater.Step()).Message, StringComparison.Ordinal);
        StepOutcome outcome = updater.Step(12.5);
        Assert.Equal((0.5, 2.5), (outcome.LearningRate, outcome.UpdateNorm));
        Assert.Equal([1.5, -2], theta.Span.ToArray());
        Assert.Equal(SkipReason.NonFiniteLoss, updater.Step(double.PositiveInfinity).Skipped);

        // At a minimum, and where the loss is below what was called its least, nothing moves.
        Assert.Equal(0, updater.Step(-1).LearningRate);
        gradient.Span.Clear();
        Assert.True(updater.Step(0).Applied);
        Assert.Equal([1.5, -2], theta.Span.ToArray());
    }

    [Fact]
    public void FrozenParametersThaw()
    {
        var layout = new Layout(("a", new Shape(2)), ("b", new Shape(2)));
        double[] Moved(UpdateRule freeze)
        {
            var theta = new FlatVector<double>(4);
            var gradient = new FlatVector<double>([1, 1, 1, 1]);
            Updater<double> updater = Chain.Of(freeze).Compile(layout, theta, gradient);
            return [.. Enumerable.Range(0, 5).Select(_ =>
            {
                double before = theta[3];
                updater.Step();
                Assert.Equal(updater.AppliedSteps, -theta[0]);
                return before - theta[3];
            })];
        }

        Assert.Equal([0, 0, 0, 0, 0], Moved(Freeze.Of("b")));
        Assert.Equal([0, 0, 0, 1, 1], Moved(Freeze.Until(3, "b")));
        Assert.Equal([0, 0.25, 0.5, 0.75, 1], Moved(Freeze.Thawing(Schedule.Linear(0, 1, 4), "b")));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Freeze(2));
    }

    [Fact]
    public void FreezingStopsEvenWhatIsNotFinite()
    {
        var theta = new FlatVector<double>([2, -0.0, 0]);
        Updater<double> updater = Chain.Of(new Infinite(), Freeze.Of("*")).Compile(new Layout(("x", new Shape(3))), theta, new FlatVector<double>(3));
        updater.Step();
        Assert.Equal([2, -0.0, 0], theta.Span.ToArray().Select(x => x));
        Assert.True(double.IsNegative(theta[1]) && !double.IsNegative(theta[2]));
    }

    [Fact]
    public void EveryScheduledHyperparameterIsListedAsItWasInTheLastStep()
    {
        Chain chain = Chain.Of(
            Clip.ByGlobalNorm(Schedule.Linear(5, 1, 4)), Clip.ByValue(0.5), Momentum.Of(0.9, Schedule.Linear(0, 1, 4)), AdEmaMix.WarmedUp(4), AdEmaMix.WarmedUp(8), LearningRate.Of(Schedule.Linear(1, 0, 4)));
        var run = new RuleRun<double>(chain, 4);
        Assert.Equal(5, Value("clip-by-global-norm.bound"));
        for (int t = 0; t < 3; t++)
        {
            run.Gradient.Span.Fill(1);
            run.Gradient[3] = 0.25;
            run.Updater.Step(0);
            Assert.Equal(5 - t, Value("clip-by-global-norm.bound"));
            Assert.Equal(t / 4.0, Value("momentum.dampening"));
            Assert.Equal(5 * (t + 1) / 4.0, Value("ademamix.alpha"));
            Assert.Equal(5 * (t + 1) / 8.0, Value("ademamix-2.alpha"));
            Assert.Equal(1 - (t / 4.0), Value("learning-rate.rate"));
            Assert.Equal([new("clip-by-global-norm", 0), new("clip-by-value", 0.75)], run.Updater.Clips.ToArray());
        }

        Assert.Equal(
            ["clip-by-global-norm.bound", "clip-by-value.bound", "momentum.dampening", "momentum.coefficient", "ademamix.beta1", "ademamix.beta2", "ademamix.beta3", "ademamix.alpha",
                "ademamix-2.beta1", "ademamix-2.beta2", "ademamix-2.beta3", "ademamix-2.alpha", "learning-rate.rate", "ema.decay"],
            run.Updater.Hyperparameters.ToArray().Select(h => h.Key));

        double Value(string name) => run.Updater.Hyperparameters.ToArray().Single(h => h.Key == name).Value;
    }

    [Fact]
    public void RulesThatOnlyPlaceTheGradientAndRatesByNameListTheirHyperparametersToo()
    {
        static string[] Names(Chain chain) => [.. new RuleRun<double>(chain, 2, new Layout(("a", new Shape(1)), ("b", new Shape(1)))).Updater.Hyperparameters.ToArray().Select(h => FormattableString.Invariant($"{h.Key} {h.Value}"))];
        Assert.Equal(["sharpness-aware.radius 0.2", "ema.decay 0.9"], Names(Chain.Of(SharpnessAware.Of(Schedule.Linear(0.2, 0, 9)))));
        Assert.Equal(["extra-gradient.rate 0.3", "ema.decay 0.9"], Names(Chain.Of(ExtraGradient.Of(0.3))));
        Assert.Equal(
            ["learning-rates.rate-1 0.1", "learning-rates.rate-2 0.2", "learning-rates.otherwise 0.3", "ema.decay 0.9"],
            Names(Chain.Of(LearningRate.ByName(0.3, ("a", Schedule.Linear(0.1, 0, 9)), ("b", 0.2)))));
    }

    [Fact]
    public void ReadingWhatAStepDidAllocatesNothing()
    {
        var run = new RuleRun<double>(Chain.Of(Clip.ByValue(1), Adam.Scaling(), LearningRate.Of(0.1)), 4);
        run.Step(0);
        Assert.Equal(5, run.Updater.Hyperparameters.Length + run.Updater.Clips.Length - 1);
        int read = 0;
        Assert.Equal(0, AllocatedBytes.Of(() =>
        {
            for (int t = 0; t < 100; t++)
            {
                read += run.Updater.Hyperparameters.Length + run.Updater.Clips.Length;
            }
        }));
        Assert.True(read >= 600);
    }

    [Fact]
    public void NoiseOfAnyLengthIsTheNumbersOfOneStreamInOrder()
    {
        const int Length = 9001;
        (FlatVector<double> x, FlatVector<double> g) = (new FlatVector<double>(Length), new FlatVector<double>(Length));
        Updater<double> updater = Chain.Of(GradientNoise.Of(1, seed: 5)).Compile(new Layout(("x", new Shape(Length))), x, g);
        double[] sum = new double[Length];
        for (int t = 0; t < 2; t++)
        {
            updater.Step();
            RandomStream stream = RandomStream.Of(5, "gradient-noise", t);
            for (int i = 0; i < Length; i++)
            {
                sum[i] -= stream.NextNormal();
            }

            FunctionCheck.Close(sum, x.Span.ToArray(), 1e-12, $"step {t}");
        }
    }

    [Fact]
    public void SchedulesThatLeaveTheRangeAreRefused()
    {
        static void Refused(string name, string value, Func<object> make)
        {
            ArgumentOutOfRangeException refused = Assert.Throws<ArgumentOutOfRangeException>(make);
            Assert.Contains(name, refused.ParamName, StringComparison.Ordinal);
            Assert.Contains($"at every step, but comes to {value} (", refused.Message, StringComparison.Ordinal);
        }

        Refused("Bound", "-1", () => Clip.ByValue(Schedule.Linear(1, -1, 10)));
        Refused("Beta2", "1.5", () => Adam.Scaling(beta2: Schedule.Constant(0.9).For(5).Then(Schedule.Warmup(1.5, 5))));
        Refused("Coefficient", "1.2", () => Momentum.Of(Schedule.Triangular(0.5, 1.2, 4)));
        Refused("Share", "2", () => Lookahead.Of(5, Schedule.Exponential(1, 2).Clamp(0, 2)));
        Refused("Growing", "0.5", () => Rprop.Of(growing: Schedule.Cosine(1.5, 0.5, 9)));

        // Growing towards an end of the range, or without one where there is none.
        _ = Momentum.Of(Schedule.Linear(0.5, 1, 10));
        _ = Rprop.Of(shrinking: Schedule.Exponential(0.5, 0.9));
        _ = LearningRate.Of(Schedule.Exponential(1e-6, 1.1));
        _ = ScheduleFree.Of(Schedule.Exponential(1e-6, 1.1));
    }

    [Fact]
    public void HyperparametersOutOfRangeAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Adadelta.Scaling(epsilon: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Lion.Scaling(beta2: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rprop.Of(shrinking: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rprop.Of(shrinking: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rprop.Of(growing: 0.9));
        Assert.Throws<ArgumentOutOfRangeException>(() => Rprop.Of(least: 2, greatest: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => PolyakStep.Of(greatestRate: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => GradientNoise.Of(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => AdEmaMix.Scaling(alpha: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HalfLifeSchedule(0, 0.9, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => AveragedDescent.Of(0.1, averageFrom: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => AggregatedMomentum.Exponential(0));
        Assert.Throws<ArgumentException>(() => AggregatedMomentum.Of());
    }

    [Fact]
    public void HalfLivesWarmUpInAStraightLine()
    {
        var schedule = new HalfLifeSchedule(0.9, 0.9999, 10);
        double HalfLife(double beta) => Math.Log(0.5) / Math.Log(beta);
        for (int t = 0; t < 15; t++)
        {
            double share = Math.Min(1, (t + 1) / 10.0);
            double expected = ((1 - share) * HalfLife(0.9)) + (share * HalfLife(0.9999));
            Assert.Equal(1, HalfLife(schedule.At(t)) / expected, 1e-10);
        }

        Assert.Equal(0.9999, schedule.At(9));
    }

    private sealed record Infinite : UpdateRule
    {
        public override string Name => "infinite";

        public override string Formula => "u − 1/0";

        protected internal override Tensor Trace(Tensor update, RuleScope scope) => update - (1 / Functions.Square(update));
    }
}
