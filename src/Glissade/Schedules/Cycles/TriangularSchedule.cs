namespace Glissade.Schedules;

/// <summary>A triangular wave: up in a straight line, down in a straight line, again and again, the peaks equal or falling.</summary>
/// <param name="From">η_base, the value at the foot of every triangle; finite.</param>
/// <param name="Peak">η_max, the value at the first tip, or what it would be without decay; finite. Below <paramref name="From"/> the wave hangs down.</param>
/// <param name="StepsUp">The steps from a foot to a tip, 1 or more.</param>
/// <param name="StepsDown">The steps from a tip to a foot, 1 or more.</param>
/// <param name="CycleFactor">What each whole triangle multiplies the height by, in [0, 1]: 1 is Smith's "triangular", ½ his "triangular2".</param>
/// <param name="StepFactor">What each step multiplies the height by, in [0, 1]: below 1 it is Smith's "exp_range".</param>
/// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
/// <remarks>
/// η(t) = η_base + (η_max − η_base)·cⁱ·γᵗ·Λ(s), where step t is step s of triangle i, both counted from 0, and Λ(s) is s/up on the way up and
/// 1 − (s − up)/down on the way down.
/// <para>
/// Smith (2017), Cyclical Learning Rates for Training Neural Networks. PyTorch's CyclicLR in its three modes. The momentum that runs the other way
/// is the same schedule with the ends exchanged.
/// </para>
/// </remarks>
public sealed record TriangularSchedule(double From, double Peak, long StepsUp, long StepsDown, double CycleFactor = 1, double StepFactor = 1) : Schedule
{
    /// <summary>The value at every foot.</summary>
    public double From { get; } = ScheduleArguments.Finite(From);

    /// <summary>The value at the first tip, without decay.</summary>
    public double Peak { get; } = ScheduleArguments.Finite(Peak);

    /// <summary>The steps from a foot to a tip.</summary>
    public long StepsUp { get; } = ScheduleArguments.Steps(StepsUp);

    /// <summary>The steps from a tip to a foot.</summary>
    public long StepsDown { get; } = StepsDown <= long.MaxValue - StepsUp ? ScheduleArguments.Steps(StepsDown) : throw new ArgumentOutOfRangeException(
        nameof(StepsDown), StepsDown, "'StepsUp' and 'StepsDown' together must be a number of steps that can be counted.");

    /// <summary>What each triangle multiplies the height by.</summary>
    public double CycleFactor { get; } = ScheduleArguments.Share(CycleFactor);

    /// <summary>What each step multiplies the height by.</summary>
    public double StepFactor { get; } = ScheduleArguments.Share(StepFactor);

    /// <inheritdoc/>
    public override long? Length => From == Peak || StepFactor == 0 ? 0 : CycleFactor == 0 ? StepsUp + StepsDown : null;

    /// <inheritdoc/>
    protected override double ValueAt(long step)
    {
        (long cycle, long within) = Math.DivRem(step, StepsUp + StepsDown);
        double height = within <= StepsUp ? (double)within / StepsUp : (double)(StepsUp + StepsDown - within) / StepsDown;
        if (CycleFactor != 1)
        {
            height *= Math.Pow(CycleFactor, cycle);
        }

        return Between(From, Peak, StepFactor == 1 ? height : height * Math.Pow(StepFactor, step));
    }

    /// <inheritdoc/>
    /// <remarks>With decay at every step the highest point lies before the tip, so that the bound is near it and not on it.</remarks>
    protected override (double Low, double High) BoundsTo(long last)
    {
        double tip = StepFactor == 1 ? At(Math.Min(last, StepsUp)) : Between(From, Peak, (double)Math.Min(last, StepsUp) / StepsUp);
        return (Math.Min(From, tip), Math.Max(From, tip));
    }

    /// <inheritdoc/>
    protected override string Describe()
        => $"triangles from {Show(From)} to {Show(Peak)}, {ShowSteps(StepsUp)} up and {ShowCount(StepsDown)} down"
        + (CycleFactor == 1 ? "" : $", each height {Show(CycleFactor)} times the last")
        + (StepFactor == 1 ? "" : $", the height times {Show(StepFactor)} every step");
}
