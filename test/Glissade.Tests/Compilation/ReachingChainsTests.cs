using Glissade.Compilation;

namespace Glissade.Tests.Compilation;

public sealed class ReachingChainsTests
{
    /// <summary>Whatever is merged, a group that is said to reach the one at hand, or to be reached by it, does.</summary>
    [Fact]
    public void WhatIsKnownIsTrue()
    {
        int known = 0;
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            List<Group> groups = [.. Enumerable.Range(0, random.Next(2, 40)).Select(_ => new Group { Stage = 0 })];
            for (int i = 1; i < groups.Count; i++)
            {
                // A few recurrences side by side, which sometimes meet.
                for (int readings = random.Next(3); readings > 0; readings--)
                {
                    groups[random.Next(3) == 0 ? random.Next(i) : Math.Max(0, i - 3)].AddUser(groups[i]);
                }
            }

            var chains = new ReachingChains(groups);
            for (int kept = 0; kept < groups.Count; kept++)
            {
                chains.Begin(kept);
                for (int other = groups.Count - 1; other > kept; other--)
                {
                    bool reaches = groups[kept].Reaches(groups[other]) || groups[other].Reaches(groups[kept]);
                    if (chains.IsKnown(other))
                    {
                        Assert.True(reaches, $"seed {seed}: {kept} and {other} of {groups.Count}");
                        known++;
                    }
                    else if (!reaches && random.Next(2) == 0)
                    {
                        groups[kept].Absorb(groups[other]);
                        groups.RemoveAt(other);
                        chains.Absorb(other);
                    }
                }
            }
        }

        Assert.True(known > 1000, $"{known}");
    }

    /// <summary>Of one recurrence every pair is known; of groups that do not need each other, none.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ARecurrenceIsOneChain(bool isRecurrence)
    {
        List<Group> groups = [.. Enumerable.Range(0, 30).Select(_ => new Group { Stage = 0 })];
        for (int i = 1; isRecurrence && i < groups.Count; i++)
        {
            groups[i - 1].AddUser(groups[i]);
        }

        var chains = new ReachingChains(groups);
        for (int first = 0; first < groups.Count; first++)
        {
            chains.Begin(first);
            for (int second = first + 1; second < groups.Count; second++)
            {
                Assert.Equal(isRecurrence, chains.IsKnown(second));
            }
        }
    }
}
