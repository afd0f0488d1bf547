using FsCheck;
using FsCheck.Fluent;
using Glissade.Schedules;

namespace Glissade.Tests.Schedules;

/// <summary>Laws that hold for all schedules, on schedules drawn at random.</summary>
public sealed class SchedulePropertyTests
{
    private static readonly Gen<double> Value = Gen.Choose(-2000, 2000).Select(n => n / 1000.0);
    private static readonly Gen<long> Steps = Gen.Choose(1, 60).Select(n => (long)n);

    /// <summary>A shape with two ends, and the ends.</summary>
    private static readonly Gen<(Schedule Schedule, double From, double To)> Ended =
        from kind in Gen.Choose(0, 4)
        from a in Value
        from b in Value
        from steps in Steps
        from power in Gen.Choose(1, 40)
        select (
            kind switch
            {
                0 => Schedule.Linear(a, b, steps),
                1 => Schedule.Cosine(a, b, steps),
                2 => Schedule.Polynomial(a, b, steps, power / 10.0),
                3 => Schedule.SquareRoot(a, b, steps),
                _ => Schedule.Warmup(b, steps, a),
            },
            a,
            b);

    private static readonly Gen<Schedule> Finite = Gen.OneOf(
        Ended.Select(e => e.Schedule),
        from a in Value from steps in Steps select Schedule.Constant(a).For(steps),
        from a in Value from steps in Steps from factor in Gen.Choose(0, 15) select Schedule.Exponential(a, factor / 10.0).For(steps),
        from a in Value from m in Steps from factor in Gen.Choose(0, 15) select Schedule.MultiStep(a, factor / 10.0, m, m + 3));

    /// <summary>What goes up and down for ever, and what is made of two.</summary>
    private static readonly Gen<Schedule> Turning =
        from kind in Gen.Choose(0, 6)
        from a in Value
        from b in Value
        from n in Gen.Choose(1, 20)
        from m in Gen.Choose(1, 9)
        from share in Gen.Choose(0, 10)
        from inner in Finite
        let factor = share / 10.0
        select kind switch
        {
            0 => Schedule.CosineRestarts(a, b, n, m, factor),
            1 => new TriangularSchedule(a, b, n, m, factor),
            2 => Schedule.OneCycle(a, n + 4, m, m + share, 0.25 + (0.025 * share), (Annealing)(n % 2), threePhases: m % 2 == 0),
            3 => Schedule.OneCycle(a, n + 4, m, m + share, 0.25 + (0.025 * share), (Annealing)(n % 2), threePhases: m % 2 == 0).Momentum(a, b),
            4 => Schedule.Piecewise((Interpolation)(n % 3), (m, a), (m + n, b), (m + n + 3, a - 1)),
            5 => Schedule.Noam(m, n, a),
            _ => inner.Repeat(m),
        };

    private static readonly Gen<Schedule> Decaying =
        from kind in Gen.Choose(0, 4)
        from start in Gen.Choose(0, 2000)
        from share in Gen.Choose(0, 1000)
        from steps in Steps
        let a = start / 1000.0
        let factor = share / 1000.0
        select kind switch
        {
            0 => Schedule.Step(a, factor, steps),
            1 => Schedule.Exponential(a, factor),
            2 => Schedule.ExponentialRate(a, factor),
            3 => Schedule.InverseSquareRoot(a, steps),
            _ => Schedule.TimeBased(a, factor),
        };

    [Fact]
    public void A_shape_with_two_ends_stays_between_them_and_moves_one_way()
        => Prop.ForAll(Ended.ToArbitrary(), drawn =>
        {
            (Schedule schedule, double from, double to) = drawn;
            double previous = from;
            for (long t = 0; t <= schedule.Length + 5; t++)
            {
                double value = schedule.At(t);
                if (value < Math.Min(from, to) || value > Math.Max(from, to) || (value - previous) * (to - from) < -1e-14)
                {
                    return false;
                }

                previous = value;
            }

            return previous == to;
        }).Check(FixedRuns.Of(100));

    [Fact]
    public void Decays_fall_and_stay_above_zero()
        => Prop.ForAll(Decaying.ToArbitrary(), schedule =>
            Enumerable.Range(0, 200).All(t => schedule.At(t) >= 0 && schedule.At(t + 1) <= schedule.At(t))).Check(FixedRuns.Of(100));

    [Fact]
    public void The_value_rests_after_the_length()
        => Prop.ForAll(Gen.OneOf(Finite, Decaying, Turning).ToArbitrary(), schedule =>
            schedule.Length is not { } length || Enumerable.Range(0, 20).All(t => schedule.At(length + t) == schedule.At(length))).Check(FixedRuns.Of(100));

    [Fact]
    public void Then_is_the_first_and_then_the_second()
        => Prop.ForAll(Finite.ToArbitrary(), Finite.ToArbitrary(), (a, b) =>
        {
            Schedule both = a.Then(b);
            long length = a.Length!.Value;
            return both.Length == length + b.Length
                && Enumerable.Range(0, 200).All(t => both.At(t) == (t < length ? a.At(t) : b.At(t - length)));
        }).Check(FixedRuns.Of(100));

    [Fact]
    public void Then_is_continuous_where_ends_meet()
        => Prop.ForAll(Finite.ToArbitrary(), Value.ToArbitrary(), Steps.ToArbitrary(), (a, to, steps) =>
        {
            double end = a.At(a.Length!.Value);
            return a.Then(Schedule.Linear(end, to, steps)).At(a.Length!.Value) == end;
        }).Check(FixedRuns.Of(100));

    [Fact]
    public void Then_is_associative()
        => Prop.ForAll(Finite.ToArbitrary(), Finite.ToArbitrary(), Finite.ToArbitrary(), (a, b, c) =>
        {
            Schedule left = a.Then(b).Then(c), right = a.Then(b.Then(c));
            return left == right && left.ToString() == right.ToString() && Enumerable.Range(0, 300).All(t => left.At(t) == right.At(t));
        }).Check(FixedRuns.Of(100));

    [Fact]
    public void Scale_multiplies_and_passes_into_a_row()
        => Prop.ForAll(Finite.ToArbitrary(), Finite.ToArbitrary(), Value.ToArbitrary(), (a, b, factor) =>
        {
            Schedule outside = a.Then(b).Scale(factor), inside = a.Scale(factor).Then(b.Scale(factor));
            return outside.Length == inside.Length
                && Enumerable.Range(0, 200).All(t => outside.At(t) == inside.At(t) && a.Scale(1).At(t) == a.At(t) && a.Scale(factor).At(t) == factor * a.At(t));
        }).Check(FixedRuns.Of(100));

    [Fact]
    public void Clamp_bounds_and_is_idempotent()
        => Prop.ForAll(Finite.ToArbitrary(), Value.ToArbitrary(), Value.ToArbitrary(), (a, x, y) =>
        {
            double low = Math.Min(x, y), high = Math.Max(x, y);
            Schedule once = a.Clamp(low, high), twice = once.Clamp(low, high);
            return Enumerable.Range(0, 100).All(t =>
                once.At(t) >= low && once.At(t) <= high && once.At(t) == twice.At(t) && (a.At(t) < low || a.At(t) > high || once.At(t) == a.At(t)));
        }).Check(FixedRuns.Of(100));

    [Fact]
    public void Repeat_is_a_row_of_the_same()
        => Prop.ForAll(Finite.ToArbitrary(), Gen.Choose(2, 4).ToArbitrary(), (a, times) =>
        {
            Schedule repeated = a.Repeat(times), row = Enumerable.Repeat(a, times).Aggregate((x, y) => x.Then(y));
            long length = a.Length!.Value;
            return repeated.Length == row.Length
                && Enumerable.Range(0, 300).All(t => repeated.At(t) == row.At(t) && a.Repeat().At(t) == a.At(t % length) && a.Repeat(1).At(t) == a.At(t));
        }).Check(FixedRuns.Of(100));

    [Fact]
    public void Products_commute_and_a_constant_factor_is_a_scale()
        => Prop.ForAll(Gen.OneOf(Finite, Turning).ToArbitrary(), Gen.OneOf(Finite, Decaying).ToArbitrary(), Value.ToArbitrary(), (a, b, factor) =>
            a.Times(b).Length == b.Times(a).Length
            && Enumerable.Range(0, 150).All(t =>
                a.Times(b).At(t) == b.Times(a).At(t) && a.Times(b).At(t) == a.At(t) * b.At(t) && a.Times(factor).At(t) == a.Scale(factor).At(t))).Check(FixedRuns.Of(100));

    [Fact]
    public void Bounds_hold_all_values()
        => Prop.ForAll(Gen.OneOf(Finite, Decaying, Turning).ToArbitrary(), Finite.ToArbitrary(), Gen.Choose(0, 150).ToArbitrary(), (a, b, last) =>
        {
            Schedule[] all = [a, a.Scale(-2), a.Clamp(-0.5, 0.5), a.For(9), b.Then(a), b.Repeat(), a.Times(b)];
            return all.All(schedule =>
            {
                (double low, double high) = schedule.Bounds(last);
                return Enumerable.Range(0, last + 1).All(t => schedule.At(t) >= low && schedule.At(t) <= high);
            });
        }).Check(FixedRuns.Of(100));

    [Fact]
    public void Bounds_are_values_but_for_products()
        => Prop.ForAll(Gen.OneOf(Finite, Decaying, Turning).ToArbitrary(), Finite.ToArbitrary(), Gen.Choose(0, 150).ToArbitrary(), (a, b, last) =>
            new[] { a, b.Then(a), a.Scale(-1) }.All(schedule =>
            {
                (double low, double high) = schedule.Bounds(last);
                double[] values = [.. Enumerable.Range(0, last + 1).Select(t => schedule.At(t))];
                return values.Min() == low && values.Max() == high;
            })).Check(FixedRuns.Of(100));
}
