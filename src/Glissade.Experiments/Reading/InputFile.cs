using System.Text;
using Glissade.Input;

namespace Glissade.Experiments.Reading;

/// <summary>Opens files that people write, and says clearly what is wrong with those that cannot be used.</summary>
public static class InputFile
{
    /// <summary>How large a file may be, in bytes: an experiment is a page or two, and a data file named by mistake should be told at once.</summary>
    public const int SizeLimit = 1 << 20;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file with a reader of its content, and tells all that is wrong at once.</summary>
    /// <typeparam name="T">What is read.</typeparam>
    /// <param name="path">The file.</param>
    /// <param name="assignments">Changes from the command line, such as <c>update.adam.beta1=0.8</c>, made in order before the reading.</param>
    /// <param name="reader">Asks the nodes of the tree.</param>
    /// <exception cref="InputException">Something is wrong with the file, a change or the content.</exception>
    public static T Read<T>(string path, IEnumerable<string> assignments, Func<FileNode, T> reader)
        => FileOverride.Apply(Load(path), assignments).Read(reader);

    /// <summary>The tree of a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputException">There is no such file, or it is not YAML of the kind that is supported.</exception>
    public static FileNode Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Parse(Decode(Bytes(path), path), path);
    }

    /// <summary>The tree of a text.</summary>
    /// <param name="text">The YAML text.</param>
    /// <param name="path">What messages call it.</param>
    /// <exception cref="InputException">It is not YAML of the kind that is supported.</exception>
    public static FileNode Parse(string text, string path)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (text.Length > SizeLimit)
        {
            throw TooLarge(path, text.Length);
        }

        FileNode? root = YamlReader.Read(text, new FilePlace(path, 1, 1, string.Empty, new InputProblems()));
        return root is null || root.IsNothing
            ? throw new InputException(new InputProblem(path, 1, 1, "an empty file", "keys and values"))
            : root;
    }

    private static byte[] Bytes(string path)
    {
        if (Directory.Exists(path))
        {
            throw new InputException(new InputProblem(path, "a folder", "a file"));
        }

        try
        {
            using FileStream stream = File.OpenRead(path);

            // One byte more than the limit, rather than the length: what is not a plain file has no length to trust.
            byte[] bytes = new byte[SizeLimit + 1];
            int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length <= SizeLimit ? bytes[..length] : throw TooLarge(path, stream.CanSeek ? stream.Length : length);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException(new InputProblem(path, "no such file", suggestion: Neighbour(path)), missing);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new InputException(new InputProblem(path, $"cannot be read: {FileNode.Short(error.Message, 200)}"), error);
        }
    }

    /// <summary>The file of the nearest name in the same folder, named as the missing one was.</summary>
    private static string? Neighbour(string path)
    {
        try
        {
            string folder = Path.GetDirectoryName(path) is { Length: > 0 } named ? named : ".";
            string? nearest = NearestName.Find(Path.GetFileName(path), Directory.EnumerateFiles(folder).Take(10_000).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
            return nearest is null ? null : Path.Combine(Path.GetDirectoryName(path) ?? string.Empty, nearest);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static string Decode(byte[] bytes, string path)
    {
        ReadOnlySpan<byte> content = bytes;
        if (content.StartsWith("\uFEFF"u8))
        {
            content = content[3..];
        }

        if (content.StartsWith<byte>([0xFF, 0xFE]) || content.StartsWith<byte>([0xFE, 0xFF]))
        {
            throw new InputException(new InputProblem(path, 1, 1, "text in UTF-16", "text in UTF-8"));
        }

        try
        {
            return Strict.GetString(content);
        }
        catch (DecoderFallbackException error)
        {
            ReadOnlySpan<byte> before = content[..Math.Clamp(error.Index, 0, content.Length)];
            int line = before.Count((byte)'\n') + 1, column = before.Length - before.LastIndexOf((byte)'\n');
            throw new InputException(new InputProblem(path, line, column, "bytes that are not UTF-8", "text in UTF-8"), error);
        }
    }

    private static InputException TooLarge(string path, long length)
        => new(new InputProblem(path, FormattableString.Invariant($"a file of {length:N0} bytes"), FormattableString.Invariant($"at most {SizeLimit:N0}; is this the file you meant?")));
}
