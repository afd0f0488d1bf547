using Glissade.Averaging;
using Glissade.Numerics;
using Glissade.Schedules;
using Glissade.Updates;

namespace Glissade.Tests.Updates;

/// <summary>What the papers print of their rules beside the algorithm: bounds, limits, memory, small examples.</summary>
public sealed partial class PaperClaimTests
{
    [Fact]
    public void AnAdamStepIsAtMostTheRateAndLongestWhereGradientsAreSparse()
    {
        // Kingma and Ba (2015), section 2.1: |Δ| ≤ α(1−β₁)/√(1−β₂) if that is more than α, reached where all gradients before this one were 0; else |Δ| ≤ α.
        const double Rate = 0.01;
        double[] sparse = Steps(Optimizers.Adam(Rate), 12_000, t => t == 11_999 ? 1e4 : 0);
        Assert.Equal(Rate * 0.1 / Math.Sqrt(0.001), sparse[^1], 1e-6);
        Assert.Equal(0, sparse[^2]);

        double[] dense = Steps(Optimizers.Adam(Rate), 500, t => Math.Cos(t * t) + 0.4);
        Assert.All(dense, step => Assert.InRange(Math.Abs(step), 0, Rate));
        Assert.All(Steps(Optimizers.Adam(Rate), 500, _ => -3), step => Assert.Equal(-Rate, step, 1e-9));

        // The same section: the steps do not change if all gradients are scaled.
        double[] scaled = Steps(Optimizers.Adam(Rate), 500, t => 1000 * (Math.Cos(t * t) + 0.4));
        Assert.All(dense.Zip(scaled), pair => Assert.Equal(pair.First, pair.Second, 1e-6 * Rate));
    }

    [Fact]
    public void AdamGoesTheWrongWayOnTheExamplesOfReddiKaleAndKumarAndAmsGradDoesNot()
    {
        // On the convergence of Adam and beyond (2018), section 5: 1010x each 101st time and −10x else on [−1, 1], least at −1; β₁ = 0.9, β₂ = 0.99, rate 0.5/√t.
        double Play(Chain chain, double start, int steps, Func<int, double> gradientAt)
        {
            var (theta, gradient) = (new FlatVector<double>([start]), new FlatVector<double>(1));
            Updater<double> updater = chain.Compile(Layout.OfVector(1), theta, gradient);
            for (int t = 0; t < steps; t++)
            {
                gradient[0] = gradientAt(t);
                updater.Step();
                theta[0] = Math.Clamp(theta[0], -1, 1);
            }

            return theta[0];
        }

        Func<int, double> rare = t => t % 101 == 0 ? 1010 : -10;
        Assert.InRange(Play(Optimizers.Adam(new RootDecay(0.5), 0.9, 0.99), 0, 10_000, rare), 0.9, 1);
        Assert.InRange(Play(Optimizers.AmsGrad(new RootDecay(0.5), 0.9, 0.99), 0, 10_000, rare), -1, -0.85);

        // Theorem 1: Cx each third time and −x else, β₁ = 0 and β₂ = 1/(1 + C²): Adam stands at the worst point after each third step.
        Func<int, double> third = t => t % 3 == 0 ? 4 : -1;
        for (int steps = 3; steps <= 300; steps += 3)
        {
            Assert.Equal(1, Play(Optimizers.Adam(new RootDecay(0.1), 0.0, 1 / 17.0), 1, steps, third), 1e-12);
        }

        Assert.InRange(Play(Optimizers.AmsGrad(new RootDecay(0.1), 0.0, 1 / 17.0), 1, 3000, third), -1, -0.8);
    }

    [Fact]
    public void AdaBeliefTakesLongStepsWhereTheGradientIsLargeAndDoesNotChange()
    {
        // Zhuang et al. (2020), table 1, third case: gradient large, curvature small. s = (1−β₂)g²β₁²(β₂ᵗ − β₁²ᵗ)/(β₂ − β₁²) there, while Adam's step is its rate.
        const double Rate = 0.01;
        double[] steady = Steps(Optimizers.AdaBelief(Rate), 300, _ => 50);
        for (int t = 1; t <= 300; t++)
        {
            double s = 0.001 * 0.81 * (Math.Pow(0.999, t) - Math.Pow(0.81, t)) / (0.999 - 0.81);
            Assert.Equal(Rate / Math.Sqrt(s / (1 - Math.Pow(0.999, t))), steady[t - 1], 1e-9);
        }

        Assert.True(steady[99] > 4.9 * Rate);

        // Second case: large and of changing sign, a steep and narrow valley: both take steps far below the rate, where descent takes long ones.
        double[] valley = Steps(Optimizers.AdaBelief(Rate), 300, t => t % 2 == 0 ? 50 : -50), adams = Steps(Optimizers.Adam(Rate), 300, t => t % 2 == 0 ? 50 : -50);
        Assert.All(valley.Skip(50).Concat(adams.Skip(50)), step => Assert.InRange(Math.Abs(step), 0, 0.06 * Rate));
    }

    [Fact]
    public void YogisSecondMomentChangesByAnAmountOfTheGradientAlone()
    {
        // Zaheer et al. (2018), section 3: |vₜ − vₜ₋₁| = (1 − β₂)g², where Adam's is (1 − β₂)|vₜ₋₁ − g²|, much more after large gradients.
        double[] Moments(UpdateRule rule, string state)
        {
            var gradient = new FlatVector<double>([100]);
            Updater<double> updater = Chain.Of(rule).Compile(Layout.OfVector(1), new FlatVector<double>(1), gradient);
            List<double> moments = [];
            for (int t = 0; t < 60; t++)
            {
                gradient[0] = t < 30 ? 100 : 0.5;
                updater.Step();
                moments.Add(updater.State.Single(s => s.Key == state).Value[0]);
            }

            return [.. moments];
        }

        double[] yogi = Moments(Yogi.Scaling(), "yogi.second-moment"), adam = Moments(Adam.Scaling(), "adam.second-moment");
        for (int t = 31; t < 60; t++)
        {
            Assert.Equal(0.001 * 0.25, Math.Abs(yogi[t] - yogi[t - 1]), 1e-12);
            Assert.Equal(0.001 * (adam[t - 1] - 0.25), adam[t - 1] - adam[t], 1e-12);
        }
    }

    [Fact]
    public void LionsStepsAreSignsAndItsMemoryIsHalfOfAdams()
    {
        // Chen et al. (2023), section 3.2.
        Assert.All(Steps(Optimizers.Lion(0.25), 40, t => Math.Sin((3.1 * t) + 1)), step => Assert.Equal(0.25, Math.Abs(step)));
        Assert.Equal(2 * StateLength(Optimizers.Lion(0.1), 7, 5), StateLength(Optimizers.Adam(0.1), 7, 5));
    }

    [Fact]
    public void ScheduleFreeIsAveragingOfTheIteratesWithoutInterpolationAndPrimalAveragingWithAll()
    {
        // Defazio et al. (2024), section 2: β = 0 is Polyak–Ruppert averaging, β = 1 primal averaging.
        var free = new RuleRun<double>(Chain.Of(ScheduleFree.Of(0.1, 0)), 6, average: null);
        var (theta, gradient, mean) = (new FlatVector<double>(free.Parameters.Span), new FlatVector<double>(6), new double[6]);
        Updater<double> plain = Optimizers.Sgd(0.1).Compile(Layout.OfVector(6), theta, gradient, IterateAverage.From());
        FlatVector<double> average = free.Updater.State.Single(s => s.Key == "schedule-free.average").Value;
        for (int t = 0; t < 40; t++)
        {
            for (int i = 0; i < 6; i++)
            {
                gradient[i] = RuleRun<double>.GradientOf(theta[i], i, t);
            }

            plain.Step();
            free.Step(t);
            plain.CopyAverage(mean);
            Assert.All(Enumerable.Range(0, 6), i => Assert.Equal(theta[i], free.Parameters[i], 1e-12));
            Assert.All(Enumerable.Range(0, 6), i => Assert.Equal(mean[i], average[i], 1e-12));
        }

        var primal = new RuleRun<double>(Chain.Of(ScheduleFree.Of(0.1, 1)), 6);
        double[] z = primal.Parameters.Span.ToArray(), x = [.. z];
        for (int t = 0; t < 40; t++)
        {
            primal.Step(t);
            for (int i = 0; i < 6; i++)
            {
                z[i] -= 0.1 * RuleRun<double>.GradientOf(x[i], i, t);
                x[i] += (z[i] - x[i]) / (t + 1);
                Assert.Equal(x[i], primal.Parameters[i], 1e-12);
            }
        }
    }

    [Fact]
    public void ProdigysDistanceNeverExceedsTheTrueOneAndComesNearIt()
    {
        // Mishchenko and Defazio (2024): for convex f, r/‖s‖₁ ≤ ‖θ₀ − θ*‖∞, begun at a millionth. On Σcᵢ|xᵢ − aᵢ| from 0 the distance is 3.
        double[] c = [1, 5, 0.2], a = [3, -2, 1];
        var (theta, gradient) = (new FlatVector<double>(3), new FlatVector<double>(3));
        Updater<double> updater = Optimizers.Prodigy().Compile(Layout.OfVector(3), theta, gradient);
        FlatVector<double> distance = updater.State.Single(s => s.Key == "prodigy.distance").Value;
        double before = 0;
        for (int t = 0; t < 2000; t++)
        {
            for (int i = 0; i < 3; i++)
            {
                gradient[i] = c[i] * Math.Sign(theta[i] - a[i]);
            }

            updater.Step();
            Assert.InRange(distance[0], before, 3);
            before = distance[0];
        }

        Assert.True(before > 1, $"d = {before}");
        Assert.All(Enumerable.Range(0, 3), i => Assert.Equal(a[i], theta[i], 0.2));
    }

    [Fact]
    public void AdEmaMixWithoutItsSlowMeanIsAdam()
    {
        // Pagliardini, Ablin and Grangier (2024), section 3: α = 0.
        double Gradient(int t) => Math.Cos(t * t) + 0.2;
        double[] mix = Steps(Chain.Of(AdEmaMix.Scaling(alpha: 0), LearningRate.Of(0.1)), 100, Gradient), adam = Steps(Optimizers.Adam(0.1), 100, Gradient);
        Assert.All(mix.Zip(adam), pair => Assert.Equal(pair.First, pair.Second, 1e-14));
    }

    [Fact]
    public void SophiaFindsTheMinimumOfItsPapersExampleAndTheOthersDoNot()
    {
        // Liu et al. (2023), figure 2: 8(x − 1)²(1.3x² + 2x + 1) + ½(y − 4)², with minimum (1, 4), from where the curvature by x is negative. Descent is slow along y,
        // signs bounce along x, Newton's method goes to the maximum of x; Sophia takes few steps, and none above its rate.
        static double Slope(double x) => (16 * (x - 1) * ((1.3 * x * x) + (2 * x) + 1)) + (8 * (x - 1) * (x - 1) * ((2.6 * x) + 2));
        static double Curvature(double x) => (16 * ((1.3 * x * x) + (2 * x) + 1)) + (32 * (x - 1) * ((2.6 * x) + 2)) + (20.8 * (x - 1) * (x - 1));
        (double X, double Y) Descend(Chain chain, int steps)
        {
            var (theta, gradient, curvature) = (new FlatVector<double>([0.2, 0]), new FlatVector<double>(2), new FlatVector<double>(2));
            Updater<double> updater = chain.Compile(Layout.OfVector(2), theta, gradient, curvature: curvature);
            for (int t = 0; t < steps; t++)
            {
                (gradient[0], gradient[1]) = (Slope(theta[0]), theta[1] - 4);
                (curvature[0], curvature[1]) = (Curvature(theta[0]), 1);
                updater.CurvatureIsNew = true;
                double[] before = theta.Span.ToArray();
                updater.Step();
                Assert.All(before.Zip(theta.Span.ToArray()), pair => Assert.True(chain.Rules[0] is not Sophia || Math.Abs(pair.First - pair.Second) <= 0.3 + 1e-12));
            }

            return (theta[0], theta[1]);
        }

        Assert.True(Curvature(0.2) < 0);
        (double x, double y) = Descend(Chain.Of(Sophia.Scaling(0.0, 0.0, 1), LearningRate.Of(0.3)), 25);
        Assert.Equal(1, x, 0.01);
        Assert.Equal(4, y, 0.01);

        // As fast as is stable along x.
        Assert.True(Descend(Optimizers.Sgd(1.8 / Curvature(1)), 50).Y < 3);
        (x, _) = Descend(Chain.Of(new SignDescent(), LearningRate.Of(0.3)), 50);
        Assert.True(Math.Abs(x - 1) > 0.1, $"x = {x}");
        double newton = 0.2;
        for (int t = 0; t < 50; t++)
        {
            newton -= Slope(newton) / Curvature(newton);
        }

        Assert.Equal(0, newton, 1e-9);
        Assert.True(Curvature(newton) < 0);
    }

    /// <summary>θ before less θ after each step of one parameter.</summary>
    private static double[] Steps(Chain chain, int count, Func<int, double> gradientAt)
    {
        var (theta, gradient) = (new FlatVector<double>(1), new FlatVector<double>(1));
        Updater<double> updater = chain.Compile(Layout.OfVector(1), theta, gradient);
        double[] steps = new double[count];
        for (int t = 0; t < count; t++)
        {
            theta[0] = 0;
            gradient[0] = gradientAt(t);
            updater.Step();
            steps[t] = -theta[0];
        }

        return steps;
    }

    private static int StateLength(Chain chain, int rows, int columns)
    {
        int length = rows * columns;
        return chain.Compile(new Layout(("w", new Shape(rows, columns))), new FlatVector<double>(length), new FlatVector<double>(length)).State.Sum(s => s.Value.Length);
    }

    /// <summary>α/√t for step t from 1.</summary>
    private sealed record RootDecay(double Start) : Schedule
    {
        public override long? Length => null;

        protected override double ValueAt(long step) => Start / Math.Sqrt(step + 1);

        protected override string Describe() => $"{Start}/√t";
    }
}
