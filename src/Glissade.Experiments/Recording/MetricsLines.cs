using System.Globalization;
using System.Text.Json;

namespace Glissade.Experiments.Recording;

/// <summary>Judges a line of the metrics file.</summary>
/// <param name="line">The line, without its end.</param>
/// <returns>Whether to go on to the next.</returns>
internal delegate bool MetricsLineVisitor(ReadOnlySpan<byte> line);

/// <summary>Reads the metrics file line by line, however long it is.</summary>
internal static class MetricsLines
{
    private const int FirstBuffer = 1 << 16;

    /// <summary>Shows the whole lines of a file to a visitor, until it has enough. A last line without its end is torn, and not shown.</summary>
    /// <param name="path">The file.</param>
    /// <param name="visit">Judges a line.</param>
    /// <returns>How many bytes the accepted lines have.</returns>
    public static long Read(string path, MetricsLineVisitor visit)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        byte[] buffer = new byte[FirstBuffer];
        long accepted = 0;
        int filled = 0;
        while (true)
        {
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, 2 * buffer.Length);
            }

            int read = file.Read(buffer.AsSpan(filled));
            if (read == 0)
            {
                return accepted;
            }

            filled += read;
            int start = 0;
            for (int end = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n'); end >= 0; end = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n'))
            {
                if (!visit(buffer.AsSpan(start, end)))
                {
                    return accepted;
                }

                start += end + 1;
                accepted += end + 1;
            }

            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
        }
    }

    /// <summary>How many bytes the lines have that lead to where a run stands.</summary>
    /// <param name="path">The file.</param>
    /// <param name="stepsTaken">Steps taken.</param>
    /// <param name="restorations">Restorations so far.</param>
    /// <param name="isDamaged">Whether it is a whole line that is no record where they end.</param>
    public static long SoundLength(string path, long stepsTaken, int restorations, out bool isDamaged)
    {
        bool isUnreadable = false;
        long length = Read(path, line =>
        {
            long? step = StepOf(line, out long restored);
            isUnreadable = step is null;
            return step <= stepsTaken && restored <= restorations;
        });
        isDamaged = isUnreadable;
        return length;
    }

    /// <summary>Copies a file as it is to a name beside it that is free.</summary>
    /// <returns>The copy.</returns>
    public static string KeepAside(string path)
    {
        for (int number = 1; ; number++)
        {
            string copy = Path.ChangeExtension(path, string.Create(CultureInfo.InvariantCulture, $"damaged-{number}{Path.GetExtension(path)}"));
            if (!File.Exists(copy))
            {
                File.Copy(path, copy);
                return copy;
            }
        }
    }

    /// <summary>The step of a line; null for one that is not a record.</summary>
    public static long? StepOf(ReadOnlySpan<byte> line) => StepOf(line, out _);

    /// <summary>The step of a line; null for one that is not a record.</summary>
    /// <param name="line">The line.</param>
    /// <param name="restored">The number of the restoration that the line tells of; 0 for another line.</param>
    public static long? StepOf(ReadOnlySpan<byte> line, out long restored)
    {
        restored = 0;
        try
        {
            long? step = null;
            var reader = new Utf8JsonReader(line);
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(MetricsNames.Restored.EncodedUtf8Bytes))
                {
                    reader.Read();
                    restored = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long which) ? which : 0;
                }
                else if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(MetricsNames.Step.EncodedUtf8Bytes))
                {
                    reader.Read();
                    step = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long number) ? number : null;
                }
            }

            return step;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
