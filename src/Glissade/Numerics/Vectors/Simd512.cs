using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Glissade.Numerics;

/// <summary>Kernels on vectors of 512 bits.</summary>
internal readonly unsafe struct Simd512<T> : ISimd<Vector512<T>, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int Count => Vector512<T>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Load(T* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<T> value, T* destination) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreFirst(Vector512<T> value, T* destination, int count)
    {
        if (Avx512F.IsSupported && typeof(T) == typeof(float))
        {
            Avx512F.MaskStore((float*)destination, Vector512.LessThan(Vector512<float>.Indices, Vector512.Create((float)count)), value.As<T, float>());
        }
        else if (Avx512F.IsSupported)
        {
            Avx512F.MaskStore((double*)destination, Vector512.LessThan(Vector512<double>.Indices, Vector512.Create((double)count)), value.As<T, double>());
        }
        else
        {
            StoreLanes(value, destination, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Create(T value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Constant(double value) => typeof(T) == typeof(float)
        ? Vector512.Create((float)value).As<float, T>()
        : Vector512.Create(value).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Add(Vector512<T> x, Vector512<T> y) => x + y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Subtract(Vector512<T> x, Vector512<T> y) => x - y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Multiply(Vector512<T> x, Vector512<T> y) => x * y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Divide(Vector512<T> x, Vector512<T> y) => x / y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> FusedMultiplyAdd(Vector512<T> x, Vector512<T> y, Vector512<T> z) => typeof(T) == typeof(float)
        ? Vector512.FusedMultiplyAdd(x.AsSingle(), y.AsSingle(), z.AsSingle()).As<float, T>()
        : Vector512.FusedMultiplyAdd(x.AsDouble(), y.AsDouble(), z.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Negate(Vector512<T> x) => -x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Abs(Vector512<T> x) => Vector512.Abs(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Sqrt(Vector512<T> x) => Vector512.Sqrt(x);

    public static bool HasSqrtByProducts => Avx512F.IsSupported && typeof(T) == typeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> SqrtByProducts(Vector512<T> x)
    {
        const uint Least = 0x0D80_0000, Infinity = 0x7F80_0000;
        Vector512<float> a = x.AsSingle();

        // Numbers from 2⁻¹⁰⁰ up to the greatest; the others are rare, and the divider can have them.
        return Vector512.GreaterThanOrEqualAny(a.AsUInt32() - Vector512.Create(Least), Vector512.Create(Infinity - Least))
            ? Vector512.Sqrt(x)
            : SqrtFrom(a, Avx512F.ReciprocalSqrt14(a)).As<float, T>();
    }

    /// <summary>√x rounded to the nearest, from an estimate of 1/√x that errs by 2⁻¹⁴ of it at most.</summary>
    /// <remarks>
    /// A step of Newton's method for g ≈ √x and h ≈ 1/2√x together; then the remainder x − g², which is exact unless it underflows, corrects the last bit (P. Markstein, 2000,
    /// IA-64 and Elementary Functions, chapter 9). That it does so for every x, whatever the estimate, is tried rather than proved.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<float> SqrtFrom(Vector512<float> x, Vector512<float> estimate)
    {
        Vector512<float> half = Vector512.Create(0.5f), g = x * estimate, h = half * estimate;
        Vector512<float> error = Avx512F.FusedMultiplyAddNegated(g, h, half);
        g = Avx512F.FusedMultiplyAdd(g, error, g);
        h = Avx512F.FusedMultiplyAdd(h, error, h);
        return Avx512F.FusedMultiplyAdd(h, Avx512F.FusedMultiplyAddNegated(g, g, x), g);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Floor(Vector512<T> x) => typeof(T) == typeof(float)
        ? Vector512.Floor(x.AsSingle()).As<float, T>()
        : Vector512.Floor(x.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Max(Vector512<T> x, Vector512<T> y) => Vector512.Max(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Min(Vector512<T> x, Vector512<T> y) => Vector512.Min(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> GreaterOrSecond(Vector512<T> x, Vector512<T> y) => !Avx512F.IsSupported ? Vector512.ConditionalSelect(Vector512.GreaterThan(x, y), x, y)
        : typeof(T) == typeof(float) ? Avx512F.Max(x.AsSingle(), y.AsSingle()).As<float, T>()
        : Avx512F.Max(x.AsDouble(), y.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> LessOrSecond(Vector512<T> x, Vector512<T> y) => !Avx512F.IsSupported ? Vector512.ConditionalSelect(Vector512.LessThan(x, y), x, y)
        : typeof(T) == typeof(float) ? Avx512F.Min(x.AsSingle(), y.AsSingle()).As<float, T>()
        : Avx512F.Min(x.AsDouble(), y.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Rectify(Vector512<T> x) => GreaterOrSecond(default, x);

    public static bool CanScale => Avx512F.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Scale(Vector512<T> x, Vector512<T> k) => typeof(T) == typeof(float)
        ? Avx512F.Scale(x.AsSingle(), k.AsSingle()).As<float, T>()
        : Avx512F.Scale(x.AsDouble(), k.AsDouble()).As<double, T>();

    public static bool CanMoveLanes => Avx512F.IsSupported;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> MoveLanes(Vector512<T> x, Vector512<T> lanes) => Avx512F.PermuteVar16x32(x.AsInt32(), lanes.AsInt32()).As<int, T>();

    // One instruction: of the eight kinds of numbers (NaN that is quiet or signals, 0, 1, −∞, ∞, below 0, above 0), the finite ones take the first operand.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> FiniteOr(Vector512<T> x, Vector512<T> y)
    {
        const int FiniteKinds = 0x1100_1100;
        return !Avx512F.IsSupported ? Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Abs(x), Constant(double.PositiveInfinity)), x, y)
            : typeof(T) == typeof(float) ? Avx512F.Fixup(y.AsSingle(), x.AsSingle(), Vector512.Create(FiniteKinds), 0).As<float, T>()
            : Avx512F.Fixup(y.AsDouble(), x.AsDouble(), Vector512.Create((long)FiniteKinds), 0).As<double, T>();
    }

    // One instruction, too: of the same eight kinds, those above 0 leave x and all others make it 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> WherePositive(Vector512<T> condition, Vector512<T> x)
    {
        const int OtherKinds = 0x0808_0888;
        return !Avx512F.IsSupported ? Vector512.GreaterThan(condition, default) & x
            : typeof(T) == typeof(float) ? Avx512F.Fixup(x.AsSingle(), condition.AsSingle(), Vector512.Create(OtherKinds), 0).As<float, T>()
            : Avx512F.Fixup(x.AsDouble(), condition.AsDouble(), Vector512.Create((long)OtherKinds), 0).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> GreaterThan(Vector512<T> x, Vector512<T> y) => Vector512.GreaterThan(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> GreaterThanOrEqual(Vector512<T> x, Vector512<T> y) => Vector512.GreaterThanOrEqual(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> LessThan(Vector512<T> x, Vector512<T> y) => Vector512.LessThan(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> LessThanOrEqual(Vector512<T> x, Vector512<T> y) => Vector512.LessThanOrEqual(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Equal(Vector512<T> x, Vector512<T> y) => Vector512.Equals(x, y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> And(Vector512<T> x, Vector512<T> y) => x & y;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> Select(Vector512<T> mask, Vector512<T> yes, Vector512<T> no) => Vector512.ConditionalSelect(mask, yes, no);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool All(Vector512<T> mask) => Vector512.AllWhereAllBitsSet(mask);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> CopySign(Vector512<T> x, Vector512<T> sign) => Vector512.CopySign(x, sign);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> ConstantBits(ulong bits) => typeof(T) == typeof(float)
        ? Vector512.Create((uint)bits).As<uint, T>()
        : Vector512.Create(bits).As<ulong, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> AddBits(Vector512<T> x, Vector512<T> y) => typeof(T) == typeof(float)
        ? (x.AsUInt32() + y.AsUInt32()).As<uint, T>()
        : (x.AsUInt64() + y.AsUInt64()).As<ulong, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> SubtractBits(Vector512<T> x, Vector512<T> y) => typeof(T) == typeof(float)
        ? (x.AsUInt32() - y.AsUInt32()).As<uint, T>()
        : (x.AsUInt64() - y.AsUInt64()).As<ulong, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> ShiftLeftBits(Vector512<T> x, int count) => typeof(T) == typeof(float)
        ? (x.AsUInt32() << count).As<uint, T>()
        : (x.AsUInt64() << count).As<ulong, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<T> ShiftRightBits(Vector512<T> x, int count) => typeof(T) == typeof(float)
        ? (x.AsUInt32() >> count).As<uint, T>()
        : (x.AsUInt64() >> count).As<ulong, T>();

    /// <summary>Lane by lane, where the hardware stores no part of a vector.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreLanes(Vector512<T> value, T* destination, int count)
    {
        for (int i = 0; i < count; i++)
        {
            destination[i] = value.GetElement(i);
        }
    }
}
