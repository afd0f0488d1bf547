using System.Numerics;
using System.Runtime.CompilerServices;

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
}
