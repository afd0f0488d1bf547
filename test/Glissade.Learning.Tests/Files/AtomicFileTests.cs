using Glissade.Learning.Files;

namespace Glissade.Learning.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Writes_and_replaces_leaving_nothing_else()
    {
        string path = _folder.File("état.txt");
        AtomicFile.WriteText(path, "first");
        AtomicFile.WriteText(path, "second é");
        Assert.Equal("second é"u8.ToArray(), File.ReadAllBytes(path));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_failure_in_the_middle_leaves_the_old_state(bool exists)
    {
        string path = _folder.File("a");
        if (exists)
        {
            File.WriteAllText(path, "old");
        }

        Assert.Throws<IOException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[100_000]);
            throw new IOException("No space left on device");
        }));
        Assert.Equal(exists ? [path] : [], Directory.GetFileSystemEntries(_folder.Path));
        Assert.True(!exists || File.ReadAllText(path) == "old");
    }

    [Fact]
    public void A_target_that_is_a_folder_is_refused_and_nothing_is_left()
    {
        string path = _folder.File("sub");
        Directory.CreateDirectory(path);
        Assert.StartsWith($"'{path}' is a folder, but a file is to be written there; ", Assert.Throws<IOException>(() => AtomicFile.WriteText(path, "x")).Message, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
        Assert.Throws<ArgumentException>(() => AtomicFile.WriteText(path + "/", "x"));
        Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.WriteText(_folder.File("none/x"), "x"));
    }

    [Fact]
    public void A_relative_path_stands_for_the_current_folder()
    {
        string name = $"glissade-{Guid.NewGuid():n}.txt";
        try
        {
            AtomicFile.WriteText(name, "x");
            Assert.Equal("x", File.ReadAllText(Path.GetFullPath(name)));
        }
        finally
        {
            File.Delete(name);
        }
    }

    [Fact]
    public void A_link_stays_a_link_and_the_mode_stays_the_mode()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Links and modes are of Unix.");
            return;
        }

        string path = _folder.Write("old", "real"), link = _folder.File("link");
        File.CreateSymbolicLink(link, path);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        AtomicFile.WriteText(link, "new");
        Assert.Equal("new", File.ReadAllText(path));
        Assert.NotNull(new FileInfo(link).LinkTarget);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task A_reader_sees_one_version_or_the_other()
    {
        string path = _folder.File("a");
        byte[][] versions = [new byte[300_000], new byte[200_000]];
        Array.Fill(versions[1], (byte)1);
        AtomicFile.WriteBytes(path, versions[0]);
        Task writer = Task.Run(
            () =>
            {
                for (int i = 0; i < 60; i++)
                {
                    AtomicFile.WriteBytes(path, versions[i % 2]);
                }
            },
            TestContext.Current.CancellationToken);
        while (!writer.IsCompleted)
        {
            byte[] seen = File.ReadAllBytes(path);
            Assert.True(seen.AsSpan().SequenceEqual(versions[0]) || seen.AsSpan().SequenceEqual(versions[1]));
        }

        await writer;
    }
}
