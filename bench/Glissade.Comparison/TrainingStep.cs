using System.Collections.Immutable;
using Glissade.Compilation;
using Glissade.Comparison.Measuring;
using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Updates;

namespace Glissade.Comparison;

/// <summary>Everything that one step of training needs: loss and gradient in one program, and Adam.</summary>
internal abstract class TrainingStep
{
    private readonly FlatVector<float> _start, _parameters;
    private readonly MeasuredGradient<float> _gradient;
    private readonly ImmutableSortedDictionary<string, double> _startCounters;

    /// <summary>Compiles the step.</summary>
    /// <param name="layout">The parameters' names and shapes.</param>
    /// <param name="parameters">Where they begin.</param>
    /// <param name="loss">Declares the inputs and traces the loss.</param>
    protected TrainingStep(Layout layout, FlatVector<float> parameters, Func<ProgramBuilder<float>, IReadOnlyList<Tensor>, Tensor> loss)
    {
        _parameters = parameters;
        _start = parameters.Clone();
        _gradient = new MeasuredGradient<float>(parameters.Length);
        var builder = new ProgramBuilder<float>();
        IReadOnlyList<Tensor> weights = builder.Views(layout, parameters);
        Tensor value = loss(builder, weights);
        builder.Output("loss", value);
        builder.Gradient(value, weights, layout, _gradient);
        Program = builder.Build();
        Updater = Optimizers.Adam(1e-3).Compile(layout, parameters, _gradient);
        _startCounters = Updater.Counters;
    }

    /// <summary>Loss and gradient.</summary>
    public Program<float> Program { get; }

    /// <summary>Adam.</summary>
    public Updater<float> Updater { get; }

    /// <summary>Back to the first step.</summary>
    /// <remarks>Trained on one batch for thousands of steps, the loss reaches zero and means fade to subnormal numbers, whose arithmetic is slow.</remarks>
    public void Reset()
    {
        _start.Span.CopyTo(_parameters.Span);
        foreach (FlatVector<float> state in Updater.State.Select(s => s.Value))
        {
            state.Span.Clear();
        }

        Updater.Restore(_startCounters);
    }

    public void Run()
    {
        Program.Run();
        if (!Updater.Step().Applied)
        {
            throw new InvalidOperationException("A step was skipped. Its time means nothing.");
        }
    }

    /// <summary>Whether training did something sensible: finite numbers, parameters that moved.</summary>
    public virtual void Check()
    {
        Sink.CheckFinite(Program["loss"], "the loss");
        Sink.CheckFinite(_gradient.Vector.Span, "the gradient");
        Sink.CheckFinite(_parameters.Span, "the parameters");
        if (_parameters.Span.SequenceEqual(_start.Span))
        {
            throw new InvalidOperationException("The parameters did not move.");
        }
    }

    /// <summary>Draws a class for each example.</summary>
    protected static void FillClasses(Span<float> labels, int classes, RandomStream numbers)
    {
        foreach (ref float label in labels)
        {
            label = numbers.NextInt32(classes);
        }
    }
}
