using System.Collections.Immutable;
using Glissade.Schedules;

namespace Glissade.Experiments.Reading;

/// <content>Curves that go up and down.</content>
public static partial class ScheduleCatalog
{
    private static ScheduleParameter Peak => new("peak", ScheduleParameterKind.Value, "value at the tip");
    private static ScheduleParameter Up => new("up", ScheduleParameterKind.Steps, "steps from a foot to a tip");
    private static ScheduleParameter Down => new("down", ScheduleParameterKind.Steps, "steps from a tip to a foot; as many as up where left out") { IsOptional = true };
    private static ScheduleParameter Turn => new("share", ScheduleParameterKind.Share, "share of the steps to the turn", Default: 0.3);
    private static ScheduleParameter Joined => new("annealing", ScheduleParameterKind.Word, "how it goes up and down") { Words = ["cosine", "linear"] };
    private static ScheduleParameter ThreePhases => new("three-phases", ScheduleParameterKind.Boolean, "whether it goes down to the start before the end", Default: 0);

    private static ImmutableArray<ScheduleEntry> Cycles() =>
    [
        new("cosine-restarts", "η(t) = to + ½γⁱ(from − to)(1 + cos(π s/Tᵢ)) at step s of period i, Tᵢ = T₀mⁱ", "Loshchilov and Hutter (2017), SGDR", "period",
            [
                From,
                ToZero,
                new("period", ScheduleParameterKind.Steps, "T₀, the steps of the first period"),
                new("multiplier", ScheduleParameterKind.Count, "m, how many times longer each period is than the last", Default: 1),
                new("decay", ScheduleParameterKind.Share, "γ, what each restart multiplies the height by", Default: 1),
            ])
        {
            Make = v => Schedule.CosineRestarts(v.Number("from"), v.Number("to"), v.Steps("period"), v.Count("multiplier"), v.Number("decay")),
        },
        new("triangular", "η(t) = from + (peak − from)·Λ(t)", "Smith (2017), Cyclical Learning Rates", "up", [From, Peak, Up, Down])
        {
            Make = v => Schedule.Triangular(v.Number("from"), v.Number("peak"), v.Steps("up"), v.StepsOrNull("down")),
        },
        new("triangular2", "η(t) = from + (peak − from)·Λ(t)/2ⁱ in triangle i", "Smith (2017), Cyclical Learning Rates", "up", [From, Peak, Up, Down])
        {
            Make = v => Schedule.Triangular2(v.Number("from"), v.Number("peak"), v.Steps("up"), v.StepsOrNull("down")),
        },
        new("exponential-range", "η(t) = from + (peak − from)·Λ(t)·factorᵗ", "Smith (2017), Cyclical Learning Rates", "up",
            [From, Peak, Up, Down, new("factor", ScheduleParameterKind.Share, "what each step multiplies the height by")])
        {
            Make = v => Schedule.ExponentialRange(v.Number("from"), v.Number("peak"), v.Steps("up"), v.Number("factor"), v.StepsOrNull("down")),
        },
        new("one-cycle", "η: peak/start-divisor → peak at share·n − 1 → peak/start-divisor/end-divisor at n − 1", "Smith and Topin (2018), Super-Convergence", "peak",
            [
                Peak,
                Steps,
                new("start-divisor", ScheduleParameterKind.Power, "what the peak is divided by for the start", Default: 25),
                new("end-divisor", ScheduleParameterKind.Power, "what the start is divided by for the end", Default: 10000),
                Turn,
                Joined,
                ThreePhases,
            ])
        {
            Make = v => Schedule.OneCycle(
                v.Number("peak"), v.Steps("steps"), v.Number("start-divisor"), v.Number("end-divisor"), v.Number("share"), AnnealingOf(v.Word("annealing")), v.Boolean("three-phases")),
        },
        new("one-cycle-momentum", "μ: high → low at share·n − 1 → high: the other way of one-cycle", "Smith (2018), A Disciplined Approach, Part 1", "steps",
            [
                new("low", ScheduleParameterKind.Value, "momentum at the peak of the rate", Default: 0.85),
                new("high", ScheduleParameterKind.Value, "momentum at the start and the end", Default: 0.95),
                Steps,
                Turn,
                Joined,
                ThreePhases,
            ])
        {
            Make = v => new OneCycleMomentumSchedule(
                v.Steps("steps"), v.Number("low"), v.Number("high"), v.Number("share"), AnnealingOf(v.Word("annealing")), v.Boolean("three-phases")),
        },
    ];

    private static Annealing AnnealingOf(string word) => word == "cosine" ? Annealing.Cosine : Annealing.Linear;
}
