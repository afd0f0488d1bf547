using System.Collections.Immutable;
using Glissade.Schedules;

namespace Glissade.Experiments.Reading;

/// <content>Warm-ups, and what is put together of parts.</content>
public static partial class ScheduleCatalog
{
    private static ScheduleParameter WarmupSteps => new("warmup-steps", ScheduleParameterKind.Steps, "steps of the warm-up");

    private static ImmutableArray<ScheduleEntry> Recipes() =>
    [
        new("warmup", "η(t) = from + (to − from)(t + 1)/n, then to", "Goyal et al. (2017), Accurate, Large Minibatch SGD", "steps",
            [
                new("steps", ScheduleParameterKind.Steps, "n, the steps of the ramp"),
                To,
                new("from", ScheduleParameterKind.Value, "where the ramp stands before its first step", Default: 0, FollowsOn: true),
            ])
        {
            IsWarmup = true,
            Make = v => Schedule.Warmup(v.Number("to"), v.Steps("steps"), v.Number("from")),
        },
        new("warmup-constant", "η(t) = value, for n steps", "Goyal et al. (2017), Accurate, Large Minibatch SGD", "steps",
            [
                new("steps", ScheduleParameterKind.Steps, "n, how long"),
                new("value", ScheduleParameterKind.Value, "the value", FollowsOn: true),
            ])
        {
            IsWarmup = true,
            Make = v => Schedule.WarmupConstant(v.Number("value"), v.Steps("steps")),
        },
        new("warmup-exponential", "η(t) = from·(to/from)^((t + 1)/n), then to", "as warmup, with equal factors for equal differences", "steps",
            [
                new("steps", ScheduleParameterKind.Steps, "n, the steps of the ramp"),
                To,
                new("from", ScheduleParameterKind.Value, "where the ramp stands before its first step; not 0", FollowsOn: true),
            ])
        {
            IsWarmup = true,
            Make = v => Schedule.WarmupExponential(v.Number("to"), v.Steps("steps"), v.Number("from")),
        },
        new("warmup-stable-decay", "η: 0 → peak, peak, peak → to", "Hu et al. (2024), MiniCPM; Hägele et al. (2024)", "peak",
            [
                Peak,
                WarmupSteps,
                new("decay-steps", ScheduleParameterKind.Steps, "steps of the decay at the end"),
                ToZero,
                new("decay", ScheduleParameterKind.Word, "the curve of the decay") { Words = ["linear", "cosine", "square-root"] },
                Steps with { Meaning = "steps of the whole" },
            ])
        {
            Make = MakeWarmupStableDecay,
        },
        new("noam", "η(t) = factor·width^(−½)·min(k^(−½), k·w^(−3/2)), k = t + 1", "Vaswani et al. (2017), Attention Is All You Need", "warmup-steps",
            [
                new("width", ScheduleParameterKind.Count, "width of the model"),
                WarmupSteps with { Meaning = "w, the steps of the warm-up" },
                Factor with { Meaning = "by what all is multiplied", Default = 1 },
            ])
        {
            Make = v => Schedule.Noam(v.Count("width"), v.Steps("warmup-steps"), v.Number("factor")),
        },
        new("group", "η(t) = a(t): a schedule with its 'then', so that what stands beside applies to all of it", "", "schedule",
            [new("schedule", ScheduleParameterKind.Schedule, "the schedule")])
        {
            Make = v => v.Schedule("schedule"),
        },
    ];

    private static Schedule MakeWarmupStableDecay(ScheduleValues values)
    {
        long steps = values.Steps("steps"), warmup = values.Steps("warmup-steps"), decay = values.Steps("decay-steps");
        if (warmup > steps - decay)
        {
            throw new ArgumentException(FormattableString.Invariant($"A warm-up of {warmup:N0} steps and a decay of {decay:N0} are longer than the whole, {steps:N0}."));
        }

        FinalDecay curve = values.Word("decay") switch
        {
            "linear" => FinalDecay.Linear,
            "cosine" => FinalDecay.Cosine,
            _ => FinalDecay.SquareRoot,
        };
        return Schedule.WarmupStableDecay(values.Number("peak"), warmup, steps - decay - warmup, decay, values.Number("to"), curve);
    }
}
