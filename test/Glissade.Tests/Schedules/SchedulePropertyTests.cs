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
        from kind in Gen.Choose(0, 3)
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
                _ => Schedule.Warmup(b, steps, a),
            },
            a,
            b);

    private static readonly Gen<Schedule> Finite = Gen.OneOf(
        Ended.Select(e => e.Schedule),
        from a in Value from steps in Steps select Schedule.Constant(a).For(steps),
        from a in Value from steps in Steps from factor in Gen.Choose(0, 15) select Schedule.Exponential(a, factor / 10.0).For(steps),
        from a in Value from m in Steps from factor in Gen.Choose(0, 15) select Schedule.MultiStep(a, factor / 10.0, m, m + 3));

    private static readonly Gen<Schedule> Decaying =
        from kind in Gen.Choose(0, 3)
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
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Decays_fall_and_stay_above_zero()
        => Prop.ForAll(Decaying.ToArbitrary(), schedule =>
            Enumerable.Range(0, 200).All(t => schedule.At(t) >= 0 && schedule.At(t + 1) <= schedule.At(t))).QuickCheckThrowOnFailure();

    [Fact]
    public void The_value_rests_after_the_length()
        => Prop.ForAll(Gen.OneOf(Finite, Decaying).ToArbitrary(), schedule =>
            schedule.Length is not { } length || Enumerable.Range(0, 20).All(t => schedule.At(length + t) == schedule.At(length))).QuickCheckThrowOnFailure();

    [Fact]
    public void Then_is_the_first_and_then_the_second()
        => Prop.ForAll(Finite.ToArbitrary(), Finite.ToArbitrary(), (a, b) =>
        {
            Schedule both = a.Then(b);
            long length = a.Length!.Value;
            return both.Length == length + b.Length
                && Enumerable.Range(0, 200).All(t => both.At(t) == (t < length ? a.At(t) : b.At(t - length)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Then_is_continuous_where_ends_meet()
        => Prop.ForAll(Finite.ToArbitrary(), Value.ToArbitrary(), Steps.ToArbitrary(), (a, to, steps) =>
        {
            double end = a.At(a.Length!.Value);
            return a.Then(Schedule.Linear(end, to, steps)).At(a.Length!.Value) == end;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Then_is_associative()
        => Prop.ForAll(Finite.ToArbitrary(), Finite.ToArbitrary(), Finite.ToArbitrary(), (a, b, c) =>
        {
            Schedule left = a.Then(b).Then(c), right = a.Then(b.Then(c));
            return left == right && left.ToString() == right.ToString() && Enumerable.Range(0, 300).All(t => left.At(t) == right.At(t));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Scale_multiplies_and_passes_into_a_row()
        => Prop.ForAll(Finite.ToArbitrary(), Finite.ToArbitrary(), Value.ToArbitrary(), (a, b, factor) =>
        {
            Schedule outside = a.Then(b).Scale(factor), inside = a.Scale(factor).Then(b.Scale(factor));
            return outside.Length == inside.Length
                && Enumerable.Range(0, 200).All(t => outside.At(t) == inside.At(t) && a.Scale(1).At(t) == a.At(t) && a.Scale(factor).At(t) == factor * a.At(t));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Clamp_bounds_and_is_idempotent()
        => Prop.ForAll(Finite.ToArbitrary(), Value.ToArbitrary(), Value.ToArbitrary(), (a, x, y) =>
        {
            double low = Math.Min(x, y), high = Math.Max(x, y);
            Schedule once = a.Clamp(low, high), twice = once.Clamp(low, high);
            return Enumerable.Range(0, 100).All(t =>
                once.At(t) >= low && once.At(t) <= high && once.At(t) == twice.At(t) && (a.At(t) < low || a.At(t) > high || once.At(t) == a.At(t)));
        }).QuickCheckThrowOnFailure();
}
