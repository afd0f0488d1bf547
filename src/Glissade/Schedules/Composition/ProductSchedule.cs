namespace Glissade.Schedules;

/// <summary>The product of two schedules: a(t)·b(t).</summary>
/// <param name="First">a.</param>
/// <param name="Second">b.</param>
/// <exception cref="ArgumentNullException">A factor is null.</exception>
/// <remarks>
/// Both count the same steps. PyTorch's ChainedScheduler.
/// <para>A factor of 0 stays 0 even where the other has grown beyond all numbers.</para>
/// </remarks>
public sealed record ProductSchedule(Schedule First, Schedule Second) : Schedule
{
    /// <summary>The first factor.</summary>
    public Schedule First { get; } = ScheduleArguments.Part(First);

    /// <summary>The second factor.</summary>
    public Schedule Second { get; } = ScheduleArguments.Part(Second);

    /// <inheritdoc/>
    /// <remarks>That of the longer one: the other may be at rest on 0 before, which is not looked for.</remarks>
    public override long? Length => First.Length is { } first && Second.Length is { } second ? Math.Max(first, second) : null;

    /// <inheritdoc/>
    protected override double ValueAt(long step) => Times(First.At(step), Second.At(step));

    /// <inheritdoc/>
    /// <remarks>The products of the bounds: safe, and on the values only where both are at their bounds at once.</remarks>
    protected override (double Low, double High) BoundsTo(long last)
    {
        ((double a, double b), (double c, double d)) = (First.Bounds(last), Second.Bounds(last));
        (double ac, double ad, double bc, double bd) = (Times(a, c), Times(a, d), Times(b, c), Times(b, d));
        return (Math.Min(Math.Min(ac, ad), Math.Min(bc, bd)), Math.Max(Math.Max(ac, ad), Math.Max(bc, bd)));
    }

    /// <inheritdoc/>
    protected override string Describe() => $"({First}) times ({Second})";

    /// <summary>a·b, and 0 where one is 0 and the other beyond all numbers.</summary>
    internal static double Times(double a, double b) => a == 0 || b == 0 ? 0 : a * b;
}
