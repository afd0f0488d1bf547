using System.Numerics;
using Glissade.Averaging;
using Glissade.Numerics;
using Glissade.Updates;

namespace Glissade.Tests.Updates;

/// <summary>A chain at work on a made-up gradient that depends on θ, the element and the step.</summary>
internal sealed class RuleRun<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public RuleRun(Chain chain, int length, Layout? layout = null, ParameterAverage? average = null)
    {
        Parameters = new FlatVector<T>(length);
        Gradient = new FlatVector<T>(length);
        for (int i = 0; i < length; i++)
        {
            Parameters[i] = T.CreateTruncating(Start(i));
        }

        Updater = chain.Compile(layout ?? LayerWiseRuleTable.LayoutOf(length), Parameters, Gradient, average ?? Ema.Of(0.9));
    }

    public FlatVector<T> Parameters { get; }

    public FlatVector<T> Gradient { get; }

    public Updater<T> Updater { get; }

    public static double Start(int i) => Math.Sin(1.3 * i) + 0.1;

    public static double GradientOf(double x, int i, int t) => (0.5 * x) + Math.Cos((0.7 * i) + (0.3 * t));

    public StepOutcome Step(int t)
    {
        FillGradient(t);
        return Updater.Step();
    }

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
