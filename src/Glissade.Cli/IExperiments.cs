using System.Collections.Immutable;
using Glissade.Experiments.Catalog;
using Glissade.Experiments.Running;
using Glissade.Learning.Training;

namespace Glissade.Cli;

/// <summary>What runs experiments, and what can stand in one.</summary>
internal interface IExperiments
{
    /// <inheritdoc cref="ExperimentCatalog.Sections"/>
    ImmutableArray<CatalogSection> Sections { get; }

    /// <inheritdoc cref="ExperimentRunner.Run"/>
    RunSummary Run(RunRequest request, IRunObserver observer, CancellationToken cancellation);

    /// <inheritdoc cref="LearningRateSearch.Find"/>
    LearningRateFinding FindLearningRate(RunRequest request, LearningRateRangeOptions options, string? report, CancellationToken cancellation);
}

/// <summary>The real ones.</summary>
internal sealed class Experiments : IExperiments
{
    public ImmutableArray<CatalogSection> Sections => ExperimentCatalog.Sections;

    public RunSummary Run(RunRequest request, IRunObserver observer, CancellationToken cancellation) =>
        ExperimentRunner.Run(request, observer, cancellation);

    public LearningRateFinding FindLearningRate(RunRequest request, LearningRateRangeOptions options, string? report, CancellationToken cancellation) =>
        LearningRateSearch.Find(request, options, report, cancellation);
}
