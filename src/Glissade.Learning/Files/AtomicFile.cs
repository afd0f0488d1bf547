namespace Glissade.Learning.Files;

/// <summary>Writes a file whole or not at all.</summary>
/// <remarks>
/// The bytes go to a temporary file in the same folder, are flushed to the disk, and the temporary file is renamed over the target.
/// A reader therefore sees the old file or the new one, never a part, also when the process is killed or the disk is full.
/// After a failure the temporary file is deleted; a killed process leaves one named <c>.glissade-….tmp</c> behind.
/// Whether the old or the new file is there after a loss of power just after the rename is for the file system to say.
/// </remarks>
public static class AtomicFile
{
    /// <summary>Writes a file through a stream.</summary>
    /// <param name="path">The file; replaced if it exists. A symbolic link stays and the file it points at is replaced.</param>
    /// <param name="write">Writes the contents; must not keep the stream. If it throws, the target is left as it was.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty or names a folder by a trailing separator.</exception>
    /// <exception cref="IOException">The file system refused: no such folder, disk full, a folder in the place of the target.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file may not be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string target = Path.GetFullPath(path);
        if (Path.GetFileName(target).Length == 0)
        {
            throw new ArgumentException($"'{path}' names a folder; the path of a file was expected.", nameof(path));
        }

        var file = new FileInfo(target);
        target = file.LinkTarget is null ? target : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;

        if (Directory.Exists(target))
        {
            throw new IOException($"'{path}' is a folder, but a file is to be written there; take the folder away, or name another file.");
        }

        // The same folder, because a rename is atomic only within one file system.
        string temporary = Path.Combine(Path.GetDirectoryName(target)!, $".glissade-{Path.GetRandomFileName()}.tmp");
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                write(stream);
                stream.Flush();
                RandomAccess.FlushToDisk(stream.SafeFileHandle);
            }

            if (!OperatingSystem.IsWindows() && File.Exists(target))
            {
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
            }

            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            DeleteQuietly(temporary);
            throw;
        }
    }

    /// <summary>Writes a file of given bytes.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream})" path="/exception"/>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="bytes">Its contents.</param>
    public static void WriteBytes(string path, ReadOnlyMemory<byte> bytes) => Write(path, stream => stream.Write(bytes.Span));

    /// <summary>Writes a text file as UTF-8 without a byte order mark, line ends as they are.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream})" path="/exception"/>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="text">Its contents.</param>
    public static void WriteText(string path, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        WriteBytes(path, System.Text.Encoding.UTF8.GetBytes(text));
    }

    // The first failure is the one to report; that the temporary file could not be deleted either is not news.
    private static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
        }
    }
}
