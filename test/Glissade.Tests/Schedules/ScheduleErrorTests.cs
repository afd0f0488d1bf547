using Glissade.Schedules;

namespace Glissade.Tests.Schedules;

/// <summary>What schedules refuse, and with what words.</summary>
public sealed class ScheduleErrorTests
{
    public static TheoryData<string, Func<Schedule>> OutOfRange => new()
    {
        { "Value", () => Schedule.Constant(double.NaN) },
        { "Value", () => double.PositiveInfinity },
        { "From", () => Schedule.Linear(double.NaN, 0, 1) },
        { "To", () => Schedule.Linear(1, double.NegativeInfinity, 1) },
        { "Steps", () => Schedule.Linear(1, 0, 0) },
        { "Steps", () => Schedule.Cosine(1, 0, -5) },
        { "Factor", () => Schedule.Step(1, -0.5, 1) },
        { "Every", () => Schedule.Step(1, 0.5, 0) },
        { "Factor", () => Schedule.Exponential(1, double.NaN) },
        { "Rate", () => Schedule.ExponentialRate(1, -1e-3) },
        { "Rate", () => Schedule.TimeBased(1, -1e-3) },
        { "Power", () => Schedule.Polynomial(1, 0, 5, 0) },
        { "Steps", () => Schedule.Warmup(1, 0) },
        { "Milestones", () => Schedule.MultiStep(1, 0.5, 0, 4) },
        { "Period", () => Schedule.CosineRestarts(1, 0, 0) },
        { "Multiplier", () => Schedule.CosineRestarts(1, 0, 5, 0) },
        { "Decay", () => Schedule.CosineRestarts(1, 0, 5, 2, 1.5) },
        { "StepsUp", () => Schedule.Triangular(0, 1, 0) },
        { "StepsDown", () => Schedule.Triangular(0, 1, 5, 0) },
        { "StepsDown", () => Schedule.Triangular(0, 1, long.MaxValue) },
        { "CycleFactor", () => new TriangularSchedule(0, 1, 1, 1, -0.5) },
        { "StepFactor", () => Schedule.ExponentialRange(0, 1, 5, 1.01) },
        { "Steps", () => Schedule.OneCycle(1, 1) },
        { "StartDivisor", () => Schedule.OneCycle(1, 10, startDivisor: 0) },
        { "EndDivisor", () => Schedule.OneCycle(1, 10, endDivisor: double.NaN) },
        { "Share", () => Schedule.OneCycle(1, 10, share: 1) },
        { "Share", () => Schedule.OneCycle(1, 10, share: 0.05) },
        { "Share", () => Schedule.OneCycle(1, 10, share: 0.6, threePhases: true) },
        { "Annealing", () => Schedule.OneCycle(1, 10, annealing: (Annealing)7) },
        { "Low", () => Schedule.OneCycle(1, 10).Momentum(double.NaN) },
        { "From", () => Schedule.Geometric(0, 1, 5) },
        { "To", () => Schedule.Geometric(1, -1, 5) },
        { "To", () => Schedule.Geometric(1e-300, 1e300, 5) },
        { "From", () => Schedule.WarmupExponential(1, 5, 0) },
        { "Time", () => Schedule.InverseSquareRoot(1, 0) },
        { "Width", () => Schedule.Noam(0, 5) },
        { "WarmupSteps", () => Schedule.Noam(512, 0) },
        { "Points", () => Schedule.PiecewiseConstant((-1, 1)) },
        { "Points", () => Schedule.PiecewiseLinear((0, 1), (3, double.NaN)) },
        { "Points", () => Schedule.Piecewise(Interpolation.Geometric, (0, 1), (3, -1)) },
        { "Count", () => Schedule.Linear(0, 1, 5).Repeat(0) },
        { "Count", () => Schedule.Linear(0, 1, 5).Repeat(long.MaxValue) },
        { "decay", () => Schedule.WarmupStableDecay(1, 1, 1, 1, decay: (FinalDecay)9) },
        { "Steps", () => Schedule.Constant(1).For(0) },
        { "Factor", () => Schedule.Constant(1).Scale(double.NaN) },
        { "Low", () => Schedule.Constant(1).Clamp(double.NaN, 1) },
        { "High", () => Schedule.Constant(1).Clamp(2, 1) },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void A_parameter_out_of_range_is_named(string parameter, Func<Schedule> make)
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => make());
        Assert.Equal(parameter, error.ParamName);
        Assert.NotNull(error.ActualValue);
        Assert.Contains("must", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Milestones_must_be_there_and_rise()
    {
        Assert.Contains("at least one", Assert.Throws<ArgumentException>(() => Schedule.MultiStep(1, 0.5)).Message, StringComparison.Ordinal);
        Assert.Contains("4 follows 4", Assert.Throws<ArgumentException>(() => Schedule.MultiStep(1, 0.5, 2, 4, 4)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_follows_what_never_ends()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Schedule.Exponential(1, 0.9).Then(0.1));
        Assert.Contains("changes for ever (1 times 0.9 every step); give it an end with For(steps)", error.Message, StringComparison.Ordinal);
        Assert.Equal(Math.Pow(0.9, 3), Schedule.Exponential(1, 0.9).For(3).Then(Schedule.Linear(0.5, 0, 2)).At(2) * 0.9, 1e-15);
    }

    [Fact]
    public void A_constant_without_a_length_would_never_be_seen()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Schedule.Constant(0.1).Then(0.2));
        Assert.Contains("length 0 (0.1)", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Schedule.Linear(1, 0, 3).Then(0.1).Then(0.2));
    }

    [Fact]
    public void What_has_no_end_is_not_repeated()
    {
        Assert.Contains("changes for ever (1 times 0.9 every step) cannot begin again", Assert.Throws<ArgumentException>(() => Schedule.Exponential(1, 0.9).Repeat()).Message, StringComparison.Ordinal);
        Assert.Contains("length 0 (1)", Assert.Throws<ArgumentException>(() => Schedule.Constant(1).Repeat(3)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Points_must_be_there_and_rise()
    {
        Assert.Contains("at least one", Assert.Throws<ArgumentException>(() => Schedule.PiecewiseLinear()).Message, StringComparison.Ordinal);
        Assert.Contains("4 follows 4", Assert.Throws<ArgumentException>(() => Schedule.PiecewiseLinear((2, 1), (4, 1), (4, 2))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Absent_parts_and_negative_steps_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => Schedule.Linear(1, 0, 3).Then(null!));
        Assert.Throws<ArgumentNullException>(() => new ScaledSchedule(null!, 1));
        Assert.Throws<ArgumentNullException>(() => Schedule.Constant(1).Times(null!));
        Assert.Throws<ArgumentNullException>(() => new RepeatedSchedule(null!));
        Assert.Throws<ArgumentOutOfRangeException>("last", () => Schedule.Constant(1).Bounds(-1));
        Assert.Throws<ArgumentOutOfRangeException>("step", () => Schedule.Constant(1).At(-1));
    }

    [Fact]
    public void Lengths_that_cannot_be_counted_are_refused()
        => Assert.Throws<OverflowException>(() => Schedule.Linear(1, 0, long.MaxValue).Then(Schedule.Linear(0, 1, 1)));
}
