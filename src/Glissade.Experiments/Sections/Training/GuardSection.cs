using Glissade.Experiments.Reading;
using Glissade.Learning.Training;
using Glissade.Numerics;
using Glissade.Updates;

namespace Glissade.Experiments.Sections;

/// <summary>The section <c>guard</c>: what counts as divergence, and what happens then.</summary>
/// <remarks>
/// <c>guard: { skip: 10, growth: 1000, restore: 0.5, times: 3 }</c> bears 10 skipped steps in a row and losses up to 1000 times the first; beyond that the run goes
/// back to its last sound epoch with half the learning rate, three times, before it ends as diverged. Without <c>restore</c> it ends at once.
/// </remarks>
internal sealed record GuardSection(int Skip, double Growth, DivergenceResponse Response, FileNode Resolved)
{
    /// <summary>Reads the section.</summary>
    /// <param name="node">The section.</param>
    public static GuardSection? Read(FileNode node)
    {
        int problems = node.Problems.Count;
        var defaults = new TrainingOptions();
        var usual = (RestoreOnDivergence)DivergenceResponse.Restore();
        FileMapping map = node.AsMapping("what to do when numbers run away");
        int skip = map.Optional("skip")?.AsCount(0) ?? defaults.MaximumSkippedInARow;
        double growth = map.Optional("growth")?.AsNumber(above: 1) ?? defaults.DivergenceFactor;
        double? restore = map.Optional("restore")?.AsNumber(above: 0, below: 1);
        FileNode? given = map.Optional("times");
        int times = given?.AsCount() ?? usual.MaximumTimes;
        map.RejectUnknownKeys();
        if (given is not null && restore is null)
        {
            given.Report("a factor 'restore' in 'guard', such as restore: 0.5, that the rate is multiplied by each time", found: "'times' without 'restore'");
        }

        return node.Problems.Count > problems ? null : new GuardSection(
            skip,
            growth,
            restore is { } factor ? DivergenceResponse.Restore(factor, times) : DivergenceResponse.Stop,
            NodeWriter.Mapping(
                ("skip", NodeWriter.Integer(skip)),
                ("growth", NodeWriter.Number(growth)),
                ("restore", restore is { } written ? NodeWriter.Number(written) : null),
                ("times", restore is null ? null : NodeWriter.Integer(times))));
    }

    /// <summary>Says where a chain has no learning rate to make smaller.</summary>
    /// <param name="node">The section.</param>
    /// <param name="chain">How parameters change.</param>
    /// <param name="layout">Names and places of the parameters.</param>
    public void Check(FileNode node, Chain chain, Layout layout)
    {
        if (Response is RestoreOnDivergence && !chain.Compile(layout, new FlatVector<float>(layout.Length), new FlatVector<float>(layout.Length)).HasLearningRate)
        {
            node.Report("a rule 'learning-rate' in 'update'", found: "'restore' in 'guard' without a learning rate to make smaller");
        }
    }
}
