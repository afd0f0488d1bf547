using System.Runtime.CompilerServices;
using Glissade.Compilation;
using Glissade.Compilation.Steps;
using Glissade.Numerics;

namespace Glissade.Updates;

/// <content>How long the gradient and the update are, also where their squares are too great for their sum.</content>
public sealed partial class Updater<T>
{
    private readonly FlatVector<T> _gradientSquares = new(1), _gradientNorm = new(1), _updateSquares = new(1);
    private readonly MeasuredGradient<T>? _measured;
    private readonly MeasuredNorm<T>? _meanGradientNorm;

    /// <summary>How far from 0 θ is at most, as long as only steps move it; NaN where that is not known.</summary>
    private double _reach = double.NaN;

    private FlatVector<T>? _before;
    private bool _isBeforeKnown;

    /// <summary>So far from 0, θ is nothing beside an update whose squares overflow: it changes the length by less than a rounding.</summary>
    private static readonly double NearReach = Math.ScaleB(1, Unsafe.SizeOf<T>() == sizeof(float) ? 38 : 456);

    private double MeasureGradient()
    {
        T squares;
        if (_measured is null)
        {
            _program.RunStage(0);
            squares = _gradientSquares[0];
        }
        else
        {
            squares = _measured.Take();
        }

        double norm = double.CreateTruncating(T.Sqrt(squares));
        if (!double.IsFinite(norm))
        {
            // A sum of squares that is too great is no reason to lose a step.
            norm = MeasuredNorm<T>.Of(_gradient.Span);
        }

        // The rules read it here.
        _gradientNorm[0] = T.CreateTruncating(norm);
        return norm;
    }

    /// <summary>Keeps θ before a step, but only where it is so far out that it would count beside an update whose squares overflow.</summary>
    private unsafe void PrepareToMeasure()
    {
        if (!(_reach <= NearReach))
        {
            double squares = SumOfSquaresStep<T>.Of(Parameters.Pointer, Parameters.Length);
            _reach = double.IsFinite(squares) ? Math.Sqrt(squares) : MeasuredNorm<T>.Of(Parameters.Span);
        }

        _isBeforeKnown = !(_reach <= NearReach);
        if (_isBeforeKnown)
        {
            _before ??= new FlatVector<T>(Parameters.Length);
            Parameters.Span.CopyTo(_before.Span);
        }
    }

    /// <summary>The update's norm. One whose squares overflowed is that of the way θ has gone; no element has stayed behind, since the norm would be NaN.</summary>
    private double MeasureUpdate()
    {
        double norm = double.CreateTruncating(T.Sqrt(_updateSquares[0]));
        if (double.IsPositiveInfinity(norm))
        {
            norm = _isBeforeKnown ? MeasuredNorm<T>.Of(Parameters.Span, _before!.Span) : MeasuredNorm<T>.Of(Parameters.Span);
        }

        _reach += norm;
        return norm;
    }
}
