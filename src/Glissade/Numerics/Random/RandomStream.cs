using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

/// <summary>A stream of random numbers named by a seed, a purpose and an index, of which only the position changes.</summary>
/// <remarks>
/// The numbers are Philox4x32-10 (Salmon, Moraes, Dror and Shaw, 2011, Parallel random numbers: as easy as 1, 2, 3) under a key made of seed and purpose,
/// at the counter made of index and position. Nothing depends on who drew first: two streams of the same name give the same numbers, on every platform,
/// and streams of different names are independent. A stream holds 2⁶⁴ words of 32 bits. It belongs to one thread at a time.
/// </remarks>
[SuppressMessage("Naming", "CA1711", Justification = "A stream of random numbers is what the literature calls it; nobody takes it for a stream of bytes.")]
public sealed class RandomStream
{
    /// <summary>Pairs of words that are made at once at least.</summary>
    private const int PairsTogether = 8;

    private readonly ulong _key;
    private ulong _index;
    private ulong _position;

    // The block that holds the last word drawn: a function of the position, kept so as not to compute it four times.
    private ulong _blockNumber = ulong.MaxValue;
    private (uint First, uint Second, uint Third, uint Fourth) _block;

    private RandomStream(ulong key, ulong index)
    {
        _key = key;
        _index = index;
    }

    /// <summary>Number of 32-bit words drawn so far; setting it moves the stream there, which is how a stream is saved and restored.</summary>
    public ulong Position
    {
        get => _position;
        set => _position = value;
    }

    /// <summary>The stream of that name, at its beginning.</summary>
    /// <param name="seed">The seed of the whole run.</param>
    /// <param name="purpose">What the numbers are for, such as "shuffle" or "dropout/2"; compared by its UTF-16 code units.</param>
    /// <param name="index">Which of the streams of that purpose: an epoch, an environment, a step; any value.</param>
    /// <exception cref="ArgumentNullException"><paramref name="purpose"/> is null.</exception>
    public static RandomStream Of(ulong seed, string purpose, long index = 0)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        return new RandomStream(StreamKey.Of(seed, purpose), unchecked((ulong)index));
    }

    /// <summary>Makes this the stream of another index, at a position.</summary>
    internal void MoveTo(long index, ulong position)
    {
        (_index, _position) = (unchecked((ulong)index), position);
        _blockNumber = ulong.MaxValue;
    }

    /// <summary>How many words <see cref="FillUniform"/> or <see cref="FillNormal"/> draws for each number.</summary>
    internal static uint WordsPerNumber<T>(bool normal) => normal || Unsafe.SizeOf<T>() > sizeof(float) ? 2u : 1u;

    /// <summary>A whole number from 0 to 2³²−1, each as likely. Draws one word.</summary>
    public uint NextUInt32()
    {
        ulong position = _position++;
        if (position >> 2 != _blockNumber)
        {
            Refill(position >> 2);
        }

        return (position & 3) switch
        {
            0 => _block.First,
            1 => _block.Second,
            2 => _block.Third,
            _ => _block.Fourth,
        };
    }

    /// <summary>A whole number from 0 to 2⁶⁴−1, each as likely. Draws two words, the low one first.</summary>
    public ulong NextUInt64()
    {
        ulong low = NextUInt32();
        return low | ((ulong)NextUInt32() << 32);
    }

    /// <summary>A multiple of 2⁻⁵³ in [0, 1), each as likely. Draws two words.</summary>
    public double NextDouble() => Double(NextUInt64());

    /// <summary>A multiple of 2⁻²⁴ in [0, 1), each as likely. Draws one word.</summary>
    public float NextSingle() => Single(NextUInt32());

    /// <summary>A whole number from 0 to <paramref name="exclusiveMax"/>−1, each exactly as likely. Draws one word, seldom more.</summary>
    /// <remarks>D. Lemire (2019), Fast random integer generation in an interval.</remarks>
    /// <param name="exclusiveMax">One or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="exclusiveMax"/> is below one.</exception>
    public int NextInt32(int exclusiveMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(exclusiveMax, 1);
        uint range = (uint)exclusiveMax;
        ulong product = (ulong)NextUInt32() * range;
        if ((uint)product < range)
        {
            // 2³² modulo the range: that many of the products are too many for a fair share.
            uint surplus = unchecked(0u - range) % range;
            while ((uint)product < surplus)
            {
                product = (ulong)NextUInt32() * range;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>A number from the standard normal distribution. Draws two words.</summary>
    /// <remarks>
    /// The quantile (M. J. Wichura, 1988, Algorithm AS 241) of (n + ½)·2⁻⁵³, n uniform, and so within ±8.3. Nothing is kept between calls,
    /// and only operations with one right answer are used, so the bits are the same on every platform.
    /// </remarks>
    public double NextNormal()
    {
        // Half an odd number of 54 bits; 1 minus it is exact, so the two tails are alike.
        ulong bits = NextUInt64() >> 11;
        bool upper = bits >> 52 != 0;
        double fromTheEnd = ((upper ? (1UL << 53) - 1 - bits : bits) + 0.5) * (1.0 / (1UL << 53));
        double value = NormalQuantile.At(fromTheEnd);
        return upper ? -value : value;
    }

    /// <summary>Fills with numbers uniform in [<paramref name="low"/>, <paramref name="high"/>), as so many draws one after the other would.</summary>
    /// <remarks>low + (high − low)·u with u from <see cref="NextSingle"/> or, for wider elements, <see cref="NextDouble"/>; where that rounds to high, the number before it.</remarks>
    /// <typeparam name="T">The element, such as <see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="destination">Where the numbers go.</param>
    /// <param name="low">Smallest value, finite.</param>
    /// <param name="high">Bound above, finite, not below <paramref name="low"/>; equal to it, all elements are that.</param>
    /// <exception cref="ArgumentOutOfRangeException">A bound, or their distance, is not finite, or they are in the wrong order.</exception>
    public void FillUniform<T>(Span<T> destination, T low, T high)
        where T : IFloatingPointIeee754<T>
    {
        T distance = high - low;
        if (!T.IsFinite(distance) || distance < T.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(high), high, $"The bounds must be finite, in order, and a finite distance apart; low is {low}.");
        }

        T last = low == high ? low : T.BitDecrement(high);
        bool isSingle = WordsPerNumber<T>(normal: false) == 1;
        int done = 0;
        while (done < destination.Length)
        {
            int left = destination.Length - done;
            if (IsAtBlocks(isSingle ? left / 2 : left))
            {
                done += FillUniformBlocks(destination[done..], low, distance, last);
            }
            else
            {
                T unit = isSingle ? T.CreateTruncating(NextSingle()) : T.CreateTruncating(NextDouble());
                destination[done++] = T.Min(low + (distance * unit), last);
            }
        }
    }

    /// <summary>Fills with numbers from the normal distribution, as so many calls of <see cref="NextNormal"/> would; each is rounded once to the element type, then scaled.</summary>
    /// <typeparam name="T">The element, such as <see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="destination">Where the numbers go.</param>
    /// <param name="mean">The mean, finite.</param>
    /// <param name="standardDeviation">The standard deviation, finite, zero or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The mean or the deviation is not finite, or the deviation is negative.</exception>
    public void FillNormal<T>(Span<T> destination, T mean, T standardDeviation)
        where T : IFloatingPointIeee754<T>
    {
        if (!T.IsFinite(mean))
        {
            throw new ArgumentOutOfRangeException(nameof(mean), mean, "The mean must be finite.");
        }

        if (!T.IsFinite(standardDeviation) || standardDeviation < T.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(standardDeviation), standardDeviation, "The standard deviation must be finite and not negative.");
        }

        int done = 0;
        while (done < destination.Length)
        {
            if (IsAtBlocks(destination.Length - done))
            {
                done += FillNormalBlocks(destination[done..], mean, standardDeviation);
            }
            else
            {
                destination[done++] = mean + (standardDeviation * T.CreateTruncating(NextNormal()));
            }
        }
    }

    /// <summary>Puts the items in an order of which every one is as likely.</summary>
    /// <remarks>R. Durstenfeld (1964), Algorithm 235: Random permutation.</remarks>
    /// <typeparam name="TItem">What is shuffled.</typeparam>
    /// <param name="items">The items, moved in place.</param>
    public void Shuffle<TItem>(Span<TItem> items)
    {
        for (int last = items.Length - 1; last > 0; last--)
        {
            int other = NextInt32(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    /// <summary>Whether whole blocks can be made from here: the position is where one begins, enough pairs of words are wanted, and the stream does not begin anew among them.</summary>
    private bool IsAtBlocks(int pairs) => Philox.IsVectorized && (_position & 3) == 0 && pairs >= PairsTogether && unchecked(_position + (2 * (ulong)pairs)) > _position;

    /// <summary>As many of the numbers as whole blocks hold, many at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FillNormalBlocks<T>(Span<T> destination, T mean, T standardDeviation)
        where T : IFloatingPointIeee754<T>
    {
        Span<ulong> bits = stackalloc ulong[NormalQuantiles.Most];
        Span<double> values = stackalloc double[NormalQuantiles.Most];
        int done = 0;
        while (destination.Length - done >= PairsTogether)
        {
            int count = Math.Min(bits.Length, (destination.Length - done) / PairsTogether * PairsTogether);
            NextPairs(bits[..count]);
            NormalQuantiles.Of(bits[..count], values[..count]);
            Span<T> numbers = destination.Slice(done, count);
            TensorPrimitives.ConvertTruncating<double, T>(values[..count], numbers);
            TensorPrimitives.Multiply(numbers, standardDeviation, numbers);
            TensorPrimitives.Add(numbers, mean, numbers);
            done += count;
        }

        return done;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int FillUniformBlocks<T>(Span<T> destination, T low, T distance, T last)
        where T : IFloatingPointIeee754<T>
    {
        Span<ulong> bits = stackalloc ulong[NormalQuantiles.Most];
        bool isSingle = WordsPerNumber<T>(normal: false) == 1;
        int perPair = isSingle ? 2 : 1, done = 0;
        while (destination.Length - done >= PairsTogether * perPair)
        {
            int pairs = Math.Min(bits.Length, (destination.Length - done) / (PairsTogether * perPair) * PairsTogether);
            NextPairs(bits[..pairs]);
            for (int i = 0; i < pairs; i++)
            {
                if (isSingle)
                {
                    destination[done++] = T.Min(low + (distance * T.CreateTruncating(Single((uint)bits[i]))), last);
                    destination[done++] = T.Min(low + (distance * T.CreateTruncating(Single((uint)(bits[i] >> 32)))), last);
                }
                else
                {
                    destination[done++] = T.Min(low + (distance * T.CreateTruncating(Double(bits[i]))), last);
                }
            }
        }

        return done;
    }

    private void NextPairs(Span<ulong> pairs)
    {
        Philox.Fill(pairs, _position >> 2, _index, _key);
        _position += 2 * (ulong)pairs.Length;
    }

    private static double Double(ulong bits) => (bits >> 11) * (1.0 / (1UL << 53));

    private static float Single(uint bits) => (bits >> 8) * (1.0f / (1U << 24));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Refill(ulong blockNumber)
    {
        _block = Philox.Block((uint)blockNumber, (uint)(blockNumber >> 32), (uint)_index, (uint)(_index >> 32), (uint)_key, (uint)(_key >> 32));
        _blockNumber = blockNumber;
    }
}
