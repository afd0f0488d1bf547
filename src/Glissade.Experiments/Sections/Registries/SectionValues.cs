using System.Collections.Immutable;
using Glissade.Experiments.Reading;
using Glissade.Schedules;

namespace Glissade.Experiments.Sections;

/// <summary>The values of the parameters of one thing in a file, by name, and their nodes with nothing left to be filled in.</summary>
internal sealed class SectionValues
{
    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);
    private readonly List<(string Key, FileNode? Value)> _resolved = [];

    /// <summary>All parameters, written out.</summary>
    public FileNode Resolved => NodeWriter.Mapping(_resolved);

    public Schedule Schedule(string name) => (Schedule)_values[name];

    /// <summary>The schedule, or null where it was left out.</summary>
    public Schedule? OptionalSchedule(string name) => _values.TryGetValue(name, out object? value) ? (Schedule)value : null;

    public double Number(string name) => (double)_values[name];

    public int Count(string name) => (int)_values[name];

    public bool Boolean(string name) => (bool)_values[name];

    public string Word(string name) => (string)_values[name];

    /// <summary>The numbers of a list; empty where it was left out.</summary>
    public ImmutableArray<double> Numbers(string name) => _values.TryGetValue(name, out object? value) ? (ImmutableArray<double>)value : [];

    /// <summary>The nodes of patterns; empty where there are none.</summary>
    public ImmutableArray<FileNode> Patterns(string name) => _values.TryGetValue(name, out object? value) ? (ImmutableArray<FileNode>)value : [];

    /// <summary>Reads a parameter's node.</summary>
    public void Read(SectionParameter parameter, FileNode node, ScheduleContext context)
    {
        (object value, FileNode resolved) = parameter.Kind switch
        {
            ParameterKind.Schedule => Of(ScheduleReader.Read(node, context, parameter.Range), s => ScheduleWriter.Write(s) ?? node),
            ParameterKind.Number => Of(node.AsNumber(parameter.Range), NodeWriter.Number),
            ParameterKind.Count => Of(node.AsCount((int)(parameter.Range.Min ?? 1), (int)(parameter.Range.Max ?? int.MaxValue)), count => NodeWriter.Integer(count)),
            ParameterKind.Boolean => Of(node.AsBoolean(), flag => NodeWriter.Literal(flag ? "true" : "false")),
            ParameterKind.Word => Of(node.AsWord(parameter.Words), NodeWriter.Text),
            ParameterKind.Numbers => Of(ReadNumbers(node, parameter.Range), numbers => NodeWriter.List(numbers.Select(NodeWriter.Number))),
            _ => Of(ReadPatterns(node), patterns => NodeWriter.List(patterns.Select(p => NodeWriter.Text(p.Text)))),
        };
        _values[parameter.Name] = value;
        _resolved.Add((parameter.Name, resolved));
    }

    private static ImmutableArray<double> ReadNumbers(FileNode node, NumberRange range)
    {
        ImmutableArray<FileNode> items = node.AsList("numbers");
        if (node.Kind == FileNodeKind.Sequence && items.IsEmpty)
        {
            node.Report("one or more numbers");
        }

        return [.. items.Select(item => item.AsNumber(range))];
    }

    private static ImmutableArray<FileNode> ReadPatterns(FileNode node)
    {
        ImmutableArray<FileNode> patterns = node.Kind == FileNodeKind.Sequence ? node.Items : [node];
        if (patterns.IsEmpty)
        {
            node.Report("one or more name patterns, such as '*.bias'");
        }

        foreach (FileNode pattern in patterns)
        {
            if (string.IsNullOrWhiteSpace(pattern.AsText("a name pattern, such as '*.bias'")) && pattern is { Kind: FileNodeKind.Scalar, IsQuoted: true })
            {
                pattern.Report("a name pattern, such as '*.bias'");
            }
        }

        return patterns;
    }

    private static (object Value, FileNode Resolved) Of<T>(T value, Func<T, FileNode> write)
        where T : notnull => (value, write(value));
}
