using Glissade.Averaging;
using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Schedules;
using Glissade.Tests.Differentiation;
using Glissade.Updates;

namespace Glissade.Tests.Updates;

/// <summary>What single rules promise beside their formulas.</summary>
public sealed class RuleBehaviourTests
{
    private static readonly Layout Network = new(("a.weight", new Shape(3, 5)), ("a.bias", new Shape(5)), ("nothing", new Shape(0)), ("b.weight", new Shape(1025)), ("b.bias", new Shape(2)));

    public static TheoryData<string> Restrictions() => ["*.bias", "a.*", "b.bias", "b.weight", "nothing"];

    [Theory]
    [MemberData(nameof(Restrictions))]
    public void ARestrictedRuleLeavesTheOthersAlone(string pattern)
    {
        foreach (bool only in new[] { true, false })
        {
            UpdateRule rule = Adam.Scaling();
            var plain = new RuleRun<float>(Chain.Of(LearningRate.Of(0.1)), Network.Length, Network);
            var full = new RuleRun<float>(Chain.Of(rule, LearningRate.Of(0.1)), Network.Length, Network);
            var restricted = new RuleRun<float>(Chain.Of(only ? rule.Only(pattern) : rule.Except(pattern), LearningRate.Of(0.1)), Network.Length, Network);
            for (int t = 0; t < 3; t++)
            {
                foreach (RuleRun<float> run in new[] { plain, full, restricted })
                {
                    // The same gradient for all three, wherever they have gone.
                    for (int i = 0; i < Network.Length; i++)
                    {
                        run.Gradient[i] = (float)Math.Cos(i + t);
                    }

                    run.Updater.Step();
                }

                foreach (LayoutEntry entry in Network.Entries)
                {
                    bool matches = pattern == entry.Name || (pattern == "*.bias" && entry.Name.EndsWith(".bias", StringComparison.Ordinal)) || (pattern == "a.*" && entry.Name.StartsWith("a.", StringComparison.Ordinal));
                    RuleRun<float> expected = matches == only ? full : plain;
                    Assert.True(expected.Parameters.Span.Slice(entry.Offset, entry.Length).SequenceEqual(restricted.Parameters.Span.Slice(entry.Offset, entry.Length)), $"{pattern}, only {only}, {entry.Name}, step {t}");
                }
            }
        }
    }

    [Fact]
    public void HyperparametersOutOfRangeAreRefusedWhereTheRuleIsMade()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Adam.Scaling(beta1: 1.0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Adam.Scaling(epsilon: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Momentum.Of(2.0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Clip.ByGlobalNorm(-1.0));
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightDecay.Decoupled(-1.0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRate.Of(double.NaN));
        Assert.Throws<ArgumentNullException>(() => LearningRate.Of(null!));
        Assert.Throws<ArgumentException>(() => Chain.Of((UpdateRule)null!));
    }

    [Fact]
    public void OfRatesForSomeParametersTheGreatestIsReported()
    {
        var layout = new Layout(("a", new Shape(2)), ("b", new Shape(2)));
        Updater<double> updater = Chain.Of(LearningRate.Of(0.5).Only("a"), LearningRate.Of(0.01).Except("a"), LearningRate.Of(0.1)).Compile(layout, new FlatVector<double>(4), new FlatVector<double>(4));
        Assert.Equal(0.05, updater.Step().LearningRate, 1e-15);
    }

    [Fact]
    public void ARestrictedClipMeasuresOnlyItsOwnPart()
    {
        var layout = new Layout(("a", new Shape(2)), ("b", new Shape(2)));
        var theta = new FlatVector<double>(4);
        var gradient = new FlatVector<double>([3, 4, 30, 40]);
        Assert.True(Chain.Of(Clip.ByGlobalNorm(1).Only("a")).Compile(layout, theta, gradient).Step().Clipped);
        Assert.Equal([-0.6, -0.8, -30, -40], theta.Span.ToArray().Select(x => Math.Round(x, 12)));
    }

    [Fact]
    public void UnknownPatternsNameTheKnownNames()
    {
        foreach (UpdateRule rule in new[] { Adam.Scaling().Only("c.*"), Momentum.Of(0.9).Except("*.biases"), Momentum.Of(0.9).Except("*.bias", "c.*") })
        {
            string message = Assert.Throws<ArgumentException>(() => new RuleRun<float>(Chain.Of(rule), Network.Length, Network)).Message;
            Assert.Contains("a.weight, a.bias, nothing, b.weight, b.bias", message, StringComparison.Ordinal);
            Assert.Contains(rule.Name, message, StringComparison.Ordinal);
            Assert.True(message.Contains("c.*", StringComparison.Ordinal) || message.Contains("*.biases", StringComparison.Ordinal));
        }

        Assert.Throws<ArgumentException>(() => Adam.Scaling().Only());
        Assert.Throws<ArgumentException>(() => Adam.Scaling().Except(" "));
    }

    [Fact]
    public void ARestrictionOfARestriction()
    {
        // What is both only and except the same names is nothing at all.
        var run = new RuleRun<double>(Chain.Of(WeightDecay.L2(0.5).Only("*.bias").Except("*.bias")), Network.Length, Network);
        double[] before = run.Parameters.Span.ToArray();
        run.Updater.Step();
        Assert.Equal(before, run.Parameters.Span.ToArray());
    }

    [Fact]
    public void BothFormsOfMomentumAgreeWhileTheRateStandsStill()
    {
        double Distance(Schedule rate)
        {
            var before = new RuleRun<double>(Chain.Of(LearningRate.Of(rate), Momentum.Of(0.9)), 9);
            var after = new RuleRun<double>(Chain.Of(Momentum.Of(0.9), LearningRate.Of(rate)), 9);
            for (int t = 0; t < 20; t++)
            {
                before.Step(t);
                after.Step(t);
            }

            return before.Parameters.Span.ToArray().Zip(after.Parameters.Span.ToArray(), (a, b) => Math.Abs(a - b)).Max();
        }

        Assert.InRange(Distance(0.1), 0, 1e-14);
        Assert.True(Distance(Schedule.Linear(0.2, 0.01, 15)) > 1e-3);
    }

    [Fact]
    public void ClipsReportWhatTheyDid()
    {
        (Func<Schedule, UpdateRule> Clip, double Length)[] clips =
            [(b => Clip.ByGlobalNorm(b), 5), (b => Clip.ByMaximumNorm(b), 4), (b => Clip.ByGlobalNorm(b, 0.5), 5.5)];
        foreach ((Func<Schedule, UpdateRule> clip, double length) in clips)
        {
            foreach (double bound in new[] { length - 1e-9, length, length + 1e-9, 0.1, 0, double.MaxValue })
            {
                var run = new RuleRun<double>(Chain.Of(clip(bound)), 2);
                (run.Gradient[0], run.Gradient[1]) = (3, -4);
                StepOutcome outcome = run.Updater.Step();
                Assert.Equal(length > bound, outcome.Clipped);
                Assert.Equal(5, outcome.GradientNorm);
                Assert.Equal(5 * Math.Min(1, bound / length), outcome.UpdateNorm, 1e-12);
            }

            // A zero gradient under a bound of zero.
            var still = new RuleRun<double>(Chain.Of(clip(0)), 2);
            Assert.True(still.Updater.Step().Applied);
            Assert.Equal([RuleRun<double>.Start(0), RuleRun<double>.Start(1)], still.Parameters.Span.ToArray());
        }
    }

    [Fact]
    public void TheReportedRateIsTheProductOfTheRates()
    {
        var run = new RuleRun<double>(Chain.Of(LearningRate.Of(Schedule.Linear(1, 0, 4)), LearningRate.Of(0.5)), 2);
        for (int t = 0; t < 4; t++)
        {
            Assert.Equal(0.5 * (1 - (t / 4.0)), run.Updater.NextLearningRate);
            Assert.Equal(0.5 * (1 - (t / 4.0)), run.Step(t).LearningRate);
        }
    }

    [Theory]
    [InlineData(0.9, 0.9)]
    [InlineData(0, 0)]
    [InlineData(0.5, 0.99)]
    [InlineData(0, 0.9)]
    public void TheMovingAverageIsTheWeightedMeanOfTheIterates(double from, double to)
    {
        double Decay(int t) => from + ((to - from) * Math.Min(t, 10) / 10.0);
        var run = new RuleRun<double>(Chain.Of(LearningRate.Of(0.3)), 9, average: Ema.Of(Schedule.Linear(from, to, 10)));
        double[] average = new double[9];
        run.Updater.CopyAverage(average);
        Assert.Equal(run.Parameters.Span.ToArray(), average);
        var iterates = new List<double[]>();
        for (int t = 0; t < 25; t++)
        {
            run.Step(t);
            iterates.Add(run.Parameters.Span.ToArray());

            // The weight of iterate s is what entered then, (1 − β), times the decays since.
            double[] weights = [.. Enumerable.Range(0, t + 1).Select(s => (1 - Decay(s)) * Enumerable.Range(s + 1, t - s).Aggregate(1.0, (p, r) => p * Decay(r)))];
            double[] expected = [.. Enumerable.Range(0, 9).Select(i => iterates.Select((x, s) => weights[s] * x[i]).Sum() / weights.Sum())];
            run.Updater.CopyAverage(average);
            FunctionCheck.Close(expected, average, 1e-12, $"average of step {t}");
        }

        Assert.Throws<ArgumentException>(() => run.Updater.CopyAverage(new double[8]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ema.Of(1));
    }

    [Fact]
    public void AConstantGradientHasNoVarianceAndNoHarm()
    {
        // v − m² goes to 0, and by rounding below it.
        var run = new RuleRun<float>(Optimizers.RmsProp(1e-6, 0.9, centered: true), 17);
        for (int t = 0; t < 1000; t++)
        {
            run.Gradient.Span.Fill(0.1f + (t % 2 * 1e-9f));
            run.Updater.Step();
        }

        Assert.All(run.Parameters.Span.ToArray(), v => Assert.True(float.IsFinite(v)));
    }

    [Fact]
    public void StatesThatTheMeasuringStageKnowsAreWrittenOnlyByAStep()
    {
        // The squares are also what the gradient's norm is made of.
        var run = new RuleRun<double>(Chain.Of(new LastSquare()), 5);
        run.Gradient.Span.Fill(2);
        run.Updater.Step();
        run.Gradient[3] = double.NaN;
        Assert.False(run.Updater.Step().Applied);
        Assert.Equal([4, 4, 4, 4, 4], run.Updater.State[0].Value.Span.ToArray());
    }

    [Fact]
    public void SchedulesOfOneDescriptionStayApart()
    {
        var run = new RuleRun<double>(Chain.Of(new TwoRates(new Secret(2), new Secret(3))), 1);
        run.Gradient[0] = 1;
        Assert.Equal(5, run.Updater.Step().UpdateNorm);
    }

    [Fact]
    public void RestoringRefusesWhatCannotBe()
    {
        Updater<double> updater = new RuleRun<double>(Optimizers.Adam(0.1), 2).Updater;
        Assert.Throws<ArgumentException>(() => updater.Restore(updater.Counters.Add("other", 1)));
        Assert.Throws<ArgumentException>(() => updater.Restore(updater.Counters.Remove("applied-steps")));
        foreach (double steps in new[] { -1, 0.5, double.NaN, double.PositiveInfinity })
        {
            Assert.Throws<ArgumentException>(() => updater.Restore(updater.Counters.SetItem("applied-steps", steps)));
        }

        Assert.Throws<ArgumentException>(() => updater.Restore(updater.Counters.SetItem("adam.decay-product-1", double.NaN)));
        Assert.Equal(0, updater.AppliedSteps);
        Assert.Throws<ArgumentException>(() => Optimizers.Sgd(0.1).Compile(Network, new FlatVector<double>(3), new FlatVector<double>(Network.Length)));
        Assert.Throws<ArgumentException>(() => new RuleRun<double>(Chain.Of(new TwinStates()), 2));
    }

    private sealed record LastSquare : UpdateRule
    {
        public override string Name => "last-square";

        public override string Formula => "s ← u², u";

        protected internal override Tensor Trace(Tensor update, RuleScope scope)
        {
            scope.State("square", _ => Functions.Square(update));
            return update;
        }
    }

    private sealed record TwinStates : UpdateRule
    {
        public override string Name => "twins";

        public override string Formula => "u";

        protected internal override Tensor Trace(Tensor update, RuleScope scope) => scope.State("a", p => p + update) + scope.State("a", p => p - update);
    }

    private sealed record TwoRates(Schedule First, Schedule Second) : UpdateRule
    {
        public override string Name => "two-rates";

        public override string Formula => "au + bu";

        protected internal override Tensor Trace(Tensor update, RuleScope scope) => (scope.Scalar(First) * update) + (scope.Scalar(Second) * update);
    }

    private sealed record Secret(double Value) : Schedule
    {
        public override long? Length => 0;

        protected override double ValueAt(long step) => Value;

        protected override string Describe() => "a secret";
    }
}
