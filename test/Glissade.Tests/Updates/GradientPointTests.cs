using Glissade.Numerics;
using Glissade.Schedules;
using Glissade.Updates;

namespace Glissade.Tests.Updates;

/// <summary>Rules that want the gradient elsewhere than at θ, and the contract by which they get it.</summary>
public sealed class GradientPointTests
{
    private const int Length = 7;

    [Fact]
    public void SharpnessAwareMinimisationIsThatOfThePaper()
    {
        (double Rate, double Radius) = (0.1, 0.3);
        double[][] path = Path(Chain.Of(SharpnessAware.Of(Radius), LearningRate.Of(Rate)));
        double[] x = Start();
        foreach (double[] next in path)
        {
            double[] g = GradientAt(x);
            double norm = Math.Sqrt(g.Sum(v => v * v));
            double[] there = GradientAt([.. x.Zip(g, (a, b) => a + (Radius * b / norm))]);
            x = [.. x.Zip(there, (a, b) => a - (Rate * b))];
            Close(x, next);
        }
    }

    [Fact]
    public void ExtraGradientConvergesWhereGradientStepsCircle()
    {
        // min over x, max over y of xy: the descent direction is (y, −x), which goes round the saddle point.
        double Distance(Chain chain)
        {
            var theta = new FlatVector<double>([1, 1]);
            var gradient = new FlatVector<double>(2);
            Updater<double> updater = chain.Compile(new Layout(("x", new Shape(2))), theta, gradient);
            for (int t = 0; t < 200; t++)
            {
                updater.Step(
                    () =>
                    {
                        (gradient[0], gradient[1]) = (theta[1], -theta[0]);
                        return 0;
                    },
                    out _);
            }

            return Math.Sqrt((theta[0] * theta[0]) + (theta[1] * theta[1]));
        }

        // Each step multiplies the distance by √(1 + η²), and by √(1 − η² + η⁴).
        Assert.Equal(Math.Sqrt(2) * Math.Pow(1 + 0.04, 100), Distance(Chain.Of(LearningRate.Of(0.2))), 1e-9);
        Assert.Equal(Math.Sqrt(2) * Math.Pow(1 - 0.04 + 0.0016, 100), Distance(Chain.Of(ExtraGradient.Of(0.2), LearningRate.Of(0.2))), 1e-12);
    }

    [Fact]
    public void BothFormsOfNesterovAgreeWhileRateAndMomentumStand()
    {
        (double rate, double rho) = (0.1, 0.8);
        double[][] extrapolated = Path(Chain.Of(LearningRate.Of(rate), ExtrapolatedMomentum.Of(rho)), out double[][] velocities);
        double[][] reformulated = Path(Chain.Of(Momentum.Nesterov(rho), LearningRate.Of(rate)));
        for (int t = 0; t < extrapolated.Length; t++)
        {
            // The reformulated iterate is the point at which the other takes its next gradient.
            Close([.. extrapolated[t].Zip(velocities[t], (x, s) => x - (rho * s))], reformulated[t]);
        }

        var moving = Schedule.Linear(0.1, 0.01, 20);
        extrapolated = Path(Chain.Of(LearningRate.Of(moving), ExtrapolatedMomentum.Of(rho)), out velocities);
        reformulated = Path(Chain.Of(Momentum.Nesterov(rho), LearningRate.Of(moving)));
        double apart = extrapolated[^1].Zip(velocities[^1], (x, s) => x - (rho * s)).Zip(reformulated[^1], (a, b) => Math.Abs(a - b)).Max();
        Assert.True(apart > 1e-3, $"With a moving rate the forms should part, but they are {apart} apart.");
    }

    [Fact]
    public void ExtrapolatedMomentumIsNesterovsFormula()
    {
        double[][] path = Path(Chain.Of(LearningRate.Of(Schedule.Linear(0.2, 0.05, 15)), ExtrapolatedMomentum.Of(Schedule.Linear(0.3, 0.9, 10))));
        double[] x = Start(), s = new double[Length];
        for (int t = 0; t < path.Length; t++)
        {
            double rate = 0.2 - (0.15 * Math.Min(t, 15) / 15), rho = 0.3 + (0.6 * Math.Min(t, 10) / 10);
            double[] g = GradientAt([.. x.Zip(s, (a, b) => a - (rho * b))]);
            s = [.. s.Zip(g, (a, b) => (rho * a) + (rate * b))];
            x = [.. x.Zip(s, (a, b) => a - b)];
            Close(x, path[t]);
        }
    }

    [Fact]
    public void ParametersComeBackWhateverHappens()
    {
        var theta = new FlatVector<double>(Start());
        var gradient = new FlatVector<double>(Length);
        Updater<double> updater = Chain.Of(SharpnessAware.Of(0.5), LearningRate.Of(0.1)).Compile(new Layout(("x", new Shape(Length))), theta, gradient);
        int calls = 0;
        double Evaluate(double second, bool fails)
        {
            GradientAt(theta.Span.ToArray()).CopyTo(gradient.Span);
            return ++calls % 2 == 1 ? 1 : fails ? throw new InvalidOperationException("no loss today") : second;
        }

        Assert.Throws<InvalidOperationException>(() => updater.Step(() => Evaluate(0, true), out _));
        Assert.Equal(Start(), theta.Span.ToArray());
        Assert.Equal(SkipReason.NonFiniteLoss, updater.Step(() => Evaluate(double.NaN, false), out double loss).Skipped);
        Assert.Equal(1, loss);
        Assert.Equal(Start(), theta.Span.ToArray());
        Assert.Throws<InvalidOperationException>(() => updater.Step());
        Assert.Equal(GradientPlace.AlongGradient, updater.GradientPlace);
        Assert.Equal(0, updater.AppliedSteps);
        Assert.True(updater.Step(() => Evaluate(2, false), out _).Applied);
    }

    [Fact]
    public void OneRuleOfAChainMayPlaceTheGradient() =>
        Assert.Contains("sharpness-aware", Assert.Throws<ArgumentException>(() => Path(Chain.Of(SharpnessAware.Of(), ExtraGradient.Of(0.1)))).Message);

    [Fact]
    public void ARestrictedRuleMovesOnlyItsOwn()
    {
        var theta = new FlatVector<double>([1, 2, 3, 4]);
        var gradient = new FlatVector<double>(4);
        var layout = new Layout(("a", new Shape(2)), ("b", new Shape(2)));
        Updater<double> updater = Chain.Of(SharpnessAware.Of(0.5).Only("b")).Compile(layout, theta, gradient);
        var seen = new List<double[]>();
        updater.Step(
            () =>
            {
                seen.Add(theta.Span.ToArray());
                new double[] { 30, 40, 3, 4 }.CopyTo(gradient.Span);
                return 0;
            },
            out _);
        Assert.Equal([1, 2, 3, 4], seen[0]);
        Close([1, 2, 3.3, 4.4], seen[1]);
    }

    private static double[] Start() => [.. Enumerable.Range(0, Length).Select(RuleRun<double>.Start)];

    private static double[] GradientAt(double[] x) => [.. x.Select((v, i) => ((1 + i) * 0.4 * v) + Math.Sin(v + i))];

    private static double[][] Path(Chain chain) => Path(chain, out _);

    private static double[][] Path(Chain chain, out double[][] states)
    {
        var theta = new FlatVector<double>(Start());
        var gradient = new FlatVector<double>(Length);
        Updater<double> updater = chain.Compile(new Layout(("x", new Shape(Length))), theta, gradient);
        var path = new List<double[]>();
        var velocities = new List<double[]>();
        for (int t = 0; t < 30; t++)
        {
            Assert.True(updater.Step(
                () =>
                {
                    GradientAt(theta.Span.ToArray()).CopyTo(gradient.Span);
                    return 1;
                },
                out _).Applied);
            path.Add(theta.Span.ToArray());
            velocities.Add(updater.State.Count > 0 ? updater.State[0].Value.Span.ToArray() : []);
        }

        states = [.. velocities];
        return [.. path];
    }

    private static void Close(double[] expected, double[] actual)
    {
        foreach ((double e, double a) in expected.Zip(actual))
        {
            Assert.Equal(e, a, 1e-12 * (1 + Math.Abs(e)));
        }
    }
}
