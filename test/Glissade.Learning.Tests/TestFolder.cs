namespace Glissade.Learning.Tests;

/// <summary>A folder of its own for a test, deleted afterwards, and the way to the repository's data.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("glissade-test-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string text, string name = "table.csv")
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    public string Write(byte[] bytes, string name = "table.csv")
    {
        System.IO.File.WriteAllBytes(File(name), bytes);
        return File(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    public static string Data(string name)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !System.IO.File.Exists(System.IO.Path.Combine(folder, "Glissade.slnx")))
        {
            folder = System.IO.Path.GetDirectoryName(folder);
        }

        Assert.NotNull(folder);
        return System.IO.Path.Combine(folder, "experiments", "data", name);
    }
}
