using Glissade.Schedules;

namespace Glissade.Tests.Schedules;

/// <summary>Each schedule at every step against a plain one: a loop that walks there step by step, or the formula of the paper.</summary>
public sealed class ScheduleReferenceTests
{
    private const int Walked = 600;

    [Theory]
    [InlineData(1, 1, 1.0)]
    [InlineData(7, 1, 0.8)]
    [InlineData(10, 2, 1.0)]
    [InlineData(3, 3, 0.5)]
    [InlineData(1, 5, 0.0)]
    public void Restarts_begin_again_when_a_period_is_over(long period, long multiplier, double decay)
    {
        Schedule schedule = Schedule.CosineRestarts(0.9, 0.1, period, multiplier, decay);
        (long within, long length, double height) = (0, period, 0.8);
        for (long t = 0; t < Walked; t++)
        {
            Assert.Equal(0.1 + (0.5 * height * (1 + Math.Cos(Math.PI * within / length))), schedule.At(t), 1e-14);
            if (++within == length)
            {
                (within, length, height) = (0, length * multiplier, height * decay);
            }
        }
    }

    [Theory]
    [InlineData(8, 1.0, 1.0)]
    [InlineData(5, 0.5, 1.0)]
    [InlineData(1, 1.0, 0.99)]
    public void Triangles_of_equal_sides_are_those_of_the_paper(long side, double cycleFactor, double stepFactor)
    {
        var schedule = new TriangularSchedule(0.001, 0.006, side, side, cycleFactor, stepFactor);
        for (long t = 0; t < Walked; t++)
        {
            double cycle = Math.Floor(1 + (t / (2.0 * side))), x = Math.Abs(((double)t / side) - (2 * cycle) + 1);
            double scale = Math.Pow(cycleFactor, cycle - 1) * Math.Pow(stepFactor, t);
            Assert.Equal(0.001 + (0.005 * Math.Max(0, 1 - x) * scale), schedule.At(t), 1e-15);
        }
    }

    [Fact]
    public void Triangles_of_unequal_sides_are_walked()
    {
        Schedule schedule = Schedule.Triangular(2, 5, 3, 6);
        Assert.Equal([2, 3, 4, 5, 4.5, 4, 3.5, 3, 2.5, 2, 3], Enumerable.Range(0, 11).Select(t => schedule.At(t)));
        Schedule halving = Schedule.Triangular2(0, 8, 1, 1);
        Assert.Equal([0, 8, 0, 4, 0, 2, 0, 1], Enumerable.Range(0, 8).Select(t => halving.At(t)));
    }

    [Fact]
    public void One_cycle_rests_on_its_end_and_its_momentum_runs_the_other_way()
    {
        OneCycleSchedule rate = Schedule.OneCycle(1, 100, startDivisor: 10, endDivisor: 100, share: 0.25, annealing: Annealing.Linear);
        Schedule momentum = rate.Momentum(0.8, 0.9);
        Assert.Equal((0.1, 1.0, 0.001), (rate.At(0), rate.At(24), rate.At(99)));
        Assert.Equal((0.9, 0.8, 0.9), (momentum.At(0), momentum.At(24), momentum.At(99)));
        Assert.Equal(0.001, rate.At(long.MaxValue));
        Assert.Equal(100, rate.Length);
        for (long t = 1; t < 100; t++)
        {
            Assert.Equal(Math.Sign(rate.At(t) - rate.At(t - 1)), -Math.Sign(momentum.At(t) - momentum.At(t - 1)));
        }

        OneCycleSchedule three = Schedule.OneCycle(1, 100, startDivisor: 10, endDivisor: 100, share: 0.25, annealing: Annealing.Linear, threePhases: true);
        Assert.Equal((0.1, 1.0, 0.1, 0.001), (three.At(0), three.At(24), three.At(48), three.At(99)));
        Assert.All(Enumerable.Range(48, 60), t => Assert.Equal(0.95, three.Momentum().At(t)));
    }

    [Fact]
    public void The_shortest_cycles_are_cycles()
    {
        Assert.Equal([1, 4e-6, 4e-6], Enumerable.Range(0, 3).Select(t => Schedule.OneCycle(1, 2, share: 0.5).At(t)));
        Assert.Equal([1, 4e-6], Enumerable.Range(0, 2).Select(t => Schedule.OneCycle(1, 2, share: 0.5, threePhases: true).At(t)));
    }

    [Fact]
    public void Exponential_warm_up_multiplies_by_one_factor()
    {
        Schedule schedule = Schedule.WarmupExponential(to: 1, steps: 20, from: 1e-4);
        double factor = Math.Pow(1e4, 1 / 20.0), value = 1e-4;
        for (long t = 0; t < 20; t++)
        {
            value *= factor;
            Assert.Equal(value, schedule.At(t), 1e-13);
        }

        Assert.Equal((1.0, 1.0), (schedule.At(19), schedule.At(500)));
        Schedule geometric = Schedule.Geometric(-8, -1, 3);
        Assert.Equal([-8, -4, -2, -1, -1], Enumerable.Range(0, 5).Select(t => Math.Round(geometric.At(t), 12)));
    }

    [Fact]
    public void Constant_warm_up_is_a_constant_for_a_while()
        => Assert.Equal([0.1, 0.1, 0.1, 7, 7], Enumerable.Range(0, 5).Select(t => Schedule.WarmupConstant(0.1, 3).Then(7).At(t)));

    [Theory]
    [InlineData(FinalDecay.Linear)]
    [InlineData(FinalDecay.Cosine)]
    [InlineData(FinalDecay.SquareRoot)]
    public void Warm_up_stable_decay_has_three_parts(FinalDecay decay)
    {
        Schedule schedule = Schedule.WarmupStableDecay(peak: 2, warmupSteps: 10, stableSteps: 50, decaySteps: 25, to: 0.5, decay);
        for (long t = 0; t < 120; t++)
        {
            double r = Math.Min(1, (t - 60) / 25.0);
            double expected = t < 10 ? 2 * (t + 1) / 10.0 : t < 60 ? 2 : 0.5 + (1.5 * decay switch
            {
                FinalDecay.Linear => 1 - r,
                FinalDecay.Cosine => (1 + Math.Cos(Math.PI * r)) / 2,
                _ => 1 - Math.Sqrt(r),
            });
            Assert.Equal(expected, schedule.At(t), 1e-14);
        }

        Assert.Equal(85, schedule.Length);
        Assert.Equal(Schedule.Linear(1, 0, 5), Schedule.WarmupStableDecay(1, 0, 0, 5));
    }

    [Fact]
    public void Noam_is_the_formula_of_the_paper_and_a_warm_up_before_an_inverse_square_root()
    {
        Schedule noam = Schedule.Noam(512, 400, 3);
        double peak = 3 / Math.Sqrt(512.0 * 400);

        // Step k of the paper is t + 1, so that what is behind the warm-up begins one step into its decay.
        Schedule parts = Schedule.Warmup(peak, 400).Then(Schedule.InverseSquareRoot(peak, 400));
        for (long t = 0; t < 3000; t++)
        {
            double k = t + 1;
            Assert.Equal(3 * Math.Pow(512, -0.5) * Math.Min(Math.Pow(k, -0.5), k * Math.Pow(400, -1.5)), noam.At(t), 1e-16);
            Assert.Equal(noam.At(t), parts.At(t < 400 ? t : t + 1), 1e-16);
        }

        Assert.Equal(0.5, Schedule.InverseSquareRoot(1, 7).At(21), 1e-16);
    }

    [Theory]
    [InlineData(Interpolation.Constant)]
    [InlineData(Interpolation.Linear)]
    [InlineData(Interpolation.Cosine)]
    [InlineData(Interpolation.Geometric)]
    public void Points_are_joined(Interpolation interpolation)
    {
        (long Step, double Value)[] points = [(3, 2), (4, 8), (10, 1), (30, 4)];
        Schedule schedule = Schedule.Piecewise(interpolation, points);
        for (long t = 0; t < 50; t++)
        {
            double expected = t < 3 ? 2 : 4;
            for (int i = 0; i + 1 < points.Length; i++)
            {
                ((long s, double v), (long end, double w)) = (points[i], points[i + 1]);
                if (t >= s && t < end)
                {
                    double r = (t - s) / (double)(end - s);
                    expected = interpolation switch
                    {
                        Interpolation.Constant => v,
                        Interpolation.Linear => v + (r * (w - v)),
                        Interpolation.Cosine => v + ((w - v) * (1 - Math.Cos(Math.PI * r)) / 2),
                        _ => Math.Exp(((1 - r) * Math.Log(v)) + (r * Math.Log(w))),
                    };
                }
            }

            Assert.Equal(expected, schedule.At(t), 1e-14);
        }

        Assert.Equal(schedule, Schedule.Piecewise(interpolation, points.ToArray()));
        Assert.Equal(schedule.GetHashCode(), Schedule.Piecewise(interpolation, points.ToArray()).GetHashCode());
        Assert.NotEqual(schedule, Schedule.Piecewise(interpolation, points[..3]));
        Assert.Equal(30, schedule.Length);
    }

    [Fact]
    public void Far_steps_are_neither_slow_nor_wrong()
    {
        const long Far = 1L << 40;

        // Period 2^i of the doubling restarts begins at 2^i − 1, so step 2^40 − 1 is a restart, and the one before the last of the longest period so far.
        Schedule doubling = Schedule.CosineRestarts(1, 0, 1, 2);
        Assert.Equal(1, doubling.At(Far - 1));
        Assert.InRange(doubling.At(Far - 2), 0, 1e-20);
        Assert.Equal(0.5, doubling.At(Far - 1 + (Far / 2)), 1e-15);
        Assert.InRange(doubling.At(long.MaxValue), 0, 1);
        Assert.InRange(Schedule.CosineRestarts(1, 0, long.MaxValue, long.MaxValue).At(long.MaxValue - 1), 0, 1e-30);
        Assert.Equal(1, Schedule.CosineRestarts(1, 0, long.MaxValue, long.MaxValue).At(long.MaxValue));

        Assert.Equal(Schedule.CosineRestarts(3, 1, 10).At(Far % 10), Schedule.CosineRestarts(3, 1, 10).At(Far));
        Assert.Equal(Schedule.Triangular(1, 2, 5, 6).At(Far % 11), Schedule.Triangular(1, 2, 5, 6).At(Far));
        Assert.Equal(1, Schedule.Triangular2(1, 2, 5).At(Far + 5), 1e-15);
        Assert.Equal(1, Schedule.ExponentialRange(1, 2, 5, 0.99).At(Far + 5), 1e-15);
        Assert.Equal(Schedule.Linear(1, 0, 7).At(Far % 7), Schedule.Linear(1, 0, 7).Repeat().At(Far));
        Assert.Equal(Math.Sqrt(1.0 / (1 + (double)Far)), Schedule.InverseSquareRoot(1, 1).At(Far), 1e-20);
        Assert.Equal(Math.Pow(2, -20), Schedule.Noam(1, 10).At(Far - 1), 1e-20);
        Schedule steep = Schedule.Exponential(1, 2).Times(Schedule.Linear(1, 0, 5));
        Assert.Equal(0, steep.At(Far));
    }
}
