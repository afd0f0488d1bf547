using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Glissade.Numerics.Elementwise;

/// <summary>Sums and maxima of short rows, a number for each: with a row in every lane, for within a row most lanes would be idle and every addition waits for the one before.</summary>
/// <remarks>Each row is combined from its first element to its last, with or without hardware vectors, so the bits are those of <see cref="ReductionKernels{T}"/>.</remarks>
internal static unsafe class ShortRows<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Elements of a row from which on vectors within the row find its greatest faster.</summary>
    private const int LongestMax = 128;

    /// <summary>Rows that are taken together.</summary>
    private static int Together => Vector256<T>.Count;

    /// <summary>Columns that are taken together.</summary>
    private static int PanelColumns => Vector128<T>.Count;

    /// <summary>Whether rows of this length are summed here: only where <see cref="ReductionKernels{T}.Sum"/> adds one element after another too.</summary>
    public static bool FitsSum(int count) => count < 2 * Vector256<T>.Count;

    /// <summary>Whether the greatest of rows of this length are found here.</summary>
    public static bool FitsMax(int count) => count <= LongestMax;

    /// <summary>The sum of each row.</summary>
    /// <param name="x">The rows, one after another; up to one vector beyond the last element is read.</param>
    /// <param name="rows">How many.</param>
    /// <param name="count">Elements of each.</param>
    /// <param name="sums">Where the sums go.</param>
    public static void Sum(T* x, int rows, int count, T* sums)
    {
        if (AreTakenTogether(rows))
        {
            SumTogether(x, rows, count, sums);
            return;
        }

        for (int row = 0; row < rows; row++, x += count)
        {
            sums[row] = ReductionKernels<T>.Sum(x, count);
        }
    }

    /// <summary>The greatest of each row.</summary>
    /// <param name="x">The rows, one after another; up to one vector beyond the last element is read.</param>
    /// <param name="rows">How many.</param>
    /// <param name="count">Elements of each.</param>
    /// <param name="greatest">Where they go.</param>
    public static void Max(T* x, int rows, int count, T* greatest)
    {
        if (!AreTakenTogether(rows))
        {
            MaxOneByOne(x, rows, count, greatest);
        }
        else if (count < Vector256<T>.Count)
        {
            MaxOfFewTogether(x, rows, count, greatest);
        }
        else
        {
            MaxTogether(x, rows, count, greatest);
        }
    }

    private static bool AreTakenTogether(int rows) => Avx.IsSupported && rows >= Together;

    private static void MaxOneByOne(T* x, int rows, int count, T* results)
    {
        for (int row = 0; row < rows; row++, x += count)
        {
            results[row] = ReductionKernels<T>.Max(x, count);
        }
    }

    private static void SumTogether(T* x, int rows, int count, T* sums)
    {
        for (int row = 0; row < rows; row += Together)
        {
            // The last rows may be taken twice.
            row = Math.Min(row, rows - Together);
            T* at = x + ((nint)row * count);
            Vector256<T> sum = Vector256<T>.Zero;
            int left = count;
            for (; left >= PanelColumns; left -= PanelColumns, at += PanelColumns)
            {
                Turn(at, count, out Vector256<T> a, out Vector256<T> b, out Vector256<T> c, out Vector256<T> d);
                sum = sum + a + b;
                sum = PanelColumns > 2 ? sum + c + d : sum;
            }

            if (left > 0)
            {
                Turn(at, count, out Vector256<T> a, out Vector256<T> b, out Vector256<T> c, out _);
                sum += a;
                sum = left > 1 ? sum + b : sum;
                sum = left > 2 ? sum + c : sum;
            }

            sum.Store(sums + row);
        }
    }

    /// <summary>The greatest of rows that are shorter than a vector.</summary>
    private static void MaxOfFewTogether(T* x, int rows, int count, T* greatest)
    {
        int panel = Math.Min(count, PanelColumns);
        for (int row = 0; row < rows; row += Together)
        {
            row = Math.Min(row, rows - Together);
            T* at = x + ((nint)row * count);
            Vector256<T> all = Vector256.Create(T.NegativeInfinity);
            for (int i = 0; i < count; i += PanelColumns)
            {
                // The last panel may overlap the one before it.
                Turn(at + Math.Min(i, count - panel), count, out Vector256<T> a, out Vector256<T> b, out Vector256<T> c, out Vector256<T> d);
                all = Vector256.Max(all, a);
                all = panel > 1 ? Vector256.Max(all, b) : all;
                all = panel > 2 ? Vector256.Max(all, c) : all;
                all = panel > 3 ? Vector256.Max(all, d) : all;
            }

            all.Store(greatest + row);
        }
    }

    /// <summary>The greatest of rows that fill a vector or more.</summary>
    private static void MaxTogether(T* x, int rows, int count, T* greatest)
    {
        for (int row = 0; row < rows; row += Together)
        {
            row = Math.Min(row, rows - Together);
            T* at = x + ((nint)row * count);
            Vector256<T> unordered = Vector256<T>.Zero, all = GreatestOfFour(at, count, ref unordered);
            if (typeof(T) == typeof(float))
            {
                all = GreaterHalves(all, GreatestOfFour(at + (4 * (nint)count), count, ref unordered));
            }

            // The hardware's own comparison is not what is wanted with NaN, nor perhaps among zeros of both signs.
            if ((unordered | Vector256.Equals(all, Vector256<T>.Zero)) == Vector256<T>.Zero)
            {
                all.Store(greatest + row);
            }
            else
            {
                MaxOneByOne(at, Together, count, greatest + row);
            }
        }
    }

    /// <summary>The greatest of each of four rows; in float in either half those of what stands in that half of the vectors of the row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> GreatestOfFour(T* x, int count, ref Vector256<T> unordered)
    {
        T* y = x + count, z = y + count, w = z + count;
        Vector256<T> a = Vector256.Load(x), b = Vector256.Load(y), c = Vector256.Load(z), d = Vector256.Load(w);
        int last = count - Vector256<T>.Count;
        unordered |= Unordered(a, b) | Unordered(c, d);
        for (int i = Vector256<T>.Count; i < count; i += Vector256<T>.Count)
        {
            // The last vector of a row may overlap the one before it.
            nint at = Math.Min(i, last);
            Vector256<T> e = Vector256.Load(x + at), f = Vector256.Load(y + at), g = Vector256.Load(z + at), h = Vector256.Load(w + at);
            unordered |= Unordered(e, f) | Unordered(g, h);
            (a, b, c, d) = (Vector256.MaxNative(a, e), Vector256.MaxNative(b, f), Vector256.MaxNative(c, g), Vector256.MaxNative(d, h));
        }

        if (typeof(T) == typeof(float))
        {
            Vector256<double> ab = Vector256.MaxNative(Avx.UnpackLow(a.AsSingle(), b.AsSingle()), Avx.UnpackHigh(a.AsSingle(), b.AsSingle())).AsDouble();
            Vector256<double> cd = Vector256.MaxNative(Avx.UnpackLow(c.AsSingle(), d.AsSingle()), Avx.UnpackHigh(c.AsSingle(), d.AsSingle())).AsDouble();
            return Vector256.MaxNative(Avx.UnpackLow(ab, cd).As<double, T>(), Avx.UnpackHigh(ab, cd).As<double, T>());
        }

        return GreaterHalves(
            Vector256.MaxNative(Avx.UnpackLow(a.AsDouble(), b.AsDouble()), Avx.UnpackHigh(a.AsDouble(), b.AsDouble())).As<double, T>(),
            Vector256.MaxNative(Avx.UnpackLow(c.AsDouble(), d.AsDouble()), Avx.UnpackHigh(c.AsDouble(), d.AsDouble())).As<double, T>());
    }

    /// <summary>The greater of the halves of each of two vectors, side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> GreaterHalves(Vector256<T> a, Vector256<T> b) => Vector256.MaxNative(
        Vector256.Create(a.GetLower(), b.GetLower()), Avx.Permute2x128(a.AsByte(), b.AsByte(), 0x31).As<byte, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Unordered(Vector256<T> x, Vector256<T> y) => typeof(T) == typeof(float)
        ? Avx.CompareUnordered(x.AsSingle(), y.AsSingle()).As<float, T>()
        : Avx.CompareUnordered(x.AsDouble(), y.AsDouble()).As<double, T>();

    /// <summary>Columns of the rows that begin at an element: four in float; two in double, given twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(T* x, int count, out Vector256<T> a, out Vector256<T> b, out Vector256<T> c, out Vector256<T> d)
    {
        if (typeof(T) == typeof(float))
        {
            // Four rows by four columns are turned within each half of the vectors: the other half has the four rows after.
            Vector256<float> row0 = Beside(x, 0, 4, count).AsSingle(), row1 = Beside(x, 1, 5, count).AsSingle(), row2 = Beside(x, 2, 6, count).AsSingle(), row3 = Beside(x, 3, 7, count).AsSingle();
            Vector256<double> low = Avx.UnpackLow(row0, row1).AsDouble(), high = Avx.UnpackLow(row2, row3).AsDouble();
            a = Avx.UnpackLow(low, high).As<double, T>();
            b = Avx.UnpackHigh(low, high).As<double, T>();
            (low, high) = (Avx.UnpackHigh(row0, row1).AsDouble(), Avx.UnpackHigh(row2, row3).AsDouble());
            c = Avx.UnpackLow(low, high).As<double, T>();
            d = Avx.UnpackHigh(low, high).As<double, T>();
        }
        else
        {
            Vector256<double> even = Beside(x, 0, 2, count).AsDouble(), odd = Beside(x, 1, 3, count).AsDouble();
            a = c = Avx.UnpackLow(even, odd).As<double, T>();
            b = d = Avx.UnpackHigh(even, odd).As<double, T>();
        }
    }

    /// <summary>The beginnings of two rows, each half a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Beside(T* x, int lower, int upper, int count) =>
        Vector256.Create(Vector128.Load(x + ((nint)lower * count)), Vector128.Load(x + ((nint)upper * count)));
}
