using System.Globalization;
using System.Runtime.InteropServices;
using Glissade.Numerics;

namespace Glissade.Tests.Numerics;

public sealed unsafe class HugePagesTests
{
    private const string Setting = "/sys/kernel/mm/transparent_hugepage/enabled", Mappings = "/proc/self/smaps";
    private const int HugePageBytes = 2 << 20;

    [Fact]
    public void LongVectorsAskTheSystemForHugePages()
    {
        Assert.SkipUnless(File.Exists(Setting) && File.Exists(Mappings), "This system does not tell about its pages.");
        var vector = new FlatVector<float>(8 << 20);
        nuint middle = (nuint)(vector.Pointer + (vector.Length / 2));
        Assert.Contains("hg", FlagsAt(middle));
        vector.Span.Fill(1);
        Assert.Equal(-1, vector.Span.IndexOfAnyExcept(1f));
        GC.KeepAlive(vector);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(HugePageBytes, false)]
    [InlineData((2 * HugePageBytes) - 1, false)]
    [InlineData(2 * HugePageBytes, true)]
    public void OnlyLongRangesAreAskedFor(int bytes, bool isAsked)
    {
        Assert.SkipUnless(File.Exists(Setting), "This system has no huge pages.");
        void* memory = NativeMemory.AlignedAlloc(2 * HugePageBytes, HugePageBytes);
        try
        {
            Assert.Equal(isAsked, HugePages.Prefer(memory, (nuint)bytes));
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    [Fact]
    public void WhatIsNoMemoryIsRefusedWithoutHarm() => Assert.False(HugePages.Prefer((void*)(nuint)HugePageBytes, (nuint)4 * HugePageBytes));

    /// <summary>What the system says of the mapping that an address belongs to.</summary>
    private static string[] FlagsAt(nuint address)
    {
        bool isInside = false;
        foreach (string line in File.ReadLines(Mappings))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words[0] == "VmFlags:" && isInside)
            {
                return words[1..];
            }

            if (words[0].Split('-') is [var first, var end] && nuint.TryParse(first, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out nuint start)
                && nuint.TryParse(end, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out nuint stop))
            {
                isInside = start <= address && address < stop;
            }
        }

        throw new InvalidOperationException($"No mapping holds {address:x}.");
    }
}
