using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Glissade.Numerics;

/// <summary><see cref="NormalQuantile"/> of many numbers at once, to the same bits: the same operations in the same order, lane by lane.</summary>
/// <remarks>The tails, where a logarithm is wanted, hold a sixth of the numbers: they are gathered first, so that no lane computes them in vain.</remarks>
internal static unsafe class NormalQuantiles
{
    /// <summary>Numbers that are drawn at a time.</summary>
    public const int Most = 256;

    private static int Width => Vector256<double>.Count;

    /// <summary>Standard normal numbers as <see cref="RandomStream.NextNormal"/> makes them, one of each 64 random bits.</summary>
    /// <param name="bits">At most <see cref="Most"/>, a multiple of four.</param>
    /// <param name="values">Where the numbers go, as many.</param>
    public static void Of(ReadOnlySpan<ulong> bits, Span<double> values)
    {
        Debug.Assert(bits.Length <= Most && bits.Length % Width == 0 && values.Length == bits.Length, "whole vectors only");
        Span<double> tails = stackalloc double[Most + Width];
        Span<int> places = stackalloc int[Most + Width];
        fixed (ulong* from = bits)
        fixed (double* to = values)
        fixed (double* tail = tails)
        fixed (int* place = places)
        {
            int count = Centres(from, to, bits.Length, tail, place);
            Tails(tail, count);
            for (int i = 0; i < count; i++)
            {
                // The highest bit tells the half that the number is in.
                to[place[i]] = (long)from[place[i]] < 0 ? tail[i] : -tail[i];
            }
        }
    }

    /// <summary>All numbers by the formula of the centre; returns how many lie in the tails, with their probabilities and places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Centres(ulong* bits, double* values, int count, double* tails, int* places)
    {
        Vector256<ulong> magic = Vector256.Create(0x4330000000000000UL);
        Vector256<double> magicValue = Vector256.Create(4503599627370496.0);
        int found = 0;
        for (int i = 0; i < count; i += Width)
        {
            Vector256<ulong> drawn = Vector256.Load(bits + i) >>> 11;
            Vector256<ulong> isUpper = Vector256.GreaterThan(drawn.AsInt64(), Vector256.Create((1L << 52) - 1)).AsUInt64();

            // All bits turned is 2⁵³ − 1 less the number. What remains has 52 bits, which fit below those of 2⁵².
            Vector256<ulong> folded = drawn ^ (isUpper & Vector256.Create((1UL << 53) - 1));
            Vector256<double> probability = ((folded | magic).AsDouble() - magicValue + Vector256.Create(0.5)) * Vector256.Create(1.0 / (1UL << 53));
            Vector256<double> centred = probability - Vector256.Create(0.5);
            Vector256<double> square = Vector256.Create(0.180625) - (centred * centred);
            Vector256<double> value = centred * Ratio(NormalQuantile.CentreNumerator, NormalQuantile.CentreDenominator, square);
            (value.AsUInt64() ^ (isUpper & Vector256.Create(1UL << 63))).AsDouble().Store(values + i);

            // Each lane is written where the next of the tails goes, and kept if it is one: no jump to foresee.
            uint isTail = Vector256.LessThan(centred, Vector256.Create(-0.425)).ExtractMostSignificantBits();
            for (int lane = 0; lane < Width; lane++)
            {
                tails[found] = probability.GetElement(lane);
                places[found] = i + lane;
                found += (int)((isTail >> lane) & 1);
            }
        }

        return found;
    }

    /// <summary>The magnitudes of the quantiles of small probabilities, in their place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tails(double* probabilities, int count)
    {
        for (int i = count; i % Width != 0; i++)
        {
            probabilities[i] = 0.01;
        }

        for (int i = 0; i < count; i += Width)
        {
            Vector256<double> probability = Vector256.Load(probabilities + i);
            Vector256<double> root = Vector256.Sqrt(-NaturalLogarithm(probability));
            Vector256<double> magnitude = Ratio(NormalQuantile.MiddleNumerator, NormalQuantile.MiddleDenominator, root - Vector256.Create(1.6));
            if (Vector256.GreaterThanAny(root, Vector256.Create(5.0)))
            {
                Vector256<double> far = Ratio(NormalQuantile.TailNumerator, NormalQuantile.TailDenominator, root - Vector256.Create(5.0));
                magnitude = Vector256.ConditionalSelect(Vector256.GreaterThan(root, Vector256.Create(5.0)), far, magnitude);
            }

            magnitude.Store(probabilities + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Ratio(ReadOnlySpan<double> numerator, ReadOnlySpan<double> denominator, Vector256<double> x) =>
        Polynomial(numerator, x) / Polynomial(denominator, x);

    // Written out: coefficients at constant places become constants of the machine code.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Polynomial(ReadOnlySpan<double> coefficients, Vector256<double> x)
    {
        Vector256<double> sum = (Vector256.Create(coefficients[0]) * x) + Vector256.Create(coefficients[1]);
        sum = (sum * x) + Vector256.Create(coefficients[2]);
        sum = (sum * x) + Vector256.Create(coefficients[3]);
        sum = (sum * x) + Vector256.Create(coefficients[4]);
        sum = (sum * x) + Vector256.Create(coefficients[5]);
        sum = (sum * x) + Vector256.Create(coefficients[6]);
        return (sum * x) + Vector256.Create(coefficients[7]);
    }

    /// <summary>As the one of <see cref="NormalQuantile"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> NaturalLogarithm(Vector256<double> x)
    {
        Vector256<ulong> bits = x.AsUInt64();
        Vector256<double> mantissa = ((bits & Vector256.Create(0x000FFFFFFFFFFFFFUL)) | Vector256.Create(0x3FF0000000000000UL)).AsDouble();
        Vector256<double> isLarge = Vector256.GreaterThan(mantissa, Vector256.Create(1.4142135623730951));

        // The exponent by way of the low bits of 2⁵² + exponent; all numbers are normal and positive.
        Vector256<double> exponent = ((bits >>> 52) | Vector256.Create(0x4330000000000000UL)).AsDouble() - Vector256.Create(4503599627370496.0 + 1023);
        exponent += isLarge & Vector256<double>.One;
        mantissa = Vector256.ConditionalSelect(isLarge, mantissa * Vector256.Create(0.5), mantissa);
        Vector256<double> s = (mantissa - Vector256<double>.One) / (mantissa + Vector256<double>.One), square = s * s, sum = Vector256<double>.Zero;
        sum = (sum * square) + Vector256.Create(1.0 / 21);
        sum = (sum * square) + Vector256.Create(1.0 / 19);
        sum = (sum * square) + Vector256.Create(1.0 / 17);
        sum = (sum * square) + Vector256.Create(1.0 / 15);
        sum = (sum * square) + Vector256.Create(1.0 / 13);
        sum = (sum * square) + Vector256.Create(1.0 / 11);
        sum = (sum * square) + Vector256.Create(1.0 / 9);
        sum = (sum * square) + Vector256.Create(1.0 / 7);
        sum = (sum * square) + Vector256.Create(1.0 / 5);
        sum = (sum * square) + Vector256.Create(1.0 / 3);
        sum = (sum * square) + Vector256<double>.One;
        return (exponent * Vector256.Create(0.6931471805599453)) + (Vector256.Create(2.0) * s * sum);
    }
}
