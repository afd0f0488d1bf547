using System.Text;

namespace Glissade.Learning;

/// <summary>A file from outside is not what it should be: where, what was found, what was expected.</summary>
/// <remarks>The message reads <c>path:line:column: found …, expected …</c>; line and column are left out where the file has none.</remarks>
public sealed class InputException : Exception
{
    private const int LongestQuotation = 40;

    /// <summary>A fault at a place in a file.</summary>
    /// <param name="path">The file, as the caller named it.</param>
    /// <param name="line">Line from 1, or null where lines mean nothing or none is to blame.</param>
    /// <param name="column">Character in that line from 1, or null.</param>
    /// <param name="found">What stands there, as a phrase that fits after "found".</param>
    /// <param name="expected">What should stand there, as a phrase that fits after "expected".</param>
    /// <param name="innerException">The cause, if another exception told of it.</param>
    public InputException(string path, int? line, int? column, string found, string expected, Exception? innerException = null)
        : base($"{Place(path, line, column)}: found {found}, expected {expected}", innerException)
    {
        Path = path;
        Line = line;
        Column = column;
        Found = found;
        Expected = expected;
    }

    /// <summary>A fault of a file as a whole.</summary>
    /// <param name="path">The file, as the caller named it.</param>
    /// <param name="found">What was found, as a phrase that fits after "found".</param>
    /// <param name="expected">What should be, as a phrase that fits after "expected".</param>
    /// <param name="innerException">The cause, if another exception told of it.</param>
    public InputException(string path, string found, string expected, Exception? innerException = null)
        : this(path, null, null, found, expected, innerException)
    {
    }

    /// <summary>The file, as the caller named it.</summary>
    public string Path { get; }

    /// <summary>Line from 1, or null where lines mean nothing or none is to blame.</summary>
    public int? Line { get; }

    /// <summary>Character in the line from 1, or null.</summary>
    public int? Column { get; }

    /// <summary>What was found.</summary>
    public string Found { get; }

    /// <summary>What was expected.</summary>
    public string Expected { get; }

    /// <summary>Text in single quotes, fit for a message: one line, control characters shown as escapes, long text cut.</summary>
    /// <param name="text">The text found.</param>
    internal static string Quote(string text)
    {
        var quoted = new StringBuilder("'");
        foreach (char character in text)
        {
            if (quoted.Length > LongestQuotation)
            {
                return quoted.Append("…'").ToString();
            }

            _ = character switch
            {
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                _ when char.IsControl(character) => quoted.Append($"\\u{(int)character:x4}"),
                _ => quoted.Append(character),
            };
        }

        return quoted.Append('\'').ToString();
    }

    /// <summary>All bytes of a file; what the file system has against it becomes an <see cref="InputException"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What the file should be, as a phrase that fits after "expected".</param>
    internal static byte[] ReadAllBytes(string path, string expected)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, expected, fault);
        }
    }

    /// <summary>What to throw when the file system refuses to open or read a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What the file should be.</param>
    /// <param name="fault">What the file system said.</param>
    internal static InputException Unreadable(string path, string expected, Exception fault)
    {
        string found = fault switch
        {
            FileNotFoundException or DirectoryNotFoundException => "no such file",
            _ when Directory.Exists(path) => "a directory",
            UnauthorizedAccessException => "a file that may not be read",
            _ => $"a file that cannot be read ({fault.Message.TrimEnd('.')})",
        };
        return new InputException(path, found, expected, fault);
    }

    private static string Place(string path, int? line, int? column) =>
        (line, column) switch
        {
            (null, _) => path,
            (_, null) => $"{path}:{line}",
            _ => $"{path}:{line}:{column}",
        };
}
