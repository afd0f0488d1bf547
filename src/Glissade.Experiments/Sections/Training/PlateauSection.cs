using Glissade.Experiments.Reading;
using Glissade.Numerics;
using Glissade.Schedules;
using Glissade.Updates;

namespace Glissade.Experiments.Sections;

/// <summary>The section <c>reduce-on-plateau</c>: when the learning rate is reduced because the epochs no longer get better.</summary>
/// <remarks>
/// <c>reduce-on-plateau: { factor: 0.5, patience: 5 }</c> halves the rate after more than 5 epochs in a row whose validation loss, or training loss without
/// validation data, is not better than the best.
/// </remarks>
internal sealed record PlateauSection(PlateauSettings Settings, FileNode Resolved)
{
    private static readonly string[] Kinds = ["relative", "absolute"];

    /// <summary>Reads the section.</summary>
    /// <param name="node">The section.</param>
    public static PlateauSection? Read(FileNode node)
    {
        int problems = node.Problems.Count;
        var defaults = new PlateauSettings();
        FileMapping map = node.AsMapping("when to reduce the learning rate");
        double factor = map.Optional("factor")?.AsNumber(above: 0, below: 1) ?? defaults.Factor;
        int patience = map.Optional("patience")?.AsCount(0) ?? defaults.Patience;
        string kind = map.Optional("threshold-kind")?.AsWord(Kinds) ?? Kinds[0];
        double threshold = map.Optional("threshold")?.AsNumber(new NumberRange(Min: 0, Below: kind == Kinds[0] ? 1 : null)) ?? defaults.Threshold;
        int cooldown = map.Optional("cooldown")?.AsCount(0) ?? defaults.Cooldown;
        double minimum = map.Optional("minimum")?.AsNumber(0, 1) ?? defaults.Minimum;
        map.RejectUnknownKeys();
        return node.Problems.Count > problems ? null : new PlateauSection(
            new PlateauSettings
            {
                Factor = factor,
                Patience = patience,
                Threshold = threshold,
                ThresholdKind = kind == Kinds[0] ? PlateauThreshold.Relative : PlateauThreshold.Absolute,
                Cooldown = cooldown,
                Minimum = minimum,
            },
            NodeWriter.Mapping(
                ("factor", NodeWriter.Number(factor)),
                ("patience", NodeWriter.Integer(patience)),
                ("threshold", NodeWriter.Number(threshold)),
                ("threshold-kind", NodeWriter.Literal(kind)),
                ("cooldown", NodeWriter.Integer(cooldown)),
                ("minimum", NodeWriter.Number(minimum))));
    }

    /// <summary>Says where a chain has nothing to reduce.</summary>
    /// <param name="node">The section.</param>
    /// <param name="chain">How parameters change.</param>
    /// <param name="layout">Names and places of the parameters.</param>
    public static void Check(FileNode node, Chain chain, Layout layout)
    {
        if (!chain.Compile(layout, new FlatVector<float>(layout.Length), new FlatVector<float>(layout.Length)).HasLearningRate)
        {
            node.Report("a rule 'learning-rate' in 'update'", found: "'reduce-on-plateau' without a learning rate to reduce");
        }
    }
}
