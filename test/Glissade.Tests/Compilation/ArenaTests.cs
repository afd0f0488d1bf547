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
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(buffer.ArrayOf().ToArbitrary(), buffers =>
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

    [Fact]
    public void BuffersThatNeverMeetShareOnePlace()
    {
        int[] offsets = Arena.Place([(100, 0, 1), (100, 2, 3), (100, 4, 5), (40, 6, 6)], 8, out int length);
        Assert.All(offsets, o => Assert.Equal(0, o));
        Assert.Equal(104, length);
    }
}
