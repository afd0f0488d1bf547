using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Glissade.Numerics;

/// <summary>Philox4x32-10: a bijection of 128 bits for each key of 64 bits, whose values at successive counters pass for random.</summary>
/// <remarks>
/// Ten rounds of two 32-bit multiplications whose high halves are mixed with the key, the key growing by a Weyl constant each round.
/// J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw (2011), Parallel random numbers: as easy as 1, 2, 3. Integers only, so the same on every machine.
/// </remarks>
internal static class Philox
{
    private const int Rounds = 10;

    /// <summary>The four words at a counter of four words, the lowest first, under a key of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static (uint First, uint Second, uint Third, uint Fourth) Block(
        uint counter0, uint counter1, uint counter2, uint counter3, uint key0, uint key1)
    {
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = 0xD2511F53UL * counter0;
            ulong product1 = 0xCD9E8D57UL * counter2;
            counter0 = (uint)(product1 >> 32) ^ counter1 ^ key0;
            counter1 = (uint)product1;
            counter2 = (uint)(product0 >> 32) ^ counter3 ^ key1;
            counter3 = (uint)product0;

            // The golden ratio and the root of three less one, in 32 bits.
            unchecked
            {
                key0 += 0x9E3779B9;
                key1 += 0xBB67AE85;
            }
        }

        return (counter0, counter1, counter2, counter3);
    }

    /// <summary>Whether <see cref="Fill"/> is quicker than one block after another.</summary>
    public static bool IsVectorized => Avx2.IsSupported;

    /// <summary>The words of successive blocks, two and two as numbers of 64 bits, the lower word first.</summary>
    /// <param name="pairs">Where they go: two for each block, a multiple of eight.</param>
    /// <param name="block">The first block: the lower words of the counter.</param>
    /// <param name="index">The upper words of the counter.</param>
    /// <param name="key">The key.</param>
    public static unsafe void Fill(Span<ulong> pairs, ulong block, ulong index, ulong key)
    {
        // A word in the lower half of each lane; what gathers in the upper halves is never read.
        Vector256<ulong> blocks = Vector256.Create(block) + Vector256.Create(0UL, 1UL, 2UL, 3UL);
        Vector256<ulong> index0 = Vector256.Create(index), index1 = index0 >>> 32;
        Vector256<uint> multiplier0 = Vector256.Create(0xD2511F53UL).AsUInt32(), multiplier1 = Vector256.Create(0xCD9E8D57UL).AsUInt32();
        Vector256<ulong> lower = Vector256.Create(0xFFFFFFFFUL);
        fixed (ulong* destination = pairs)
        {
            for (int i = 0; i < pairs.Length; i += 8)
            {
                Vector256<ulong> counter0 = blocks, counter1 = blocks >>> 32, counter2 = index0, counter3 = index1;
                uint key0 = (uint)key, key1 = (uint)(key >> 32);
                for (int round = 0; round < Rounds; round++)
                {
                    Vector256<ulong> product0 = Avx2.Multiply(multiplier0, counter0.AsUInt32());
                    Vector256<ulong> product1 = Avx2.Multiply(multiplier1, counter2.AsUInt32());
                    counter0 = (product1 >>> 32) ^ counter1 ^ Vector256.Create((ulong)key0);
                    counter1 = product1;
                    counter2 = (product0 >>> 32) ^ counter3 ^ Vector256.Create((ulong)key1);
                    counter3 = product0;
                    unchecked
                    {
                        key0 += 0x9E3779B9;
                        key1 += 0xBB67AE85;
                    }
                }

                Vector256<ulong> first = (counter0 & lower) | (counter1 << 32), second = (counter2 & lower) | (counter3 << 32);
                Vector256<ulong> even = Avx2.UnpackLow(first, second), odd = Avx2.UnpackHigh(first, second);
                Avx2.Permute2x128(even, odd, 0x20).Store(destination + i);
                Avx2.Permute2x128(even, odd, 0x31).Store(destination + i + 4);
                blocks += Vector256.Create(4UL);
            }
        }
    }
}
