using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

/// <summary>Sums over planes: vectors run along each plane, and every sum is one chain of additions in the order of the planes.</summary>
internal static unsafe class PlaneSums<TVector, TSimd, T>
    where TVector : struct
    where TSimd : ISimd<TVector, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Adds all other planes to the first.</summary>
    /// <param name="planes">The first plane.</param>
    /// <param name="count">How many, at least one.</param>
    /// <param name="stride">Elements from a plane to the next: a multiple of two vectors, all of which are added.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(T* planes, int count, int stride)
    {
        for (int i = 0; i < stride; i += 2 * TSimd.Count)
        {
            T* plane = planes + i;
            TVector x = TSimd.Load(plane), y = TSimd.Load(plane + TSimd.Count);
            for (int left = count - 1; left > 0; left--)
            {
                plane += stride;
                x = TSimd.Add(x, TSimd.Load(plane));
                y = TSimd.Add(y, TSimd.Load(plane + TSimd.Count));
            }

            TSimd.Store(x, planes + i);
            TSimd.Store(y, planes + i + TSimd.Count);
        }
    }
}
