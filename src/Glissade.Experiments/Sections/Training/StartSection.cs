using System.Collections.Immutable;
using System.Security.Cryptography;
using Glissade.Experiments.Reading;
using Glissade.Input;
using Glissade.Learning.Files;
using Glissade.Learning.Networks;
using Glissade.Learning.WarmStarts;
using Glissade.Numerics;
using Glissade.Updates;

namespace Glissade.Experiments.Sections;

/// <summary>The section <c>start</c>: what the run begins with instead of fresh weights.</summary>
/// <remarks>
/// <c>start: { from: runs/old-0001/checkpoints/last.safetensors, parameters: "dense1.*", state: false }</c> takes the parameters of those names where their shapes
/// are the same. <c>from</c> is a checkpoint or a model, relative to the experiment file; <c>parameters</c> is a name, or a list of names, in which * stands for any
/// characters, all where left out; <c>state</c> says whether the optimizer's state and the average are taken too, and is true where left out; <c>steps</c> whether
/// schedules go on where they stood, false where left out.
/// </remarks>
internal sealed record StartSection(WarmStart Start, string File, string Hash, FileNode Rest)
{
    /// <summary>The section with the file named otherwise.</summary>
    public FileNode ResolvedWith(string file) => NodeWriter.Mapping([("from", NodeWriter.Text(file)), .. Rest.Entries.Select(e => (e.Key, (FileNode?)e.Value))]);

    /// <summary>Reads the section and the file it names.</summary>
    /// <param name="node">The section.</param>
    /// <param name="folder">The folder of the experiment file.</param>
    /// <param name="network">Names the parameters; null where it could not be read.</param>
    /// <param name="chain">How parameters change; null where it could not be read.</param>
    /// <param name="average">The average that is kept.</param>
    public static StartSection? Read(FileNode node, string folder, BuiltNetwork? network, Chain? chain, ParameterAverage? average)
    {
        int problems = node.Problems.Count;
        FileMapping map = node.AsMapping("what to begin with");
        FileNode from = map.Required("from");
        FileNode? parameters = map.Optional("parameters");
        bool state = map.Optional("state")?.AsBoolean() ?? true, steps = map.Optional("steps")?.AsBoolean() ?? false;
        map.RejectUnknownKeys();
        ImmutableArray<FileNode> patterns = parameters switch
        {
            null => [],
            { Kind: FileNodeKind.Sequence } => parameters.AsList("names of parameters"),
            _ => [parameters],
        };
        if (parameters is not null && patterns.IsEmpty)
        {
            parameters.Report("at least one name of a parameter");
        }

        string[] names = patterns.IsEmpty ? ["*"] : [.. patterns.Select(p => p.AsText("the name of a parameter"))];
        string path = Path.Combine(folder, from.AsText("the name of a checkpoint or a model"));
        if (node.Problems.Count > problems)
        {
            return null;
        }

        UpdateSection.Check(patterns, network?.Layout);
        try
        {
            string hash = Convert.ToHexStringLower(SHA256.HashData(SourceFile.ReadAllBytes(path, "a checkpoint or a model")));
            var start = new WarmStart(WarmStartSource.Read(path), new WarmStartPolicy { Parameters = names, State = state, Steps = steps });
            if (network is not null && chain is not null && node.Problems.Count == problems)
            {
                CheckFit(from, network, chain, average, start);
            }

            return node.Problems.Count > problems ? null : new StartSection(start, path, hash, NodeWriter.Mapping(
                ("parameters", NodeWriter.List(names.Select(NodeWriter.Text))),
                ("state", NodeWriter.Literal(state ? "true" : "false")),
                ("steps", NodeWriter.Literal(steps ? "true" : "false"))));
        }
        catch (InputException fault)
        {
            foreach (InputProblem problem in fault.Problems)
            {
                from.Report(problem.Expected ?? "a checkpoint or a model", found: $"'{FileNode.Short(path, 200)}': {problem.Found}");
            }

            return null;
        }
    }

    private static void CheckFit(FileNode from, BuiltNetwork network, Chain chain, ParameterAverage? average, WarmStart start)
    {
        Updater<float> updater = chain.Compile(network.Layout, new FlatVector<float>(network.Layout.Length), new FlatVector<float>(network.Layout.Length), average);
        WarmStartReport report = WarmStarting.Compare(network, updater, start.Source, start.Policy);
        if (!report.Matched.Any(i => i.Kind == WarmStartKind.Parameter))
        {
            from.Report(
                $"a file with at least one parameter of this network that is to be taken ({string.Join(", ", network.Layout.Entries.Select(e => $"{e.Name} {e.Shape}"))})",
                found: $"none in '{FileNode.Short(from.Text)}' (it has {FileNode.Short(string.Join(", ", start.Source.Parameters.Select(p => $"{p.Name} {p.Shape}")), 200)})");
        }
    }
}
