using System.Runtime.CompilerServices;

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
}
