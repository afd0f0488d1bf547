using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Glissade.Numerics;

/// <summary>What kernels of the matrix product share at the end of their sums.</summary>
internal static unsafe class MatrixProductEnd<TVector, TSimd, T>
    where TVector : struct
    where TSimd : ISimd<TVector, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>max(x, 0), where NaN stays NaN and −0 becomes 0: one comparison and one selection.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Rectify(TVector x) => TSimd.Select(TSimd.LessThanOrEqual(x, default), default, x);

    /// <summary>Copies the first elements of each scratch row to its place, in pieces of halving size.</summary>
    /// <param name="scratch">One vector for each row.</param>
    /// <param name="c">Place of the first row.</param>
    /// <param name="rowStep">Bytes from one place to the next.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="count">Elements of each row, fewer than a vector has.</param>
    public static void CopyIncomplete(byte* scratch, byte* c, nint rowStep, int rows, int count)
    {
        int bytes = count * sizeof(T);
        for (; rows > 0; rows--)
        {
            byte* from = scratch, to = c;
            if ((bytes & 32) != 0)
            {
                Vector256.Load(from).Store(to);
                from += 32;
                to += 32;
            }

            if ((bytes & 16) != 0)
            {
                Vector128.Load(from).Store(to);
                from += 16;
                to += 16;
            }

            if ((bytes & 8) != 0)
            {
                Unsafe.WriteUnaligned(to, Unsafe.ReadUnaligned<ulong>(from));
                from += 8;
                to += 8;
            }

            if ((bytes & 4) != 0)
            {
                Unsafe.WriteUnaligned(to, Unsafe.ReadUnaligned<uint>(from));
            }

            scratch += TSimd.Count * sizeof(T);
            c += rowStep;
        }
    }
}
