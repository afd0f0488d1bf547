using System.Collections.Immutable;
using Glissade.Experiments.Reading;
using Glissade.Numerics;
using Glissade.Schedules;
using Glissade.Updates;

namespace Glissade.Experiments.Sections;

/// <summary>The rules of a chain read so far, as far as they decide what may stand behind them.</summary>
/// <param name="layout">Names the parameters; null where it could not be read.</param>
internal sealed class RulesBefore(Layout? layout)
{
    private readonly Dictionary<string, string> _averagedBy = new(StringComparer.Ordinal);
    private string? _placing;

    /// <summary>Notes what the next rule must not be, and remembers it.</summary>
    /// <param name="item">Where it stands.</param>
    /// <param name="rule">The rule, without its restriction.</param>
    /// <param name="except">Patterns of the names that it leaves out.</param>
    /// <param name="only">Patterns of the names that it is restricted to; empty for all.</param>
    public void Check(FileNode item, UpdateRule rule, ImmutableArray<FileNode> except, ImmutableArray<FileNode> only)
    {
        if (rule.GradientPlace != GradientPlace.Parameters)
        {
            if (_placing is not null)
            {
                item.Report("one rule that says where the gradient is taken", found: $"'{rule.Name}' behind '{_placing}'");
            }

            _placing = rule.Name;
        }

        foreach (string name in layout is null ? [] : layout.Entries.Select(e => e.Name).Where(n => only.IsEmpty ? !Matches(except, n) : Matches(only, n)))
        {
            if (rule is ScheduleFree or AveragedDescent)
            {
                _averagedBy[name] = rule.Name;
            }
            else if (rule is Freeze { Share: not ConstantSchedule { Value: 0 } } && _averagedBy.TryGetValue(name, out string? averaging))
            {
                item.Report($"what thaws before '{averaging}', whose average would move on without it", found: $"'{rule.Name}' with a share that moves behind '{averaging}'");
                break;
            }
        }
    }

    private static bool Matches(ImmutableArray<FileNode> patterns, string name) =>
        patterns.Any(p => NamePatterns.Matches(p.Text, name));
}
