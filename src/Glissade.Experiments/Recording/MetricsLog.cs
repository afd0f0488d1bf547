using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using Glissade.Learning.Training;
using Glissade.Updates;

namespace Glissade.Experiments.Recording;

/// <summary>Writes the metrics of a run, a JSON object a line, at the end of a file of which only the end is ever cut off.</summary>
/// <remarks>
/// What is recorded reaches the disk at each checkpoint and about once a second. A crash may leave a line torn, or lines of steps that are taken again when the run is
/// resumed: both are cut off when the file is opened again. Nothing in it depends on time, so a resumed run leaves the same bytes as one that never stopped.
/// What cannot be read although it is no torn line was damaged by others: the file is then kept aside as it was before it is cut off.
/// A step allocates nothing. Belongs to one thread.
/// </remarks>
internal sealed class MetricsLog : IDisposable
{
    private const int FlushSize = 1 << 16;
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _buffer = new(2 * FlushSize);
    private readonly Utf8JsonWriter _writer;
    private readonly Dictionary<string, JsonEncodedText> _names = new(StringComparer.Ordinal);
    private readonly string _path;
    private readonly Updater<float>? _updater;
    private readonly string? _shownAsRate;
    private long _flushed = Stopwatch.GetTimestamp();

    /// <summary>Opens the file for a run that stands at a step.</summary>
    /// <param name="path">The file; made if it is lacking.</param>
    /// <param name="stepsTaken">Steps already taken: what was recorded of later ones is cut off.</param>
    /// <param name="restorations">Restorations so far: later ones are cut off.</param>
    /// <param name="updater">Tells of each step what moved and what clipped; null for nothing of that.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public MetricsLog(string path, long stepsTaken, int restorations = 0, Updater<float>? updater = null)
    {
        (_path, _updater) = (path, updater);
        bool isDamaged = false;
        long sound = File.Exists(path) ? MetricsLines.SoundLength(path, stepsTaken, restorations, out isDamaged) : 0;
        DamagedCopy = isDamaged ? MetricsLines.KeepAside(path) : null;

        // Others may read while it grows.
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _file.SetLength(sound);
        _file.Seek(0, SeekOrigin.End);
        _writer = new Utf8JsonWriter(_buffer);
        if (updater is null)
        {
            return;
        }

        // The schedule of the only rate of a chain is what "learning_rate" shows.
        string prefix = new LearningRate(1).Name;
        foreach ((string name, _) in updater.Hyperparameters)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                _shownAsRate = _shownAsRate is null ? name : "";
            }
        }

        // Where the record was lost, nobody knows any more where those stood that move.
        if (sound == 0 && stepsTaken == 0 && updater.Hyperparameters.Length > 0)
        {
            Begin();
            _writer.WriteNumber(MetricsNames.Step, 0);
            Numbers(MetricsNames.Hyperparameters, updater.Hyperparameters);
            End();
        }
    }

    /// <summary>Where the file is kept as it was found, because something in it could not be read; null where all could.</summary>
    public string? DamagedCopy { get; }

    /// <summary>Records a step.</summary>
    public void Write(in StepRecord record)
    {
        Begin();
        _writer.WriteNumber(MetricsNames.Step, record.Step);
        _writer.WriteNumber(MetricsNames.Epoch, record.Epoch);
        Number(MetricsNames.Loss, record.Loss);
        Write(record.Outcome);
        Optional(MetricsNames.LossScale, record.LossScale);
        if (_updater is not null && record.Outcome.Applied)
        {
            Numbers(MetricsNames.Hyperparameters, _updater.MovingHyperparameters, leftOut: _shownAsRate);
            if (record.Outcome.Clipped)
            {
                Numbers(MetricsNames.Clips, _updater.Clips, withoutZeros: true);
            }
        }

        End();
    }

    /// <summary>Records a point of a minimisation, and the step that led to it.</summary>
    /// <param name="step">Number of the step; 0 for the start.</param>
    /// <param name="value">The value there.</param>
    /// <param name="distance">Its distance to the minimiser; null where that is not known.</param>
    /// <param name="point">The point where it has two coordinates; empty otherwise.</param>
    /// <param name="outcome">What the step did; null for the start.</param>
    public void Write(long step, double value, double? distance, ReadOnlySpan<double> point, StepOutcome? outcome)
    {
        Begin();
        _writer.WriteNumber(MetricsNames.Step, step);
        Number(MetricsNames.Value, value);
        Optional(MetricsNames.Distance, distance);
        if (point.Length == 2)
        {
            Number(MetricsNames.X1, point[0]);
            Number(MetricsNames.X2, point[1]);
        }

        if (outcome is { } taken)
        {
            Write(taken);
        }

        End();
    }

    /// <summary>Records that the run went back: what was recorded of the steps that are undone is cut off.</summary>
    public void Write(RestorationRecord record)
    {
        Flush();
        _file.SetLength(MetricsLines.SoundLength(_path, record.Step, record.Number - 1, out _));
        _file.Seek(0, SeekOrigin.End);
        Append(record);
    }

    /// <summary>Records the restoration right behind which the run stands, if the file does not tell of it because the run was killed before it could.</summary>
    public void Require(RestorationRecord record)
    {
        if (!MetricsHistory.Read(_path).Restorations.Exists(r => r.Number == record.Number))
        {
            Append(record);
        }
    }

    private void Append(RestorationRecord record)
    {
        Begin();
        _writer.WriteNumber(MetricsNames.Restored, record.Number);
        _writer.WriteNumber(MetricsNames.Epoch, record.Epoch);
        _writer.WriteNumber(MetricsNames.Step, record.Step);
        _writer.WriteNumber(MetricsNames.FromStep, record.FromStep);
        Number(MetricsNames.RateFactor, record.Factor);
        _writer.WriteString(MetricsNames.Reason, record.Reason);
        End();
    }

    /// <summary>Records the end of an epoch.</summary>
    public void Write(EpochRecord record)
    {
        Begin();
        _writer.WriteNumber(MetricsNames.Epoch, record.Epoch);
        _writer.WriteNumber(MetricsNames.Step, record.Step);
        Number(MetricsNames.TrainLoss, record.TrainingLoss);
        Evaluation(MetricsNames.Validation, record.Validation);
        Evaluation(MetricsNames.Test, record.Test);
        _writer.WriteBoolean(MetricsNames.Best, record.IsBest);
        End();
    }

    /// <summary>Brings everything recorded so far to the disk.</summary>
    public void Flush()
    {
        if (_buffer.WrittenCount > 0)
        {
            _file.Write(_buffer.WrittenSpan);
            _buffer.ResetWrittenCount();
        }

        _file.Flush(flushToDisk: true);
        _flushed = Stopwatch.GetTimestamp();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Flush();
        }
        finally
        {
            _writer.Dispose();
            _file.Dispose();
        }
    }

    private void Write(in StepOutcome outcome)
    {
        Number(MetricsNames.LearningRate, outcome.LearningRate);

        // A micro-batch that was only gathered has made no update: the norm of its own gradient is not that of a step, and an update of length 0 never was.
        if (outcome.Skipped != SkipReason.Accumulating)
        {
            Number(MetricsNames.GradientNorm, outcome.GradientNorm);
            Number(MetricsNames.UpdateNorm, outcome.UpdateNorm);
            _writer.WriteBoolean(MetricsNames.Clipped, outcome.Clipped);
        }

        _writer.WriteBoolean(MetricsNames.Skipped, outcome.IsLost);
        if (outcome.IsLost)
        {
            _writer.WriteString(MetricsNames.SkipReason, MetricsNames.WordFor(outcome.Skipped));
        }
    }

    /// <summary>Numbers by name, in an object of their own if there are any.</summary>
    private void Numbers(JsonEncodedText key, ReadOnlySpan<KeyValuePair<string, double>> numbers, bool withoutZeros = false, string? leftOut = null)
    {
        bool any = false;
        foreach ((string name, double value) in numbers)
        {
            if ((withoutZeros && value == 0) || name == leftOut)
            {
                continue;
            }

            if (!any)
            {
                _writer.WriteStartObject(key);
                any = true;
            }

            if (!_names.TryGetValue(name, out JsonEncodedText encoded))
            {
                encoded = _names[name] = JsonEncodedText.Encode(name);
            }

            Number(encoded, value);
        }

        if (any)
        {
            _writer.WriteEndObject();
        }
    }

    private void Begin()
    {
        _writer.Reset(_buffer);
        _writer.WriteStartObject();
    }

    private void End()
    {
        _writer.WriteEndObject();
        _writer.Flush();
        _buffer.Write("\n"u8);
        if (_buffer.WrittenCount >= FlushSize || Stopwatch.GetElapsedTime(_flushed) >= FlushInterval)
        {
            Flush();
        }
    }

    private void Evaluation(MetricsNames.PartNames names, Evaluation? evaluation)
    {
        if (evaluation is null)
        {
            return;
        }

        Number(names.Loss, evaluation.Loss);
        Optional(names.Accuracy, evaluation.Accuracy);
        Optional(names.RootMeanSquareError, evaluation.RootMeanSquareError);
        Optional(names.RSquared, evaluation.RSquared);
    }

    private void Optional(JsonEncodedText name, double? value)
    {
        if (value is { } number)
        {
            Number(name, number);
        }
    }

    // JSON has no words for what is not finite.
    private void Number(JsonEncodedText name, double value)
    {
        if (double.IsFinite(value))
        {
            _writer.WriteNumber(name, value);
        }
        else
        {
            _writer.WriteNull(name);
        }
    }
}
