namespace Glissade.Updates;

/// <summary>Chains for groups of parameters, by name.</summary>
public static class Groups
{
    /// <summary>One chain of which each parameter passes only the rules of its group: the first whose pattern matches its name, else those of the rest.</summary>
    /// <remarks>
    /// <c>Groups.Of(Optimizers.AdamW(1e-3), ("hidden*.weight", Optimizers.Muon(0.02)))</c>. A norm over all parameters in a group's chain is one over the group.
    /// </remarks>
    /// <param name="otherwise">The chain of the parameters that no pattern names.</param>
    /// <param name="groups">A pattern of names, in which * stands for any characters, and its chain.</param>
    /// <exception cref="ArgumentException">A pattern is empty.</exception>
    public static Chain Of(Chain otherwise, params IEnumerable<(string Pattern, Chain Chain)> groups)
    {
        ArgumentNullException.ThrowIfNull(otherwise);
        ArgumentNullException.ThrowIfNull(groups);
        var rules = new List<UpdateRule>();
        var taken = new List<string>();
        foreach ((string pattern, Chain chain) in groups)
        {
            ArgumentNullException.ThrowIfNull(chain, nameof(groups));
            string[] before = [.. taken];
            rules.AddRange(chain.Rules.Select(r => before.Length == 0 ? r.Only(pattern) : r.Only(pattern).Except(before)));
            taken.Add(pattern);
        }

        rules.AddRange(taken.Count == 0 ? otherwise.Rules : otherwise.Rules.Select(r => r.Except(taken)));
        return Chain.Of(rules);
    }
}
