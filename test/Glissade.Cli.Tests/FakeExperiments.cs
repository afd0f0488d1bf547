using System.Collections.Immutable;
using Glissade.Experiments.Catalog;
using Glissade.Experiments.Running;
using Glissade.Learning.Training;

namespace Glissade.Cli.Tests;

/// <summary>Experiments that do what a test says.</summary>
internal sealed class FakeExperiments(Func<RunRequest, IRunObserver, CancellationToken, RunSummary> run) : IExperiments
{
    public static readonly RunStart Start = new("toy", "train", "runs/toy-0001", 5, 3, 30, 0, 12, "a toy on nothing");

    public ImmutableArray<CatalogSection> Sections { get; } =
        [new("updates", "What changes.", [new("adam", "m", "beta1=0.9", "Kingma")]), new("layers", "What computes.", [])];

    public static RunSummary Summary(string status) => new("toy", "train", status, "because", 1.5, 30, 5, [new("test_accuracy", 0.5), new("test_loss", null)], "runs/toy-0001");

    public RunSummary Run(RunRequest request, IRunObserver observer, CancellationToken cancellation) => run(request, observer, cancellation);

    public LearningRateFinding FindLearningRate(RunRequest request, LearningRateRangeOptions options, string? report, CancellationToken cancellation) =>
        LearningRateSearch.Find(request, options, report, cancellation);

    /// <summary>Runs a command line in this process.</summary>
    public static (int ExitCode, string Output, string Error) Invoke(
        Func<RunRequest, IRunObserver, CancellationToken, RunSummary> run, bool details, bool terminal, params string[] arguments)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        int code = GlissadeCommand.Invoke(arguments, new CommandEnvironment(output, error, terminal, terminal, Colour: false, details, new FakeExperiments(run)));
        return (code, output.ToString(), error.ToString());
    }
}
