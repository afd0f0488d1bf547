using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Schedules;

namespace Glissade.Updates;

/// <content>What rules tell of a step: hyperparameters, what was clipped, learning rates that are computed in it.</content>
internal sealed partial class CompiledScope<T>
{
    private readonly List<(string Name, Schedule Schedule)> _hyperparameters = [];
    private readonly List<Report> _reports = [];
    private KeyValuePair<string, double>[] _hyperparameterValues = [], _clips = [];
    private (string Name, Schedule Schedule)[]? _moving;
    private KeyValuePair<string, double>[] _movingValues = [];

    public bool WasClipped
    {
        get
        {
            foreach (Report report in _reports)
            {
                if (!report.IsRate && report.Buffer[0] != T.Zero)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>What each rule that clips reported of the last step.</summary>
    public ReadOnlySpan<KeyValuePair<string, double>> Clips
    {
        get
        {
            if (_clips.Length == 0)
            {
                _clips = new KeyValuePair<string, double>[_reports.Count(r => !r.IsRate)];
            }

            int next = 0;
            foreach (Report report in _reports)
            {
                if (!report.IsRate)
                {
                    _clips[next++] = KeyValuePair.Create(report.Rule, double.CreateTruncating(report.Buffer[0]));
                }
            }

            return _clips;
        }
    }

    public override void ReportHyperparameter(Schedule schedule, string name = "")
    {
        ArgumentNullException.ThrowIfNull(schedule);
        string full = $"{_rule}.{HyperparameterName.Of(name)}";
        if (!_hyperparameters.Exists(h => h.Name == full))
        {
            _hyperparameters.Add((full, schedule));
        }
    }

    public override void ReportClipped(Tensor clipped) => _reports.Add(new Report(_rule, clipped, IsRate: false));
    public override void ReportLearningRate(Tensor rate) => _reports.Add(new Report(_rule, rate, IsRate: true));

    /// <summary>The hyperparameters of the step that follows <paramref name="step"/> applied ones.</summary>
    public ReadOnlySpan<KeyValuePair<string, double>> HyperparametersAt(long step)
    {
        if (_hyperparameterValues.Length == 0)
        {
            _hyperparameterValues = new KeyValuePair<string, double>[_hyperparameters.Count];
        }

        for (int i = 0; i < _hyperparameterValues.Length; i++)
        {
            _hyperparameterValues[i] = KeyValuePair.Create(_hyperparameters[i].Name, _hyperparameters[i].Schedule.At(step));
        }

        return _hyperparameterValues;
    }

    /// <summary>Those whose schedule is no constant.</summary>
    public ReadOnlySpan<KeyValuePair<string, double>> MovingHyperparametersAt(long step)
    {
        if (_moving is null)
        {
            _moving = [.. _hyperparameters.Where(h => h.Schedule is not ConstantSchedule)];
            _movingValues = new KeyValuePair<string, double>[_moving.Length];
        }

        for (int i = 0; i < _moving.Length; i++)
        {
            _movingValues[i] = KeyValuePair.Create(_moving[i].Name, _moving[i].Schedule.At(step));
        }

        return _movingValues;
    }

    /// <summary>The part of the last step's learning rate that was computed in it.</summary>
    public double ComputedLearningRate()
    {
        double rate = 1;
        foreach (Report report in _reports)
        {
            if (report.IsRate)
            {
                rate *= double.CreateTruncating(report.Buffer[0]);
            }
        }

        return rate;
    }

    private sealed record Report(string Rule, Tensor Value, bool IsRate)
    {
        /// <summary>Where the value stands after a step.</summary>
        public FlatVector<T> Buffer { get; set; } = null!;
    }
}
