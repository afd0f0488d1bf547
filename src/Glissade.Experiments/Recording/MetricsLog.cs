using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using Glissade.Learning.Training;
using Glissade.Updates;

namespace Glissade.Experiments.Recording;

/// <summary>Writes the metrics of a run, a JSON object a line, at the end of a file that is never rewritten.</summary>
/// <remarks>
/// What is recorded reaches the disk at each checkpoint and about once a second. A crash may leave a line torn, or lines of steps that are taken again when the run is
/// resumed: both are cut off when the file is opened again. Nothing in it depends on time, so a resumed run leaves the same bytes as one that never stopped.
/// A step allocates nothing. Belongs to one thread.
/// </remarks>
internal sealed class MetricsLog : IDisposable
{
    private const int FlushSize = 1 << 16;
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _buffer = new(2 * FlushSize);
    private readonly Utf8JsonWriter _writer;
    private long _flushed = Stopwatch.GetTimestamp();

    /// <summary>Opens the file for a run that stands at a step.</summary>
    /// <param name="path">The file; made if it is lacking.</param>
    /// <param name="stepsTaken">Steps already taken: what was recorded of later ones is cut off.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public MetricsLog(string path, long stepsTaken)
    {
        long sound = File.Exists(path) ? MetricsLines.Read(path, line => MetricsLines.StepOf(line) is { } step && step <= stepsTaken) : 0;

        // Others may read while it grows.
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _file.SetLength(sound);
        _file.Seek(0, SeekOrigin.End);
        _writer = new Utf8JsonWriter(_buffer);
    }

    /// <summary>Records a step.</summary>
    public void Write(in StepRecord record)
    {
        Begin();
        _writer.WriteNumber(MetricsNames.Step, record.Step);
        _writer.WriteNumber(MetricsNames.Epoch, record.Epoch);
        Number(MetricsNames.Loss, record.Loss);
        Write(record.Outcome);
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
        Number(MetricsNames.GradientNorm, outcome.GradientNorm);
        Number(MetricsNames.UpdateNorm, outcome.UpdateNorm);
        _writer.WriteBoolean(MetricsNames.Clipped, outcome.Clipped);
        _writer.WriteBoolean(MetricsNames.Skipped, outcome.IsLost);
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
