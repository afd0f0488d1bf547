using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Glissade.Experiments.Reading;
using Glissade.Input;
using Glissade.Learning.Data;
using Glissade.Learning.Files;
using Glissade.Learning.Training;

namespace Glissade.Experiments.Sections;

/// <summary>The section <c>data</c>: which file, which columns, which parts.</summary>
/// <remarks>
/// <code>
/// data:
///   file: data/digits.csv      # relative to the experiment file
///   target: digit              # the column to learn
///   features: [a, b]           # the columns to learn from; all others where left out
///   task: classification       # or regression; judged by the target where left out
///   test: 0.2                  # share kept for the test; 0 for none
///   validation: 0              # share of the rest that decides about stopping and the best weights; 0 for none
///   standardize: true          # mean 0 and variance 1, by the training part alone
///   delimiter: comma           # or semicolon, or tab: what stands between fields
///   decimal: point             # or comma: what stands before the decimals of a number
///   encoding: utf-8            # or latin-1: how characters are written where no byte order mark says it
/// </code>
/// </remarks>
internal sealed record DataSection(TrainingData Data, string File, string Hash, FileNode Resolved)
{
    private const double DefaultTest = 0.2;

    private static readonly (string Name, char Value)[] Delimiters = [("comma", ','), ("semicolon", ';'), ("tab", '\t')], DecimalSeparators = [("point", '.'), ("comma", ',')];
    private static readonly (string Name, CsvEncoding Value)[] Encodings = [("utf-8", CsvEncoding.Utf8), ("latin-1", CsvEncoding.Latin1)];

    /// <summary>The section with the file named otherwise.</summary>
    public FileNode ResolvedWith(string file) =>
        NodeWriter.Mapping([("file", NodeWriter.Text(file)), .. Resolved.Entries.Select(e => (e.Key, (FileNode?)e.Value))]);

    /// <summary>Reads the section and the file it names.</summary>
    /// <param name="node">The section.</param>
    /// <param name="folder">The folder of the experiment file.</param>
    /// <param name="seed">Keys the split.</param>
    /// <returns>The data, or null where something is wrong, which is noted.</returns>
    public static DataSection? Read(FileNode node, string folder, ulong seed)
    {
        int problems = node.Problems.Count;
        FileMapping map = node.AsMapping("the data");
        FileNode file = map.Required("file"), target = map.Required("target");
        FileNode? features = Present(map.Optional("features")), task = Present(map.Optional("task"));
        double test = Share(map.Optional("test"), DefaultTest), validation = Share(map.Optional("validation"), 0);
        bool standardize = map.Optional("standardize")?.AsBoolean() ?? true;
        CsvFormat? format = Format(map);
        map.RejectUnknownKeys();

        TargetKind kind = task?.AsWord("classification", "regression") switch
        {
            "classification" => TargetKind.Classification,
            "regression" => TargetKind.Regression,
            _ => TargetKind.Automatic,
        };
        string path = Path.Combine(folder, file.AsText("the name of a CSV file"));
        target.AsText("the name of a column");
        if (format is null || OpenTable(file, path, format) is not { } table)
        {
            return null;
        }

        ImmutableArray<string>? columns = Columns(table, target, features);
        if (node.Problems.Count > problems)
        {
            return null;
        }

        try
        {
            string hash = Convert.ToHexStringLower(SHA256.HashData(SourceFile.ReadAllBytes(path, "a CSV file")));
            Dataset all = DatasetReader.Read(table, target.Text, kind, columns);
            TrainingData? data = node.Make(
                () => TrainingData.Of(all, test > 0 ? test : null, validation > 0 ? validation : null, standardize, seed), node.Problems.Count);
            return data is null ? null : new DataSection(data, path, hash, Resolve(all, columns, test, validation, standardize, format));
        }
        catch (InputException fault)
        {
            Note(fault, node);
            return null;
        }
    }

    private static FileNode Resolve(Dataset all, ImmutableArray<string>? features, double test, double validation, bool standardize, CsvFormat format) => NodeWriter.Mapping(
        ("target", NodeWriter.Text(all.TargetName)),
        ("features", features is { } named ? NodeWriter.List(named.Select(NodeWriter.Text)) : null),
        ("task", NodeWriter.Text(all.Kind == TargetKind.Classification ? "classification" : "regression")),
        ("test", NodeWriter.Number(test)),
        ("validation", NodeWriter.Number(validation)),
        ("standardize", NodeWriter.Literal(standardize ? "true" : "false")),

        // Where they are as ever they are left out, so that the fingerprint of a run begun before there was a choice stays what it was.
        ("delimiter", NameOf(Delimiters, format.Delimiter)),
        ("decimal", NameOf(DecimalSeparators, format.DecimalSeparator)),
        ("encoding", NameOf(Encodings, format.Encoding)));

    /// <summary>How the file is written; null where something is wrong with it, which is noted.</summary>
    private static CsvFormat? Format(FileMapping map)
    {
        FileNode? separator = Present(map.Optional("delimiter")), point = Present(map.Optional("decimal")), encoding = Present(map.Optional("encoding"));
        int problems = map.Node.Problems.Count;
        var format = new CsvFormat { Delimiter = Named(separator, Delimiters), DecimalSeparator = Named(point, DecimalSeparators), Encoding = Named(encoding, Encodings) };
        if (map.Node.Problems.Count == problems && format.Delimiter == format.DecimalSeparator)
        {
            point!.Report("'semicolon' or 'tab' as the 'delimiter' of numbers with decimal commas", found: "commas between fields and in numbers too");
        }

        return map.Node.Problems.Count == problems ? format : null;
    }

    private static T Named<T>(FileNode? node, (string Name, T Value)[] all) => node?.AsWord(all.Select(a => a.Name)) is { } word ? Array.Find(all, a => a.Name == word).Value : all[0].Value;

    private static FileNode? NameOf<T>((string Name, T Value)[] all, T value) =>
        EqualityComparer<T>.Default.Equals(value, all[0].Value) ? null : NodeWriter.Text(Array.Find(all, a => EqualityComparer<T>.Default.Equals(a.Value, value)).Name);

    private static double Share(FileNode? node, double whereAbsent) => node?.AsNumber(min: 0, below: 1) ?? whereAbsent;

    private static FileNode? Present(FileNode? node) => node is { IsNothing: false } ? node : null;

    private static CsvTable? OpenTable(FileNode file, string path, CsvFormat format)
    {
        if (file.Kind != FileNodeKind.Scalar || file.IsNothing)
        {
            return null;
        }

        if (!System.IO.File.Exists(path))
        {
            string found = Directory.Exists(path) ? $"the folder '{FileNode.Short(path, 200)}'" : $"no file '{FileNode.Short(path, 200)}'";
            file.Report("a CSV file", Neighbour(file.Text, path), found);
            return null;
        }

        try
        {
            return CsvTable.Read(path, format);
        }
        catch (InputException fault)
        {
            Note(fault, file);
            return null;
        }
    }

    private static ImmutableArray<string>? Columns(CsvTable table, FileNode target, FileNode? features)
    {
        CheckColumn(table, target, table.ColumnNames);
        if (features is null)
        {
            return null;
        }

        ImmutableArray<FileNode> items = features.AsList("the names of columns");
        if (features.Kind == FileNodeKind.Sequence && items.IsEmpty)
        {
            features.Report("at least one column to learn from");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (FileNode item in items)
        {
            string name = item.AsText("the name of a column");
            CheckColumn(table, item, table.ColumnNames.Remove(target.Text));
            if (!seen.Add(name))
            {
                item.Report("each feature once", found: $"the feature '{FileNode.Short(name)}' again");
            }
        }

        return [.. items.Select(item => item.Text)];
    }

    private static void CheckColumn(CsvTable table, FileNode node, ImmutableArray<string> right)
    {
        const int mostListed = 12;
        if (node.Kind != FileNodeKind.Scalar || node.IsNothing || right.Contains(node.Text))
        {
            return;
        }

        string names = string.Join(", ", right.Take(mostListed).Select(n => FileNode.Short(n)));
        string more = right.Length > mostListed ? string.Create(CultureInfo.InvariantCulture, $" and {right.Length - mostListed} more") : "";
        string found = table.ColumnNames.Contains(node.Text) ? $"the target '{FileNode.Short(node.Text)}' as a feature" : $"no column '{FileNode.Short(node.Text)}' in '{FileNode.Short(table.Path, 200)}'";
        node.Report($"one of {names}{more}", NearestName.Find(node.Text, right), found);
    }

    /// <summary>What someone meant who misspelt the file's name: as it should have been written.</summary>
    private static string? Neighbour(string written, string path)
    {
        try
        {
            string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".";
            string? nearest = NearestName.Find(Path.GetFileName(path), Directory.EnumerateFiles(folder).Take(10_000).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
            return nearest is null ? null : string.Concat(written.AsSpan(0, written.Length - Path.GetFileName(written).Length), nearest);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static void Note(InputException fault, FileNode node)
    {
        foreach (InputProblem problem in fault.Problems)
        {
            node.Problems.Add(problem);
        }
    }
}
