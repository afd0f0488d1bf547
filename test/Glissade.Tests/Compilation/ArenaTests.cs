using FsCheck;
using FsCheck.Fluent;
using Glissade.Compilation;

namespace Glissade.Tests.Compilation;

public sealed class ArenaTests
{
    [Fact]
    public void BuffersThatLiveAtOnceNeverOverlap()
    {
        Gen<(int Length, int First, int Last)> buffer = Gen.Choose(0, 50).SelectMany(length => Gen.Choose(0, 12).SelectMany(first => Gen.Choose(first, 14).Select(last => (length, first, last))));
        Check.One(FixedRuns.Of(1000), Prop.ForAll(buffer.ArrayOf().ToArbitrary(), buffers =>
        {
            int[] offsets = Arena.Place(buffers, 8, out int length);
            for (int i = 0; i < buffers.Length; i++)
            {
                Assert.Equal(0, offsets[i] % 8);
                Assert.InRange(offsets[i] + buffers[i].Length, 0, length);
                for (int j = 0; j < i; j++)
                {
                    bool together = buffers[i].First <= buffers[j].Last && buffers[j].First <= buffers[i].Last;
                    bool apart = offsets[i] + buffers[i].Length <= offsets[j] || offsets[j] + buffers[j].Length <= offsets[i];
                    Assert.True(!together || apart, $"buffers {i} and {j}");
                }
            }
        }));
    }

    /// <summary>Random lives need little more than lives at once at some step, and never more than when the largest are placed first.</summary>
    [Fact]
    public void ThePlacementIsCloseToTheLowerBound()
    {
        double sum = 0, sumOfLargestFirst = 0, worst = 0;
        const int Cases = 300;
        for (int seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            int steps = random.Next(5, 60), longest = random.Next(1, steps);
            (int Length, int First, int Last)[] buffers = [.. Enumerable.Range(0, random.Next(2, 80)).Select(_ =>
            {
                int first = random.Next(steps);
                return (random.Next(3) == 0 ? random.Next(1, 2000) : 64 << random.Next(6), first, Math.Min(steps, first + random.Next(longest)));
            })];
            Arena.Place(buffers, 16, out int length);
            long bound = Arena.LowerBound(buffers, 16);
            int largestFirst = LargestFirst(buffers, 16);
            Assert.InRange(length, bound, largestFirst);
            (sum, sumOfLargestFirst, worst) = (sum + ((double)length / bound), sumOfLargestFirst + ((double)largestFirst / bound), Math.Max(worst, (double)length / bound));
        }

        Assert.True(sum / Cases < 1.02 && worst < 1.2, $"mean {sum / Cases:0.0000} of the bound, largest first {sumOfLargestFirst / Cases:0.0000}, worst {worst:0.000}");
    }

    /// <summary>The plain strategy: each buffer, largest first, at the lowest place that is free.</summary>
    private static int LargestFirst((int Length, int First, int Last)[] buffers, int granule)
    {
        var placed = new List<(int Offset, int End, int First, int Last)>();
        foreach ((int length, int first, int last) in buffers.OrderByDescending(b => b.Length))
        {
            int size = (length + granule - 1) / granule * granule, offset = 0;
            foreach ((int start, int end, _, _) in placed.Where(p => p.First <= last && first <= p.Last).OrderBy(p => p.Offset))
            {
                if (offset + size <= start)
                {
                    break;
                }

                offset = Math.Max(offset, end);
            }

            placed.Add((offset, offset + size, first, last));
        }

        return placed.Max(p => p.End);
    }

    /// <summary>Ranges of any length at any element, as outputs in a vector are, against a flag for each element.</summary>
    [Fact]
    public void TheLowestFreePlaceIsThatOfAFlagForEachElement()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var ranges = new OccupiedRanges();
            bool[] taken = new bool[400];
            for (int i = 0; i < 40; i++)
            {
                int from = random.Next(330), length = random.Next(1, 12), free = from;
                while (taken.AsSpan(free, length).Contains(true))
                {
                    free++;
                }

                Assert.Equal(free, ranges.LowestFree(from, length));
                (int start, int count) = (random.Next(300), random.Next(1, 9));
                ranges.Add(start, start + count);
                taken.AsSpan(start, count).Fill(true);
            }
        }
    }

    [Fact]
    public void MoreThanOneBlockHoldsIsRefused()
    {
        foreach (int length in new[] { int.MaxValue, int.MaxValue / 2, int.MaxValue / 3 })
        {
            (int, int, int)[] buffers = [.. Enumerable.Range(0, 5).Select(i => (length, i, 9))];
            Assert.Contains($"{int.MaxValue}", Assert.Throws<ArgumentException>(() => Arena.Place(buffers, 16, out _)).Message);
            Assert.Contains($"{int.MaxValue}", Assert.Throws<ArgumentException>(() => Arena.PlaceApart(buffers, 16, out _)).Message);
        }
    }

    [Fact]
    public void BuffersThatNeverMeetShareOnePlace()
    {
        int[] offsets = Arena.Place([(100, 0, 1), (100, 2, 3), (100, 4, 5), (40, 6, 6)], 8, out int length);
        Assert.All(offsets, o => Assert.Equal(0, o));
        Assert.Equal(104, length);
    }
}
