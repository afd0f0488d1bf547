using System.Numerics;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;

namespace Glissade.Updates;

/// <summary>The Euclidean norm of a vector, finite wherever the vector is, though its squares may be too great for their sum.</summary>
internal sealed class MeasuredNorm<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly FlatVector<T> _norm = new(1), _great = new(1);

    private MeasuredNorm()
    {
    }

    // Elements from Threshold on are scaled so that their squares can be added, however many; what is left out is less than a rounding of a sum that overflows.
    private static unsafe double Scale => Math.ScaleB(1, sizeof(T) == sizeof(float) ? -100 : -700);

    private static unsafe double Threshold => Math.ScaleB(1, sizeof(T) == sizeof(float) ? 39 : 450);

    /// <summary>The norm in the last run, in double; NaN or infinite only if an element was, or the norm is beyond double too.</summary>
    public double Value => T.IsPositiveInfinity(_norm[0])
        ? Math.Sqrt(double.CreateTruncating(_great[0])) / Scale
        : double.CreateTruncating(_norm[0]);

    /// <summary>Lets a stage of a program measure a vector.</summary>
    public static MeasuredNorm<T> Of(ProgramBuilder<T> builder, Tensor x, int stage)
    {
        var measured = new MeasuredNorm<T>();
        builder.Output(Functions.Sqrt(Functions.Dot(x, x)), measured._norm, 0, stage);
        builder.Output(SumOfGreat(x), measured._great, 0, stage);
        return measured;
    }

    /// <summary>The norm as a tensor, for a rule that goes by it.</summary>
    public static unsafe Tensor Trace(Tensor x)
    {
        Tensor sum = Functions.Sum(x * x);
        return Functions.Select(
            Functions.Greater(sum, sizeof(T) == sizeof(float) ? float.MaxValue : double.MaxValue), Functions.Sqrt(SumOfGreat(x)) / Scale, Functions.Sqrt(sum));
    }

    /// <summary>‖x‖₂, or ‖x − y‖₂ where there is a y, in double, by elements that are scaled by the greatest; NaN or infinite only if an element is, or the length itself is too great.</summary>
    public static double Of(ReadOnlySpan<T> x, ReadOnlySpan<T> y = default)
    {
        double greatest = 0, sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            greatest = Math.Max(greatest, Math.Abs(Element(x, y, i)));
        }

        if (greatest == 0 || !double.IsFinite(greatest))
        {
            return greatest;
        }

        for (int i = 0; i < x.Length; i++)
        {
            double part = Element(x, y, i) / greatest;
            sum += part * part;
        }

        return greatest * Math.Sqrt(sum);
    }

    private static double Element(ReadOnlySpan<T> x, ReadOnlySpan<T> y, int i) =>
        y.IsEmpty ? double.CreateTruncating(x[i]) : double.CreateTruncating(x[i]) - double.CreateTruncating(y[i]);

    /// <summary>The scaled sum of squares of the great elements; the squares of the others would be too small to be fast.</summary>
    private static Tensor SumOfGreat(Tensor x)
    {
        Tensor scaled = Functions.Select(Functions.Greater(Functions.Abs(x), Threshold), x * Scale, 0);
        return Functions.Sum(scaled * scaled);
    }
}
