using System.Collections.Immutable;
using Glissade.Schedules;

namespace Glissade.Experiments.Reading;

/// <summary>The schedules that a file can name. The reader and the list shown to people both come from here.</summary>
public static class ScheduleCatalog
{
    private static readonly ScheduleParameter From = new("from", ScheduleParameterKind.Value, "value at the first step", FollowsOn: true);
    private static readonly ScheduleParameter To = new("to", ScheduleParameterKind.Value, "value at the end and after");
    private static readonly ScheduleParameter ToZero = To with { Default = 0 };
    private static readonly ScheduleParameter Steps = new("steps", ScheduleParameterKind.Steps, "steps from one end to the other", FollowsOn: true);
    private static readonly ScheduleParameter Factor = new("factor", ScheduleParameterKind.Factor, "what the value is multiplied by");
    private static readonly ScheduleParameter Rate = new("rate", ScheduleParameterKind.Rate, "decay per step");

    /// <summary>All of them.</summary>
    public static ImmutableArray<ScheduleEntry> All { get; } =
    [
        new("constant", "η(t) = c", "", "value", [new("value", ScheduleParameterKind.Value, "the value", FollowsOn: true)])
        {
            Make = v => Schedule.Constant(v.Number("value")),
        },
        new("linear", "η(t) = (1 − t/τ)·from + (t/τ)·to, then to", "Goodfellow, Bengio and Courville (2016), Deep Learning", "steps", [From, To, Steps])
        {
            Make = v => Schedule.Linear(v.Number("from"), v.Number("to"), v.Steps("steps")),
        },
        new("step", "η(t) = from·factor^⌊t/every⌋", "He et al. (2016), Deep Residual Learning for Image Recognition", "every",
            [From, Factor, new("every", ScheduleParameterKind.Steps, "steps between two multiplications")])
        {
            Make = v => Schedule.Step(v.Number("from"), v.Number("factor"), v.Steps("every")),
        },
        new("multi-step", "η(t) = from·factor^(milestones up to t)", "He et al. (2016), Deep Residual Learning for Image Recognition", "milestones",
            [From, Factor, new("milestones", ScheduleParameterKind.Milestones, "steps at which one more factor applies, rising")])
        {
            Make = v => Schedule.MultiStep(v.Number("from"), v.Number("factor"), v.Milestones("milestones")),
        },
        new("exponential", "η(t) = from·factorᵗ", "PyTorch's ExponentialLR", "factor", [From, Factor])
        {
            Make = v => Schedule.Exponential(v.Number("from"), v.Number("factor")),
        },
        new("exponential-rate", "η(t) = from·e^(−rate·t)", "the solution of dη/dt = −rate·η", "rate", [From, Rate])
        {
            Make = v => Schedule.ExponentialRate(v.Number("from"), v.Number("rate")),
        },
        new("half-life", "η(t) = exp(ln from·ln to/((1 − p)·ln to + p·ln from)), p = (t + 1)/n, then to: decays in (0, 1)", "Pagliardini, Ablin and Grangier (2024), The AdEMAMix Optimizer", "steps", [From, To, Steps])
        {
            Make = v => new HalfLifeSchedule(v.Number("from"), v.Number("to"), v.Steps("steps")),
        },
        new("time-based", "η(t) = from/(1 + rate·t)", "Robbins and Monro (1951), A Stochastic Approximation Method", "rate", [From, Rate])
        {
            Make = v => Schedule.TimeBased(v.Number("from"), v.Number("rate")),
        },
        new("polynomial", "η(t) = (from − to)(1 − t/T)^power + to, then to", "Chen et al. (2018), DeepLab", "steps",
            [From, ToZero, Steps, new("power", ScheduleParameterKind.Power, "1 is a straight line, above 1 falls fast at first")])
        {
            Make = v => Schedule.Polynomial(v.Number("from"), v.Number("to"), v.Steps("steps"), v.Number("power")),
        },
        new("cosine", "η(t) = to + ½(from − to)(1 + cos(π t/T)), then to", "Loshchilov and Hutter (2017), SGDR", "steps", [From, ToZero, Steps])
        {
            Make = v => Schedule.Cosine(v.Number("from"), v.Number("to"), v.Steps("steps")),
        },
        new("warmup", "η(t) = from + (to − from)(t + 1)/n, then to", "Goyal et al. (2017), Accurate, Large Minibatch SGD", "steps",
            [
                new("steps", ScheduleParameterKind.Steps, "n, the steps of the ramp"),
                To,
                new("from", ScheduleParameterKind.Value, "where the ramp stands before its first step", Default: 0, FollowsOn: true),
            ])
        {
            Make = v => Schedule.Warmup(v.Number("to"), v.Steps("steps"), v.Number("from")),
        },
    ];

    /// <summary>The keywords.</summary>
    public static ImmutableArray<string> Keys { get; } = [.. All.Select(entry => entry.Key)];

    /// <summary>The schedule of a keyword, or null.</summary>
    /// <param name="key">The keyword.</param>
    public static ScheduleEntry? Find(string key) => All.FirstOrDefault(entry => entry.Key == key);
}
