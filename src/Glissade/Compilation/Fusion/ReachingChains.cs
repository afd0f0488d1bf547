namespace Glissade.Compilation;

/// <summary>Many groups cut into chains, each group of which reaches the next, so that most pairs need not be asked whether one reaches the other.</summary>
/// <remarks>
/// A recurrence reads the same weights in every one of n steps, and each step reaches all later ones: n searches for a path instead of n². Merging groups
/// takes no path away, so a chain stays one while other groups become part of its own.
/// </remarks>
internal sealed class ReachingChains
{
    /// <summary>Groups up to which it is as quick to ask for each pair.</summary>
    private const int Few = 8;

    /// <summary>Chains that a group is tried at the end of, the one that grew last first.</summary>
    private const int Tried = 4;

    /// <summary>The chain of each group that is left; null where there are few.</summary>
    private readonly List<int>? _chains;

    /// <summary>The chains through the group that others are being merged into.</summary>
    private readonly HashSet<int> _through = [];

    /// <summary>Cuts groups into chains.</summary>
    /// <param name="groups">Mostly those that run earlier first.</param>
    public ReachingChains(List<Group> groups)
    {
        if (groups.Count <= Few)
        {
            return;
        }

        _chains = new List<int>(groups.Count);
        var ends = new List<(Group Group, int Chain)>();
        int chains = 0;
        foreach (Group group in groups)
        {
            int at = ends.Count - 1, last = Math.Max(0, ends.Count - Tried);
            while (at >= last && !ends[at].Group.Reaches(group))
            {
                at--;
            }

            int chain = chains;
            if (at >= last)
            {
                chain = ends[at].Chain;
                ends.RemoveAt(at);
            }
            else
            {
                chains++;
            }

            ends.Add((group, chain));
            _chains.Add(chain);
        }
    }

    /// <summary>From now on others are merged into this group.</summary>
    public void Begin(int group)
    {
        if (_chains is not null)
        {
            _through.Clear();
            _through.Add(_chains[group]);
        }
    }

    /// <summary>Whether a group is known to reach the one that others are merged into, or to be reached by it.</summary>
    public bool IsKnown(int group) => _chains is not null && _through.Contains(_chains[group]);

    /// <summary>A group has become part of the one that others are merged into, and is left out.</summary>
    public void Absorb(int group)
    {
        if (_chains is not null)
        {
            _through.Add(_chains[group]);
            _chains.RemoveAt(group);
        }
    }
}
