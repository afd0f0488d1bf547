using Glissade.Schedules;

namespace Glissade.Tests.Schedules;

/// <summary>Closed forms, lengths and descriptions of the shapes.</summary>
public sealed class ScheduleShapeTests
{
    [Fact]
    public void NothingTimesMuchIsNothing()
    {
        Schedule nothing = Schedule.Exponential(1, 2).Scale(0);
        Assert.Equal((0, 0, (0, 0)), (nothing.At(3), nothing.At(5000), nothing.Bounds(5000)));
        Assert.Equal(double.NegativeInfinity, Schedule.Exponential(1, 2).Scale(-1).At(5000));
    }

    /// <summary>2⁻²⁵ is a number whose shortest text in .NET reads back as another.</summary>
    [Fact]
    public void NumbersAreShownToTheBit() =>
        Assert.All(Enumerable.Range(-1074, 2098), e => Assert.Equal(Math.ScaleB(1, e), double.Parse(Schedule.Constant(Math.ScaleB(1, e)).ToString(), System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void A_number_is_a_constant()
    {
        Schedule schedule = 0.25;
        Assert.Equal(Schedule.Constant(0.25), schedule);
        Assert.Equal(0.25, schedule.At(0));
        Assert.Equal(0.25, schedule.At(long.MaxValue));
        Assert.Equal(0, schedule.Length);
    }

    [Theory]
    [InlineData(0, 1.0)]
    [InlineData(1, 0.75)]
    [InlineData(2, 0.5)]
    [InlineData(4, 0.0)]
    [InlineData(1_000_000, 0.0)]
    public void Linear_reaches_its_floor_and_stays(long step, double expected)
        => Assert.Equal(expected, Schedule.Linear(1, 0, 4).At(step));

    [Fact]
    public void Linear_is_the_convex_combination_of_its_ends()
    {
        Schedule schedule = Schedule.Linear(0.3, -0.7, 13);
        for (int t = 0; t < 13; t++)
        {
            Assert.Equal((1 - t / 13.0) * 0.3 + t / 13.0 * -0.7, schedule.At(t), 1e-15);
        }
    }

    [Fact]
    public void Step_multiplies_every_so_many_steps()
    {
        Schedule schedule = Schedule.Step(8, 0.5, 3);
        Assert.Equal([8, 8, 8, 4, 4, 4, 2], Enumerable.Range(0, 7).Select(t => schedule.At(t)));
        Assert.Null(schedule.Length);
    }

    [Fact]
    public void Multi_step_multiplies_at_its_milestones()
    {
        Schedule schedule = Schedule.MultiStep(8, 0.5, 1, 3, 4);
        Assert.Equal([8, 4, 4, 2, 1, 1], Enumerable.Range(0, 6).Select(t => schedule.At(t)));
        Assert.Equal(4, schedule.Length);
        Assert.Equal(schedule, Schedule.MultiStep(8, 0.5, 1, 3, 4));
        Assert.NotEqual(schedule, Schedule.MultiStep(8, 0.5, 1, 2, 4));
        Assert.Equal(schedule.GetHashCode(), Schedule.MultiStep(8, 0.5, 1, 3, 4).GetHashCode());
    }

    [Fact]
    public void Exponential_by_factor_and_by_rate_are_one_curve()
    {
        Schedule byFactor = Schedule.Exponential(0.4, Math.Exp(-0.01)), byRate = Schedule.ExponentialRate(0.4, 0.01);
        for (int t = 0; t < 1000; t += 7)
        {
            Assert.Equal(byRate.At(t), byFactor.At(t), 1e-14);
        }

        Assert.Equal(0.2, byRate.At((long)Math.Round(Math.Log(2) / 0.01)), 1e-3);
    }

    [Fact]
    public void Time_based_halves_after_one_over_the_rate()
    {
        Schedule schedule = Schedule.TimeBased(3, 0.02);
        Assert.Equal(3, schedule.At(0));
        Assert.Equal(1.5, schedule.At(50));
        Assert.Equal(1, schedule.At(100));
    }

    [Fact]
    public void Polynomial_of_power_one_is_linear()
    {
        Schedule polynomial = Schedule.Polynomial(5, 1, 9, 1), linear = Schedule.Linear(5, 1, 9);
        for (int t = 0; t < 12; t++)
        {
            Assert.Equal(linear.At(t), polynomial.At(t), 1e-14);
        }
    }

    [Fact]
    public void Polynomial_of_power_two_is_a_parabola_above_its_end()
        => Assert.Equal(4 * 0.75 * 0.75 + 1, Schedule.Polynomial(5, 1, 8, 2).At(2), 1e-15);

    [Fact]
    public void Cosine_is_half_way_at_half_time()
    {
        Schedule schedule = Schedule.Cosine(3, 1, 10);
        Assert.Equal(3, schedule.At(0));
        Assert.Equal(2, schedule.At(5), 1e-15);
        Assert.Equal(1, schedule.At(10));
        Assert.Equal(1, schedule.At(11));
        Assert.Equal(1 + 0.5 * 2 * (1 + Math.Cos(Math.PI * 3 / 10)), schedule.At(3), 1e-15);
    }

    [Fact]
    public void Warm_up_wastes_no_step_and_ends_on_its_value()
    {
        Schedule schedule = Schedule.Warmup(to: 1, steps: 4);
        Assert.Equal([0.25, 0.5, 0.75, 1, 1, 1], Enumerable.Range(0, 6).Select(t => schedule.At(t)));
        Assert.Equal(4, schedule.Length);
        Assert.Equal([2, 3, 4, 5, 5], Enumerable.Range(0, 5).Select(t => Schedule.Warmup(to: 5, steps: 4, from: 1).At(t)));
        Assert.Equal(1, Schedule.Warmup(to: 1, steps: 1).At(0));
    }

    [Fact]
    public void Warm_up_then_cosine_is_the_curve_of_the_recipe()
    {
        Schedule schedule = Schedule.Warmup(to: 3e-4, steps: 500).Then(Schedule.Cosine(from: 3e-4, to: 0, steps: 10_000));
        Assert.Equal(3e-4 / 500, schedule.At(0), 1e-19);
        Assert.Equal(3e-4, schedule.At(499));
        Assert.Equal(3e-4, schedule.At(500));
        Assert.Equal(1.5e-4, schedule.At(5_500), 1e-18);
        Assert.Equal(0, schedule.At(10_500));
        Assert.Equal(10_500, schedule.Length);
    }

    [Fact]
    public void Descriptions_read_like_words()
    {
        Assert.Equal("cosine from 0.003 to 0 over 1,000 steps", Schedule.Cosine(0.003, 0, 1000).ToString());
        Assert.Equal("0.1", Schedule.Constant(0.1).ToString());
        Assert.Equal("linear from 0.1 to 0 over 1 step", Schedule.Linear(0.1, 0, 1).ToString());
        Assert.Equal("0.1 times 0.5 every 10 steps", Schedule.Step(0.1, 0.5, 10).ToString());
        Assert.Equal("0.1 times 0.3 at steps 5 and 2,000", Schedule.MultiStep(0.1, 0.3, 5, 2000).ToString());
        Assert.Equal("0.1 times 0.95 every step", Schedule.Exponential(0.1, 0.95).ToString());
        Assert.Equal("exponential from 0.1 at rate 0.01", Schedule.ExponentialRate(0.1, 0.01).ToString());
        Assert.Equal("time-based from 0.1 at rate 0.01", Schedule.TimeBased(0.1, 0.01).ToString());
        Assert.Equal("polynomial of power 2 from 0.1 to 0 over 30 steps", Schedule.Polynomial(0.1, 0, 30, 2).ToString());
        Assert.Equal("warm-up from 0 to 0.003 over 50 steps, then 0.003", Schedule.Warmup(0.003, 50).Then(0.003).ToString());
        Assert.Equal("cosine from 1 to 0, restarted after 10 steps, each period 2 times the last, each height 0.5 times the last", Schedule.CosineRestarts(1, 0, 10, 2, 0.5).ToString());
        Assert.Equal("triangles from 0 to 1, 5 steps up and 6 down, each height 0.5 times the last", Schedule.Triangular2(0, 1, 5, 6).ToString());
        Assert.Equal("one cycle from 0.04 to 1 to 4E-06 over 50 steps, 0.3 of them to the turn, cosine in two phases", Schedule.OneCycle(1, 50).ToString());
        Assert.Equal("momentum of one cycle from 0.95 to 0.85 to 0.95 over 50 steps, 0.3 of them to the turn, cosine in two phases", Schedule.OneCycle(1, 50).Momentum().ToString());
        Assert.Equal("inverse square root from 1, half of it after 30 steps", Schedule.InverseSquareRoot(1, 10).ToString());
        Assert.Equal("2 points joined by lines: 1 at 0, 0.5 at 1,000", Schedule.PiecewiseLinear((0, 1), (1000, 0.5)).ToString());
        Assert.Equal("(linear from 1 to 0 over 5 steps) again and again", Schedule.Linear(1, 0, 5).Repeat().ToString());
        Assert.Equal("(linear from 1 to 0 over 5 steps) times (2)", Schedule.Linear(1, 0, 5).Times(2).ToString());
        Assert.Equal("((0.1) for 10 steps) scaled by 2", Schedule.Constant(0.1).For(10).Scale(2).ToString());
        Assert.Equal("(0.1 times 0.95 every step) held between 0.01 and 1", Schedule.Exponential(0.1, 0.95).Clamp(0.01, 1).ToString());
    }

    [Fact]
    public void What_never_moves_is_known_to_have_length_zero()
    {
        Assert.Equal(0, Schedule.Step(0.1, 1, 3).Length);
        Assert.Equal(0, Schedule.Exponential(0, 2).Length);
        Assert.Equal(0, Schedule.Exponential(0, 2).At(5000));
        Assert.Equal(0, Schedule.TimeBased(0.1, 0).Length);
        Assert.Equal(0, Schedule.ExponentialRate(0.1, 0).Length);
        Assert.Equal(1, Schedule.Exponential(0.1, 0).Length);
        Assert.Equal(3, Schedule.Step(0.1, 0, 3).Length);
    }

    /// <summary>A decay β forgets half in ln ½ / ln β steps; that number rises by the same amount at every step.</summary>
    [Theory]
    [InlineData(0.9, 0.9999, 10)]
    [InlineData(0.99, 0.5, 7)]
    [InlineData(0.9, 0.999, 1)]
    public void AHalfLifeRisesEvenly(double from, double to, int steps)
    {
        static double HalfLife(double decay) => Math.Log(0.5) / Math.Log(decay);
        var schedule = new HalfLifeSchedule(from, to, steps);
        for (int step = 0; step < steps; step++)
        {
            double expected = HalfLife(from) + ((step + 1.0) / steps * (HalfLife(to) - HalfLife(from)));
            Assert.Equal(1, HalfLife(schedule.At(step)) / expected, 1e-9);
        }

        Assert.Equal(to, schedule.At(steps - 1));
        Assert.Equal(to, schedule.At(steps + 100));
        foreach (double wrong in new[] { 0.0, 1, -0.1, double.NaN })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new HalfLifeSchedule(wrong, to, steps));
            Assert.Throws<ArgumentOutOfRangeException>(() => new HalfLifeSchedule(from, wrong, steps));
        }
    }

    [Fact]
    public void WhatBeginsAtZeroStaysThereAndIsAtRestAtOnce()
    {
        Schedule[] all = [new StepSchedule(0, 1e300, 1), new InverseSquareRootSchedule(0, 4), new ExponentialRateSchedule(0, 2)];
        Assert.All(all, schedule => Assert.Equal(((long?)0, 0.0, 0.0), (schedule.Length, schedule.At(0), schedule.At(5000))));
    }

    [Fact]
    public void SchedulesWithMilestonesAreEqualByAllThatTheyAre()
    {
        static MultiStepSchedule Make(double from, double factor, params long[] milestones) => new(from, factor, [.. milestones]);
        MultiStepSchedule one = Make(1, 0.5, 3, 6);
        Assert.Equal(one, Make(1, 0.5, 3, 6));
        Assert.Equal(one.GetHashCode(), Make(1, 0.5, 3, 6).GetHashCode());
        Assert.All([Make(2, 0.5, 3, 6), Make(1, 0.25, 3, 6), Make(1, 0.5, 4, 6), Make(1, 0.5, 3, 6, 9)], other => Assert.NotEqual(one, other));
    }
}
