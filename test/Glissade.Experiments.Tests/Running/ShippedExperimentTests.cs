using Glissade.Experiments.Running;

namespace Glissade.Experiments.Tests.Running;

/// <summary>The experiments that ship with the project reach what is said of them, on examples that decided nothing.</summary>
public sealed class ShippedExperimentTests
{
    [Theory]
    [InlineData("digits", "test_accuracy", 0.975)]
    [InlineData("digits-swa", "test_accuracy", 0.97)]
    [InlineData("iris", "test_accuracy", 0.93)]
    [InlineData("diabetes", "test_r2", 0.40)]
    public void A_shipped_experiment_reaches_its_figure_for_each_seed(string name, string figure, double least)
    {
        string folder = Directory.CreateTempSubdirectory("glissade-shipped-").FullName;
        try
        {
            for (ulong seed = 1; seed <= 3; seed++)
            {
                var request = new RunRequest { File = Path.Combine(Experiments(), name + ".yaml"), Seed = seed, Folder = Path.Combine(folder, $"{name}-{seed}") };
                RunSummary summary = TestExperiment.RunFile(request);
                double reached = summary.Metrics.Single(m => m.Key == figure).Value ?? double.NaN;
                Assert.Equal("completed", summary.Status);
                Assert.True(reached >= least, $"{name}, seed {seed}: {figure} is {reached:F4}, at least {least} was expected");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Experiments()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Glissade.slnx")))
            {
                return Path.Combine(folder, "experiments");
            }
        }

        throw new InvalidOperationException("The tests do not run below the folder of Glissade.slnx.");
    }
}
