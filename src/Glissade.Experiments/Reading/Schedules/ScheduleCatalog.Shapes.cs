using System.Collections.Immutable;
using Glissade.Schedules;

namespace Glissade.Experiments.Reading;

/// <content>Curves that move one way, and points.</content>
public static partial class ScheduleCatalog
{
    private static ImmutableArray<ScheduleEntry> Shapes() =>
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
        new("geometric", "η(t) = from·(to/from)^(t/T), then to", "the geometric mean of the ends; Optax's exponential_decay", "steps", [From, To, Steps])
        {
            Make = v => Schedule.Geometric(v.Number("from"), v.Number("to"), v.Steps("steps")),
        },
        new("square-root", "η(t) = to + (from − to)(1 − √(t/T)), then to", "Hägele et al. (2024), Scaling Laws and Compute-Optimal Training", "steps", [From, ToZero, Steps])
        {
            Make = v => Schedule.SquareRoot(v.Number("from"), v.Number("to"), v.Steps("steps")),
        },
        new("inverse-square-root", "η(t) = from·√(n/(n + t))", "Raffel et al. (2020), Exploring the Limits of Transfer Learning", "time",
            [From, new("time", ScheduleParameterKind.Steps, "n, the steps of the warm-up before it")])
        {
            Make = v => Schedule.InverseSquareRoot(v.Number("from"), v.Steps("time")),
        },
        new("points", "η(sᵢ) = vᵢ, between them by lines, steps, cosines or equal factors", "Optax's piecewise_interpolate_schedule", "at",
            [
                new("at", ScheduleParameterKind.Points, "pairs of a step, rising from 0 or later, and a value"),
                new("joined", ScheduleParameterKind.Word, "how the value goes from one to the next") { Words = ["linear", "constant", "cosine", "geometric"] },
            ])
        {
            Make = v => new PiecewiseSchedule(v.Points("at"), v.Word("joined") switch
            {
                "linear" => Interpolation.Linear,
                "constant" => Interpolation.Constant,
                "cosine" => Interpolation.Cosine,
                _ => Interpolation.Geometric,
            }),
        },
    ];
}
