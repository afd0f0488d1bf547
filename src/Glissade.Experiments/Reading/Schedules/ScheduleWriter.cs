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
        var (held, shape) = withoutScale is HeldSchedule h ? (h, h.Inner) : (null, withoutScale);
        FileNode? following = next is null ? null : Write(next);
        if (Shape(shape) is not { } written || (next is not null && following is null))
        {
            return null;
        }

        return NodeWriter.Mapping(
            written,
            ("for", held is null ? null : NodeWriter.Integer(held.Steps)),
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
        WarmupSchedule s => ("warmup", Numbers(("from", s.From), ("to", s.To), ("steps", s.Steps))),
        _ => null,
    };

    private static FileNode Numbers(params IEnumerable<(string Name, double Value)> numbers) =>
        NodeWriter.Mapping(numbers.Select(n => (n.Name, (FileNode?)NodeWriter.Number(n.Value))));

    private static FileNode? Bound(double bound) => double.IsFinite(bound) ? NodeWriter.Number(bound) : null;
}
