using Glissade.Input;

namespace Glissade.Learning.Files;

/// <summary>Reads files from outside; what the file system has against one becomes an <see cref="InputException"/>.</summary>
internal static class SourceFile
{
    /// <summary>All bytes of a file.</summary>
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
        return new InputException(new InputProblem(path, found, expected), fault);
    }
}
