using Glissade.Numerics;
using Glissade.Schedules;
using Glissade.Updates;

namespace Glissade.Tests.Updates;

/// <summary>The running means inside the rules, against their recurrence in double.</summary>
public sealed class RunningMeanTests
{
    private const int Length = 517;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.25, 0.4999)]
    [InlineData(0.5, 0.9)]
    [InlineData(0.9, 0.999)]
    [InlineData(0.99, 0.999999)]
    public void TheyFollowTheirRecurrenceToARoundingAStep(double beta1, double beta2) => AssertFollows(beta1, beta1, beta2, beta2);

    [Fact]
    public void ADecayThatIsScheduledGivesTheSameMeans() => AssertFollows(0.9, Schedule.Constant(0.9).For(7).Then(0.9), 0.999, Schedule.Constant(0.999).For(7).Then(0.999));

    [Fact]
    public void WithoutDecayNothingOfTheNewestIsLostBesideAGreatOneBefore()
    {
        var theta = new FlatVector<float>(Length);
        var gradient = new FlatVector<float>(Length);
        Updater<float> updater = Chain.Of(Adam.Scaling(0, 0), LearningRate.Of(1e-3)).Compile(Layout.OfVector(Length), theta, gradient);
        for (int t = 0; t < 4; t++)
        {
            float[] given = [.. Enumerable.Range(0, Length).Select(i => (t % 2 == 0 ? 1e9f : 1e-9f) * (float)Math.Sin(i + t))];
            given.CopyTo(gradient.Span);
            updater.Step();
            Assert.Equal(given, State(updater, "first-moment"));
            Assert.Equal(given.Select(g => g * g), State(updater, "second-moment"));
        }
    }

    [Fact]
    public void AMeanThatIsReachedStays()
    {
        var theta = new FlatVector<float>(Length);
        var gradient = new FlatVector<float>(Length);
        Updater<float> updater = Chain.Of(Adam.Scaling(0.9, 0.999), LearningRate.Of(1e-3)).Compile(Layout.OfVector(Length), theta, gradient);
        for (int i = 0; i < Length; i++)
        {
            gradient[i] = (float)Math.Exp(Math.Sin(i) * 20);
        }

        gradient.Span.CopyTo(StateVector(updater, "first-moment").Span);
        float[] squares = [.. gradient.Span.ToArray().Select(g => g * g)];
        squares.CopyTo(StateVector(updater, "second-moment").Span);
        for (int t = 0; t < 100; t++)
        {
            updater.Step();
        }

        Assert.Equal(gradient.Span.ToArray(), State(updater, "first-moment"));
        Assert.Equal(squares, State(updater, "second-moment"));
    }

    [Fact]
    public void AnOverflownMeanIsToldAndNoParameterIsSpoilt()
    {
        var theta = new FlatVector<float>(3);
        var gradient = new FlatVector<float>(3);
        Updater<float> updater = Chain.Of(Adam.Scaling(0.9, 0.999), LearningRate.Of(0.5)).Compile(Layout.OfVector(3), theta, gradient);
        new[] { 1f, 1e30f, -1f }.CopyTo(gradient.Span);
        updater.Step();
        Assert.Equal(float.PositiveInfinity, State(updater, "second-moment")[1]);
        gradient.Span.Fill(1);
        Assert.True(double.IsNaN(updater.Step().UpdateNorm));
        Assert.Equal(0, theta[1]);
        Assert.All(theta.Span.ToArray(), x => Assert.True(float.IsFinite(x)));
    }

    private static void AssertFollows(double beta1, Schedule schedule1, double beta2, Schedule schedule2)
    {
        var theta = new FlatVector<float>(Length);
        var gradient = new FlatVector<float>(Length);
        Updater<float> updater = Chain.Of(Adam.Scaling(schedule1, schedule2), LearningRate.Of(1e-3)).Compile(Layout.OfVector(Length), theta, gradient);
        double[] m = new double[Length], v = new double[Length], greatest = new double[Length];
        for (int t = 0; t < 40; t++)
        {
            for (int i = 0; i < Length; i++)
            {
                gradient[i] = (float)(Math.Cos((0.7 * i) + (1.3 * t)) * Math.Pow(10, (i % 7) - 3));
                double g = gradient[i];
                m[i] = (beta1 * m[i]) + ((1 - beta1) * g);
                v[i] = (beta2 * v[i]) + ((1 - beta2) * g * g);
                greatest[i] = Math.Max(greatest[i], Math.Abs(g));
            }

            updater.Step();
            float[] first = State(updater, "first-moment"), second = State(updater, "second-moment");

            // A half unit in the last place of the product, of the result, of the share and of the decay as a float: four of 2⁻²⁴, forgotten as the mean forgets.
            double unit = 4 * Math.Pow(2, -24);
            double steps1 = Math.Min(t + 1, 1 / (1 - beta1)), steps2 = Math.Min(t + 1, 1 / (1 - beta2));
            for (int i = 0; i < Length; i++)
            {
                Assert.True(Math.Abs(first[i] - m[i]) <= unit * steps1 * greatest[i], $"step {t}, {i}: {first[i]:R}, not {m[i]:R}");
                Assert.True(Math.Abs(second[i] - v[i]) <= unit * steps2 * greatest[i] * greatest[i], $"step {t}, {i}: {second[i]:R}, not {v[i]:R}");
                Assert.True(second[i] >= 0, $"step {t}, {i}: {second[i]:R}");
            }
        }
    }

    private static float[] State(Updater<float> updater, string name) => StateVector(updater, name).Span.ToArray();

    private static FlatVector<float> StateVector(Updater<float> updater, string name) => updater.State.Single(s => s.Key.EndsWith(name, StringComparison.Ordinal)).Value;
}
