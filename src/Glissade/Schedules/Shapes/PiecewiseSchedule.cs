using System.Collections.Immutable;

namespace Glissade.Schedules;

/// <summary>Given values at given steps, and between them what the interpolation says.</summary>
/// <param name="Points">(s₀, v₀), (s₁, v₁), …: at least one, the steps rising from 0 or later, the values finite.</param>
/// <param name="Interpolation">How the value goes from one point to the next.</param>
/// <exception cref="ArgumentOutOfRangeException">A step is negative or a value not finite; for geometric interpolation also where a value is 0 or has another sign.</exception>
/// <exception cref="ArgumentException">There is no point, or their steps do not rise.</exception>
/// <remarks>
/// Between sᵢ and sᵢ₊₁, with r = (t − sᵢ)/(sᵢ₊₁ − sᵢ): vᵢ (constant), (1 − r)vᵢ + r·vᵢ₊₁ (linear), the same with ½(1 − cos πr) for r (cosine), or
/// vᵢ(vᵢ₊₁/vᵢ)^r (geometric). Before the first point its value, after the last its value.
/// <para>Optax's piecewise_constant_schedule and piecewise_interpolate_schedule, which are given factors where this one is given values.</para>
/// </remarks>
public sealed record PiecewiseSchedule(ImmutableArray<SchedulePoint> Points, Interpolation Interpolation) : Schedule
{
    /// <summary>The points, their steps rising.</summary>
    public ImmutableArray<SchedulePoint> Points { get; } = SchedulePoints.Check(Points, Interpolation, nameof(Points));

    /// <inheritdoc/>
    public override long? Length => Points[^1].Step;

    /// <summary>Whether the other has the same points and interpolation.</summary>
    /// <param name="other">The other.</param>
    public bool Equals(PiecewiseSchedule? other)
        => other is not null && Interpolation == other.Interpolation && Points.AsSpan().SequenceEqual(other.Points.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Interpolation, Points.Length, Points[0], Points[^1]);

    /// <inheritdoc/>
    protected override double ValueAt(long step)
    {
        int next = Behind(step);
        if (next == 0 || next == Points.Length || Interpolation == Interpolation.Constant)
        {
            return Points[Math.Max(0, next - 1)].Value;
        }

        SchedulePoint from = Points[next - 1], to = Points[next];
        double way = (double)(step - from.Step) / (to.Step - from.Step);
        return Interpolation switch
        {
            Interpolation.Linear => Between(from.Value, to.Value, way),
            Interpolation.Cosine => Between(from.Value, to.Value, 0.5 * (1 - Math.Cos(Math.PI * way))),
            _ => GeometricallyBetween(from.Value, to.Value, way),
        };
    }

    /// <inheritdoc/>
    protected override (double Low, double High) BoundsTo(long last)
    {
        (double low, double high) = base.BoundsTo(last);
        foreach (SchedulePoint point in Points)
        {
            if (point.Step <= last)
            {
                (low, high) = (Math.Min(low, point.Value), Math.Max(high, point.Value));
            }
        }

        return (low, high);
    }

    /// <inheritdoc/>
    protected override string Describe()
        => $"{Points.Length} {(Points.Length == 1 ? "point" : "points")} joined {Word}: {string.Join(", ", Points.Take(8).Select(p => $"{Show(p.Value)} at {ShowCount(p.Step)}"))}{(Points.Length > 8 ? ", …" : "")}";

    private string Word => Interpolation switch
    {
        Interpolation.Constant => "by steps",
        Interpolation.Linear => "by lines",
        Interpolation.Cosine => "by cosines",
        _ => "by equal factors",
    };

    /// <summary>The number of points whose step is not behind the given one.</summary>
    private int Behind(long step)
    {
        (int low, int high) = (0, Points.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = Points[middle].Step <= step ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
