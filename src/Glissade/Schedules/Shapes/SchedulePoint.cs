using System.Collections.Immutable;

namespace Glissade.Schedules;

/// <summary>A value at a step, as <see cref="PiecewiseSchedule"/> joins them.</summary>
/// <param name="Step">The step, 0 or more.</param>
/// <param name="Value">The value; finite.</param>
public readonly record struct SchedulePoint(long Step, double Value);

/// <summary>How the value goes from one point to the next.</summary>
public enum Interpolation
{
    /// <summary>It stays until the next point, and jumps.</summary>
    Constant,

    /// <summary>In a straight line.</summary>
    Linear,

    /// <summary>Along half a cosine wave, flat at both points.</summary>
    Cosine,

    /// <summary>By the same factor at each step; the values are of one sign and not 0.</summary>
    Geometric,
}

/// <summary>The checks on points.</summary>
internal static class SchedulePoints
{
    public static ImmutableArray<SchedulePoint> Check(ImmutableArray<SchedulePoint> points, Interpolation interpolation, string name)
    {
        if (points.IsDefaultOrEmpty)
        {
            throw new ArgumentException("There must be at least one point.", name);
        }

        if (!Enum.IsDefined(interpolation))
        {
            throw new ArgumentOutOfRangeException(nameof(interpolation), interpolation, "The interpolation must be Constant, Linear, Cosine or Geometric.");
        }

        if (points[0].Step < 0)
        {
            throw new ArgumentOutOfRangeException(name, points[0].Step, "The step of a point must be 0 or more.");
        }

        for (int i = 0; i < points.Length; i++)
        {
            ScheduleArguments.Finite(points[i].Value, name);
            if (interpolation == Interpolation.Geometric)
            {
                ScheduleArguments.OfSign(points[i].Value, ScheduleArguments.NotZero(points[0].Value, name), name);
            }

            if (i > 0 && points[i].Step <= points[i - 1].Step)
            {
                throw new ArgumentException($"The steps of points must rise, but {points[i].Step} follows {points[i - 1].Step}.", name);
            }
        }

        return points;
    }
}
