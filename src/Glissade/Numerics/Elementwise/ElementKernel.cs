using System.Numerics;
using System.Runtime.Intrinsics;

namespace Glissade.Numerics.Elementwise;

/// <summary>Where a kernel reads an operand: consecutive elements, or the same vector again and again.</summary>
/// <param name="pointer">First element.</param>
/// <param name="stride">1, or 0 for a value that was spread over a whole vector (see <see cref="ElementKernel{T}.Spread"/>).</param>
internal readonly unsafe struct Operand(void* pointer, int stride)
{
    public readonly void* Pointer = pointer;
    public readonly int Stride = stride;
}

/// <summary>One elementwise function over a block of elements.</summary>
/// <remarks>
/// Operands may be read up to one vector beyond the last element, where the memory must exist (see <see cref="FlatVector{T}"/>);
/// the result is written exactly. The result may overlie an operand that is read with stride 1.
/// </remarks>
/// <typeparam name="T">The element.</typeparam>
internal abstract unsafe class ElementKernel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Elements of the widest vector of any hardware: the room that a spread value takes.</summary>
    public static int SpreadLength => 64 / sizeof(T);

    /// <summary>Writes the function of <paramref name="count"/> elements of up to three operands.</summary>
    public abstract void Run(Operand x, Operand y, Operand z, T* result, int count);

    public static ElementKernel<T> Unary<TOperator>()
        where TOperator : struct, IUnaryOperator => VectorWidth.Has256
        ? new UnaryKernel<T, Vector256<T>, Simd256<T>, TOperator>()
        : new UnaryKernel<T, Vector128<T>, Simd128<T>, TOperator>();

    public static ElementKernel<T> Binary<TOperator>()
        where TOperator : struct, IBinaryOperator => VectorWidth.Has256
        ? new BinaryKernel<T, Vector256<T>, Simd256<T>, TOperator>()
        : new BinaryKernel<T, Vector128<T>, Simd128<T>, TOperator>();

    public static ElementKernel<T> Ternary<TOperator>()
        where TOperator : struct, ITernaryOperator => VectorWidth.Has256
        ? new TernaryKernel<T, Vector256<T>, Simd256<T>, TOperator>()
        : new TernaryKernel<T, Vector128<T>, Simd128<T>, TOperator>();

    /// <summary>Fills the room at <paramref name="destination"/> with one value.</summary>
    public static void Spread(T value, T* destination) => new Span<T>(destination, SpreadLength).Fill(value);
}

internal sealed unsafe class UnaryKernel<T, TVector, TSimd, TOperator> : ElementKernel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TVector : struct
    where TSimd : struct, ISimd<TVector, T>
    where TOperator : struct, IUnaryOperator
{
    public override void Run(Operand x, Operand y, Operand z, T* result, int count)
    {
        T* px = (T*)x.Pointer;
        int step = x.Stride * TSimd.Count;
        int i = 0;
        for (; i <= count - TSimd.Count; i += TSimd.Count)
        {
            TSimd.Store(TOperator.Invoke<TVector, T, TSimd>(TSimd.Load(px)), result + i);
            px += step;
        }

        if (i < count)
        {
            TSimd.StoreFirst(TOperator.Invoke<TVector, T, TSimd>(TSimd.Load(px)), result + i, count - i);
        }
    }
}

internal sealed unsafe class BinaryKernel<T, TVector, TSimd, TOperator> : ElementKernel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TVector : struct
    where TSimd : struct, ISimd<TVector, T>
    where TOperator : struct, IBinaryOperator
{
    public override void Run(Operand x, Operand y, Operand z, T* result, int count)
    {
        T* px = (T*)x.Pointer;
        T* py = (T*)y.Pointer;
        int stepX = x.Stride * TSimd.Count, stepY = y.Stride * TSimd.Count;
        int i = 0;
        for (; i <= count - (2 * TSimd.Count); i += 2 * TSimd.Count)
        {
            TVector first = TOperator.Invoke<TVector, T, TSimd>(TSimd.Load(px), TSimd.Load(py));
            TVector second = TOperator.Invoke<TVector, T, TSimd>(TSimd.Load(px + stepX), TSimd.Load(py + stepY));
            TSimd.Store(first, result + i);
            TSimd.Store(second, result + i + TSimd.Count);
            px += 2 * stepX;
            py += 2 * stepY;
        }

        for (; i < count; i += TSimd.Count)
        {
            TVector value = TOperator.Invoke<TVector, T, TSimd>(TSimd.Load(px), TSimd.Load(py));
            if (i <= count - TSimd.Count)
            {
                TSimd.Store(value, result + i);
            }
            else
            {
                TSimd.StoreFirst(value, result + i, count - i);
            }

            px += stepX;
            py += stepY;
        }
    }
}

internal sealed unsafe class TernaryKernel<T, TVector, TSimd, TOperator> : ElementKernel<T>
    where T : unmanaged, IFloatingPointIeee754<T>
    where TVector : struct
    where TSimd : struct, ISimd<TVector, T>
    where TOperator : struct, ITernaryOperator
{
    public override void Run(Operand x, Operand y, Operand z, T* result, int count)
    {
        T* px = (T*)x.Pointer;
        T* py = (T*)y.Pointer;
        T* pz = (T*)z.Pointer;
        int stepX = x.Stride * TSimd.Count, stepY = y.Stride * TSimd.Count, stepZ = z.Stride * TSimd.Count;
        for (int i = 0; i < count; i += TSimd.Count)
        {
            TVector value = TOperator.Invoke<TVector, T, TSimd>(TSimd.Load(px), TSimd.Load(py), TSimd.Load(pz));
            if (i <= count - TSimd.Count)
            {
                TSimd.Store(value, result + i);
            }
            else
            {
                TSimd.StoreFirst(value, result + i, count - i);
            }

            px += stepX;
            py += stepY;
            pz += stepZ;
        }
    }
}
