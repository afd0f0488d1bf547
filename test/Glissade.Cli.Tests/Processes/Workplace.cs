namespace Glissade.Cli.Tests.Processes;

/// <summary>A folder with the experiments that ship with the project, for one test.</summary>
public sealed class Workplace : IDisposable
{
    public Workplace()
    {
        Folder = Directory.CreateTempSubdirectory("glissade-cli-").FullName;
        string experiments = Path.Combine(Repository, "experiments");
        Directory.CreateDirectory(Path.Combine(Folder, "data"));
        foreach (string name in new[] { "iris.yaml", "digits.yaml", "diabetes.yaml", "data/iris.csv", "data/digits.csv", "data/diabetes.csv" })
        {
            File.Copy(Path.Combine(experiments, name), Path.Combine(Folder, name));
        }
    }

    public string Folder { get; }

    public static string Repository { get; } = FindRepository();

    public string PathOf(params string[] parts) => Path.Combine([Folder, .. parts]);

    public ProcessResult Run(params string[] arguments) => CommandProcess.Run(Folder, arguments);

    public CommandProcess Start(params string[] arguments) => CommandProcess.Start(Folder, arguments);

    /// <summary>Every file of a run that says what was learnt, by its name.</summary>
    public SortedDictionary<string, byte[]> Weights(string run)
    {
        SortedDictionary<string, byte[]> files = [];
        foreach (string file in Directory.EnumerateFiles(PathOf(run), "*.safetensors", SearchOption.AllDirectories))
        {
            files.Add(Path.GetRelativePath(PathOf(run), file), File.ReadAllBytes(file));
        }

        Assert.NotEmpty(files);
        return files;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string FindRepository()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Glissade.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("The tests run outside the repository.");
    }
}
