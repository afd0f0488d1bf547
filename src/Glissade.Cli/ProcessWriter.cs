using System.Text;

namespace Glissade.Cli;

/// <summary>Standard output or error of this process, which may be closed, full, or a terminal that went away.</summary>
/// <remarks>A result that is lost is told of by a name that says something; progress that is lost must not end a run.</remarks>
/// <param name="open">Opens the stream.</param>
/// <param name="name">What a message calls the stream; null for one whose failures are passed over in silence.</param>
internal sealed class ProcessWriter(Func<TextWriter> open, string? name) : TextWriter
{
    private readonly Lazy<TextWriter> _inner = new(open);

    /// <summary>The stream itself, null where it cannot be opened.</summary>
    public TextWriter? Inner
    {
        get
        {
            try
            {
                return _inner.Value;
            }
            catch (Exception fault) when (IsOutside(fault))
            {
                return null;
            }
        }
    }

    public override Encoding Encoding => Inner?.Encoding ?? Encoding.UTF8;

    public override void Write(char value) => Try(inner => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(inner => inner.Write(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void Write(string? value) => Try(inner => inner.Write(value));

    public override void WriteLine(string? value) => Try(inner => inner.WriteLine(value));

    public override void Flush() => Try(inner => inner.Flush());

    private static bool IsOutside(Exception fault) => fault is IOException or ObjectDisposedException or UnauthorizedAccessException;

    private void Try(Action<TextWriter> write)
    {
        try
        {
            write(_inner.Value);
        }
        catch (Exception fault) when (IsOutside(fault))
        {
            if (name is not null)
            {
                throw new IOException($"{name} cannot be written: {fault.Message}", fault);
            }
        }
    }
}
