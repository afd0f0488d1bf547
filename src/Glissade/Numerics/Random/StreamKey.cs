namespace Glissade.Numerics;

/// <summary>The key of a stream: 64 bits from a seed and a purpose.</summary>
/// <remarks>
/// FNV-1a (Fowler, Noll and Vo, 1991) over the UTF-16 code units of the purpose, low byte first, begun from the seed mixed;
/// then the 64-bit finaliser of MurmurHash3 (Appleby, 2011), a bijection, so that near seeds and near names give distant keys.
/// Two streams collide with a chance of 2⁻⁶⁴ a pair.
/// </remarks>
internal static class StreamKey
{
    public static ulong Of(ulong seed, ReadOnlySpan<char> purpose)
    {
        unchecked
        {
            ulong hash = 0xCBF29CE484222325UL ^ Finalise(seed);
            foreach (char unit in purpose)
            {
                hash = (hash ^ (byte)unit) * 0x100000001B3UL;
                hash = (hash ^ (byte)(unit >> 8)) * 0x100000001B3UL;
            }

            return Finalise(hash);
        }
    }

    private static ulong Finalise(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 33)) * 0xFF51AFD7ED558CCDUL;
            value = (value ^ (value >> 33)) * 0xC4CEB9FE1A85EC53UL;
            return value ^ (value >> 33);
        }
    }
}
