using Glissade.Numerics;

namespace Glissade.Learning.Training;

/// <content>The states that layers keep from batch to batch, such as running means.</content>
public sealed partial class TrainingSession
{
    private readonly FlatVector<float> _nextStates;
    private readonly FlatVector<float> _evaluatedStates;
    private readonly LayerStateMeasurement? _measurement;
    private bool _haveStatesFollowed;

    /// <summary>The states of layers that belong to θ, in the order of <see cref="Networks.BuiltNetwork.StateLayout"/>. A step that is lost leaves them as they are.</summary>
    /// <remarks>They follow the batch of each step as the network computes it where the step first asks for the gradient.</remarks>
    public FlatVector<float> LayerStates { get; }

    /// <summary>Writes the parameters to evaluate and to keep, the average or where none is kept θ, and the states of layers that belong to them.</summary>
    /// <remarks>
    /// θ has the states that have followed its training. Those of an average that differs from θ are measured by a pass over the training data, in batches of the training's
    /// size: see <see cref="LayerStateMeasurement"/>. The pass is saved where the same average was measured last.
    /// </remarks>
    /// <param name="parameters">A vector of the length of θ.</param>
    /// <param name="states">A vector of the length of <see cref="LayerStates"/>.</param>
    /// <param name="cancellation">Ends the pass; nothing is written then.</param>
    /// <exception cref="ArgumentException">A length differs.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void CopyAverage(Span<float> parameters, Span<float> states, CancellationToken cancellation = default)
    {
        if (parameters.Length != Parameters.Length)
        {
            throw new ArgumentException($"The destination has {parameters.Length} elements, but there are {Parameters.Length} parameters.", nameof(parameters));
        }

        RequireStates(states);
        TakeAverage(cancellation);
        _evaluated.Span.CopyTo(parameters);
        _evaluatedStates.Span.CopyTo(states);
    }

    /// <summary>Makes the evaluator's parameters and states those of the average.</summary>
    private void TakeAverage(CancellationToken cancellation)
    {
        Updater.CopyAverage(_evaluated.Span);
        if (_measurement is null || LayerStateMeasurement.HaveSameBits(_evaluated.Span, Parameters.Span))
        {
            LayerStates.Span.CopyTo(_evaluatedStates.Span);
        }
        else
        {
            _measurement.Run(_evaluated.Span, _evaluatedStates.Span, cancellation);
        }
    }

    /// <summary>Runs the batch's program; at the first evaluation of a step the states that come of it are computed too, and wait for the step's outcome.</summary>
    private double RunCurrent()
    {
        double loss = _current!.Run();
        if (!_haveStatesFollowed)
        {
            _current.FollowStates();
            _haveStatesFollowed = true;
        }

        return loss;
    }

    /// <summary>Whether states of layers are measured for an average by a pass over the training data.</summary>
    internal bool MeasuresAverage => _measurement is not null;

    internal void RequireStates(ReadOnlySpan<float> states)
    {
        if (states.Length != LayerStates.Length)
        {
            throw new ArgumentException(
                $"The layers of the network keep {LayerStates.Length} numbers as states ({string.Join(", ", Network.StateLayout.Entries.Select(e => e.Name))}), but {states.Length} were given.", nameof(states));
        }
    }
}
