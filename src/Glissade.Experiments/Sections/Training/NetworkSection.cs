using System.Collections.Immutable;
using Glissade.Experiments.Reading;
using Glissade.Learning.Data;
using Glissade.Learning.Networks;
using Glissade.Numerics;

namespace Glissade.Experiments.Sections;

/// <summary>The section <c>network</c>: layers in order.</summary>
/// <remarks>
/// The output layer is not written: behind the last layer comes a dense one with a unit for each class, or with one unit for a value. An empty list is therefore a
/// linear model.
/// </remarks>
internal sealed record NetworkSection(Network Network, BuiltNetwork Built, FileNode Resolved)
{
    /// <summary>How many parameters a network may have; more would be a slip of the finger, and the vectors beside them would fill the memory.</summary>
    public const long ParameterLimit = 100_000_000;

    /// <summary>Reads the section.</summary>
    /// <param name="node">The section.</param>
    /// <param name="data">The examples; null where they could not be read.</param>
    /// <returns>The network, or null where something is wrong.</returns>
    public static NetworkSection? Read(FileNode node, Dataset? data)
    {
        int problems = node.Problems.Count;
        ImmutableArray<RegistryItem<Layer>?> items = [.. node.AsList("layers").Select(item => LayerRegistry.All.Read(item, new ScheduleContext()))];
        if (node.Problems.Count > problems || node.Kind != FileNodeKind.Sequence || data is null)
        {
            return null;
        }

        var output = new Dense(data.Kind == TargetKind.Classification ? data.ClassNames.Length : 1);
        ImmutableArray<Layer> layers = [.. items.Select(item => item!.Value!), output];
        long parameters = Parameters(layers, data.FeatureCount);
        if (parameters > ParameterLimit)
        {
            node.Report(FormattableString.Invariant($"at most {ParameterLimit:N0}"), found: FormattableString.Invariant($"a network of {parameters:N0} parameters"));
            return null;
        }

        Network network = Network.Of(layers);
        return node.Make(() => network.Build(new Shape(data.FeatureCount)), node.Problems.Count) is { } built
            ? new NetworkSection(network, built, NodeWriter.List(items.Select(item => item!.Resolved)))
            : null;
    }

    /// <summary>Counted before the network is built, whose own count is of 32 bits.</summary>
    private static long Parameters(ImmutableArray<Layer> layers, long width)
    {
        long sum = 0;
        foreach (Layer layer in layers)
        {
            (long parameters, width) = layer switch
            {
                Dense dense => ((width + 1) * dense.Units, dense.Units),
                BatchNormalization => (2 * width, width),
                _ => (0, width),
            };
            sum += parameters;
        }

        return sum;
    }
}
