using Glissade.Updates;

namespace Glissade.Learning.Training;

/// <content>Gradients of a scaled loss, and the memory of a step.</content>
public sealed partial class TrainingSession
{
    /// <summary>What the step of a whole batch takes, with the number of threads now set, and what it would take with floats: both from compiled programs.</summary>
    public TrainingMemory Memory()
    {
        int rows = _batches.Rows(0, 0).Length;
        long step = ProgramFor(rows).Program.PeakBytes;
        return new TrainingMemory(step, _format is null ? step : new LossProgram(Network, _loss, rows, Parameters, LayerStates, _gradient, _nextStates).Program.PeakBytes);
    }

    /// <summary>The loss at the present parameters, with the gradient of the loss itself whatever it was scaled by on the way.</summary>
    private double Evaluate()
    {
        if (_unscaling is null)
        {
            return RunCurrent();
        }

        double scale = Progress.LossScale!.Value.Scale;
        _current!.Scale = scale;
        double loss = RunCurrent();
        _unscaling.Divide(scale);
        return loss;
    }

    /// <summary>Lets the loss scale follow the gradient of a step; true if it was reduced.</summary>
    private bool FollowGradient(in StepOutcome outcome)
    {
        if (Progress.LossScale is not { } before || outcome.Skipped is not (SkipReason.None or SkipReason.Accumulating or SkipReason.NonFiniteGradient))
        {
            return false;
        }

        LossScaleState after = _scaling.After(before, outcome.Skipped != SkipReason.NonFiniteGradient);
        Progress.LossScale = after;
        return after.Scale < before.Scale;
    }
}
