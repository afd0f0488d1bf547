using System.Numerics;
using Glissade.Averaging;
using Glissade.Numerics;
using Glissade.Updates;

namespace Glissade.Tests.Updates;

/// <summary>A chain at work on a made-up gradient that depends on θ, the element and the step.</summary>
internal sealed class RuleRun<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly Func<double> s_one = () => 1;

    public RuleRun(Chain chain, int length, Layout? layout = null, ParameterAverage? average = null)
    {
        Parameters = new FlatVector<T>(length);
        Gradient = new FlatVector<T>(length);
        for (int i = 0; i < length; i++)
        {
            Parameters[i] = T.CreateTruncating(Start(i));
        }

        Updater = chain.Compile(layout ?? LayerWiseRuleTable.LayoutOf(length), Parameters, Gradient, average ?? Ema.Of(0.9), new FlatVector<T>(length));
    }

    public FlatVector<T> Parameters { get; }

    public FlatVector<T> Gradient { get; }

    public Updater<T> Updater { get; }

    public static double Start(int i) => Math.Sin(1.3 * i) + 0.1;

    public static double GradientOf(double x, int i, int t) => (0.5 * x) + Math.Cos((0.7 * i) + (0.3 * t));

    /// <summary>A made-up estimate of the curvature, of either sign, given in some of the steps only.</summary>
    public static double CurvatureOf(int i, int t) => Math.Sin((1.1 * i) + t) + 0.3;

    public static bool HasCurvature(int t) => t % 3 == 1;

    /// <summary>A made-up loss that falls below 0.1 now and then.</summary>
    public static double LossOf(IEnumerable<double> parameters, int t) => (0.4 * Math.Sin(0.5 * t)) + parameters.Sum(x => 0.25 * x * x);

    public StepOutcome Step(int t)
    {
        FillGradient(t);
        if (HasCurvature(t))
        {
            for (int i = 0; i < Parameters.Length; i++)
            {
                Updater.Curvature![i] = T.CreateTruncating(CurvatureOf(i, t));
            }

            Updater.CurvatureIsNew = true;
        }

        double Loss() => LossOf(Parameters.Span.ToArray().Select(double.CreateTruncating), t);
        return Updater.GradientPlace == GradientPlace.Parameters ? Updater.Step(Loss()) : Updater.Step(
            () =>
            {
                FillGradient(t);
                return Loss();
            },
            out _);
    }

    /// <summary>A step with the gradient as it stands, wherever the chain wants it.</summary>
    public StepOutcome StepAsItStands() => Updater.Step(s_one, out _);

    public void FillGradient(int t)
    {
        for (int i = 0; i < Gradient.Length; i++)
        {
            Gradient[i] = T.CreateTruncating(GradientOf(double.CreateTruncating(Parameters[i]), i, t));
        }
    }

    /// <summary>θ, all states and the average, one after another.</summary>
    public T[] Everything()
    {
        T[] average = new T[Parameters.Length];
        Updater.CopyAverage(average);
        return [.. Parameters.Span, .. Updater.State.SelectMany(s => s.Value.Span.ToArray()), .. average];
    }
}
