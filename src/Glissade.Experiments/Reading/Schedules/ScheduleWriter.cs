using Glissade.Schedules;

namespace Glissade.Experiments.Reading;

/// <summary>Writes a schedule as it stands in a file, with nothing left to be filled in; reading it back gives an equal schedule.</summary>
internal static class ScheduleWriter
{
    /// <summary>The node of a schedule, or null for one that no file can hold.</summary>
    /// <param name="schedule">A schedule, such as <see cref="ScheduleReader"/> makes.</param>
    public static FileNode? Write(Schedule schedule)
    {
        if (schedule is ConstantSchedule constant)
        {
            return NodeWriter.Number(constant.Value);
        }

        var (part, next) = schedule is SequenceSchedule row ? (row.First, row.Next) : (schedule, null);

        // The reader puts the modifiers on in this order, so from outside they come off in the reverse.
        var (clamped, withoutClamp) = part is ClampedSchedule c ? (c, c.Inner) : (null, part);
        var (scaled, withoutScale) = withoutClamp is ScaledSchedule s ? (s, s.Inner) : (null, withoutClamp);
        var (product, withoutProduct) = withoutScale is ProductSchedule p ? (p, p.First) : (null, withoutScale);
        var (repeated, withoutRepeat) = withoutProduct is RepeatedSchedule r ? (r, r.Inner) : (null, withoutProduct);
        var (held, shape) = withoutRepeat is HeldSchedule h ? (h, h.Inner) : (null, withoutRepeat);
        FileNode? following = next is null ? null : Write(next), factor = product is null ? null : Write(product.Second);

        // What cannot stand behind a keyword, such as a row that is scaled, stands in a group.
        (string Key, FileNode? Parameters)? known = Shape(shape) ?? (shape == schedule ? null : ("group", Write(shape)));
        if (known is not { Parameters: not null } written || (next is not null && following is null) || (product is not null && factor is null))
        {
            return null;
        }

        return NodeWriter.Mapping(
            written,
            ("for", held is null ? null : NodeWriter.Integer(held.Steps)),
            ("repeat", repeated is null ? null : repeated.Count is { } count ? NodeWriter.Integer(count) : NodeWriter.Literal("forever")),
            ("times", factor),
            ("scale", scaled is null ? null : NodeWriter.Number(scaled.Factor)),
            ("clamp", clamped is null ? null : NodeWriter.Mapping(("low", Bound(clamped.Low)), ("high", Bound(clamped.High)))),
            ("then", following));
    }

    private static (string Key, FileNode? Parameters)? Shape(Schedule shape) => shape switch
    {
        ConstantSchedule s => ("constant", Numbers(("value", s.Value))),
        LinearSchedule s => ("linear", Numbers(("from", s.From), ("to", s.To), ("steps", s.Steps))),
        StepSchedule s => ("step", Numbers(("from", s.From), ("factor", s.Factor), ("every", s.Every))),
        MultiStepSchedule s => ("multi-step", NodeWriter.Mapping(
            ("from", NodeWriter.Number(s.From)), ("factor", NodeWriter.Number(s.Factor)), ("milestones", NodeWriter.List(s.Milestones.Select(NodeWriter.Integer))))),
        ExponentialSchedule s => ("exponential", Numbers(("from", s.From), ("factor", s.Factor))),
        ExponentialRateSchedule s => ("exponential-rate", Numbers(("from", s.From), ("rate", s.Rate))),
        HalfLifeSchedule s => ("half-life", Numbers(("from", s.From), ("to", s.To), ("steps", s.Steps))),
        TimeBasedSchedule s => ("time-based", Numbers(("from", s.From), ("rate", s.Rate))),
        PolynomialSchedule s => ("polynomial", Numbers(("from", s.From), ("to", s.To), ("steps", s.Steps), ("power", s.Power))),
        CosineSchedule s => ("cosine", Numbers(("from", s.From), ("to", s.To), ("steps", s.Steps))),
        GeometricSchedule s => ("geometric", Numbers(("from", s.From), ("to", s.To), ("steps", s.Steps))),
        SquareRootSchedule s => ("square-root", Numbers(("from", s.From), ("to", s.To), ("steps", s.Steps))),
        InverseSquareRootSchedule s => ("inverse-square-root", Numbers(("from", s.From), ("time", s.Time))),
        PiecewiseSchedule s => ("points", NodeWriter.Mapping(
            ("at", NodeWriter.List(s.Points.Select(p => NodeWriter.List(NodeWriter.Integer(p.Step), NodeWriter.Number(p.Value))))),
            ("joined", NodeWriter.Literal(s.Interpolation.ToString().ToLowerInvariant())))),
        CosineRestartsSchedule s => ("cosine-restarts", Numbers(("from", s.From), ("to", s.To), ("period", s.Period), ("multiplier", s.Multiplier), ("decay", s.Decay))),
        TriangularSchedule { CycleFactor: 1, StepFactor: 1 } s => ("triangular", Triangles(s)),
        TriangularSchedule { CycleFactor: 0.5, StepFactor: 1 } s => ("triangular2", Triangles(s)),
        TriangularSchedule { CycleFactor: 1 } s => ("exponential-range", Triangles(s, ("factor", s.StepFactor))),
        OneCycleSchedule s => ("one-cycle", NodeWriter.Mapping([
            ("peak", NodeWriter.Number(s.Peak)), ("start-divisor", NodeWriter.Number(s.StartDivisor)), ("end-divisor", NodeWriter.Number(s.EndDivisor)),
            .. Phases(s.Steps, s.Share, s.Annealing, s.ThreePhases)])),
        OneCycleMomentumSchedule s => ("one-cycle-momentum", NodeWriter.Mapping([
            ("low", NodeWriter.Number(s.Low)), ("high", NodeWriter.Number(s.High)), .. Phases(s.Steps, s.Share, s.Annealing, s.ThreePhases)])),
        WarmupSchedule s => ("warmup", Numbers(("from", s.From), ("to", s.To), ("steps", s.Steps))),
        WarmupExponentialSchedule s => ("warmup-exponential", Numbers(("from", s.From), ("to", s.To), ("steps", s.Steps))),
        NoamSchedule s => ("noam", Numbers(("width", s.Width), ("warmup-steps", s.WarmupSteps), ("factor", s.Factor))),
        _ => null,
    };

    private static FileNode Triangles(TriangularSchedule s, params IEnumerable<(string Name, double Value)> more) =>
        Numbers([("from", s.From), ("peak", s.Peak), ("up", s.StepsUp), ("down", s.StepsDown), .. more]);

    private static IEnumerable<(string Key, FileNode? Value)> Phases(long steps, double share, Annealing annealing, bool threePhases) =>
    [
        ("steps", NodeWriter.Integer(steps)),
        ("share", NodeWriter.Number(share)),
        ("annealing", NodeWriter.Literal(annealing == Annealing.Cosine ? "cosine" : "linear")),
        ("three-phases", NodeWriter.Literal(threePhases ? "true" : "false")),
    ];

    private static FileNode Numbers(params IEnumerable<(string Name, double Value)> numbers) =>
        NodeWriter.Mapping(numbers.Select(n => (n.Name, (FileNode?)NodeWriter.Number(n.Value))));

    private static FileNode? Bound(double bound) => double.IsFinite(bound) ? NodeWriter.Number(bound) : null;
}
