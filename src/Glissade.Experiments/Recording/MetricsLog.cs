using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using Glissade.Learning.Training;

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
        Number(MetricsNames.LearningRate, record.Outcome.LearningRate);
        Number(MetricsNames.GradientNorm, record.Outcome.GradientNorm);
        Number(MetricsNames.UpdateNorm, record.Outcome.UpdateNorm);
        Optional(MetricsNames.LossScale, record.LossScale);
        _writer.WriteBoolean(MetricsNames.Clipped, record.Outcome.Clipped);
        _writer.WriteBoolean(MetricsNames.Skipped, record.Outcome.IsLost);
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
