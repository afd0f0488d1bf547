using System.Collections.Immutable;
using Glissade.Experiments.Reading;
using Glissade.Input;
using Glissade.Numerics;
using Glissade.Updates;

namespace Glissade.Experiments.Sections;

/// <summary>The section <c>update</c>: rules in the order in which the update passes them.</summary>
internal sealed record UpdateSection(Chain Chain, FileNode Resolved)
{
    /// <summary>Batches of a step.</summary>
    public int BatchesPerStep => Chain.Rules[0] is Accumulate accumulate ? accumulate.Count : 1;

    /// <summary>Reads the section.</summary>
    /// <param name="node">The section.</param>
    /// <param name="context">How long an epoch and the run are.</param>
    /// <param name="layout">Names the parameters; null where it could not be read.</param>
    /// <param name="hasTargets">Whether there are targets, which a model could draw.</param>
    /// <returns>The rules, or null where something is wrong.</returns>
    public static UpdateSection? Read(FileNode node, ScheduleContext context, Layout? layout, bool hasTargets = true)
    {
        CurvatureEstimate? curvature = null;
        int problems = node.Problems.Count;
        ImmutableArray<FileNode> items = node.AsList("rules");
        if (node.Kind == FileNodeKind.Sequence && items.IsEmpty)
        {
            node.Report("at least one rule, such as 'adam' and 'learning-rate: 0.001'");
        }

        var rules = new List<UpdateRule>();
        var resolved = new List<FileNode>();
        var before = new RulesBefore(layout);
        foreach (FileNode item in items)
        {
            if (UpdateRegistry.All.Read(item, context) is not { } read)
            {
                continue;
            }

            ImmutableArray<FileNode> except = read.Values.Patterns("except"), only = read.Values.Patterns("only");
            Check(except.AddRange(only), layout);
            if (read.Value is Accumulate accumulate)
            {
                if (item != items[0] || !except.IsEmpty || !only.IsEmpty)
                {
                    item.Report($"'{accumulate.Name}' as the first rule, for all parameters: it gathers whole gradients");
                }

                if (context.TotalSteps < accumulate.Count)
                {
                    item.Report($"at most {context.TotalSteps}: with more the run would never take a step", found: $"{accumulate.Count} batches for each step of a run of {context.TotalSteps}");
                }

                // Schedules count steps, of which there are fewer than batches.
                context = context.Accumulated(accumulate.Count);
            }

            if (read.Value?.Curvature is { } wanted)
            {
                Check(item, wanted, curvature, hasTargets);
                curvature ??= wanted;
            }

            if (!except.IsEmpty && !only.IsEmpty)
            {
                only[0].Report("one of 'except' and 'only'", found: "both");
            }

            if (read.Value is not null)
            {
                before.Check(item, read.Value, except, only);
            }

            if (node.Problems.Count == problems && read.Value is { } rule)
            {
                rules.Add(Restricted(rule, except, only));
                resolved.Add(read.Resolved);
            }
        }

        return node.Problems.Count == problems && node.Kind == FileNodeKind.Sequence ? new UpdateSection(Chain.Of(rules), NodeWriter.List(resolved)) : null;
    }

    private static void Check(FileNode item, CurvatureEstimate wanted, CurvatureEstimate? before, bool hasTargets)
    {
        if (!hasTargets && wanted.Method == CurvatureMethod.GaussNewtonBartlett)
        {
            item.Report($"'{CurvatureEstimate.Hutchinson().Name}' or '{CurvatureEstimate.Exact().Name}', which need no targets to draw", found: $"an estimate by '{wanted.Name}' of a function that has no targets");
        }

        if (before is not null && before != wanted)
        {
            item.Report($"{before}, as in a rule before: all rules have one estimate of the curvature", found: $"an estimate by {wanted}");
        }
    }

    private static UpdateRule Restricted(UpdateRule rule, ImmutableArray<FileNode> except, ImmutableArray<FileNode> only) =>
        !except.IsEmpty ? rule.Except([.. except.Select(p => p.Text)])
        : !only.IsEmpty ? rule.Only([.. only.Select(p => p.Text)])
        : rule;

    /// <summary>A pattern that matches nothing is a slip: the rule would silently not do what it says.</summary>
    internal static void Check(ImmutableArray<FileNode> patterns, Layout? layout)
    {
        if (layout is null)
        {
            return;
        }

        string[] names = [.. layout.Entries.Select(e => e.Name)];
        foreach (FileNode pattern in patterns.Where(p => p.Kind == FileNodeKind.Scalar && !string.IsNullOrWhiteSpace(p.Text)))
        {
            if (!Array.Exists(names, name => NamePatterns.Matches(pattern.Text, name)))
            {
                string[] endings = [.. names.Select(name => "*" + name[name.LastIndexOf('.')..]).Distinct()];
                pattern.Report(
                    $"a pattern that matches the name of a parameter ({string.Join(", ", names)})",
                    NearestName.Find(pattern.Text, [.. endings, .. names]),
                    $"the pattern '{FileNode.Short(pattern.Text)}'");
            }
        }
    }
}
