using System.Numerics;
using Glissade.Numerics;

namespace Glissade.Tests.Numerics;

/// <summary>Vector functions applied to arrays, and arguments that sweep a whole format.</summary>
internal static class VectorSweep
{
    /// <summary>The function of each argument, a vector at a time.</summary>
    public static unsafe T[] Apply<TVector, T, TSimd>(Func<TVector, TVector> function, T[] arguments)
        where TVector : struct
        where T : unmanaged, IFloatingPointIeee754<T>
        where TSimd : ISimd<TVector, T>
    {
        T[] padded = new T[arguments.Length + TSimd.Count];
        T[] values = new T[padded.Length];
        arguments.CopyTo(padded, 0);
        fixed (T* source = padded, destination = values)
        {
            for (int i = 0; i < arguments.Length; i += TSimd.Count)
            {
                TSimd.Store(function(TSimd.Load(source + i)), destination + i);
            }
        }

        return values[..arguments.Length];
    }

    /// <summary>Every so manyth pattern of 32 bits.</summary>
    public static List<float> Patterns(int step)
    {
        List<float> sweep = [];
        for (long bits = 0; bits <= uint.MaxValue; bits += step)
        {
            sweep.Add(BitConverter.UInt32BitsToSingle((uint)bits));
        }

        return sweep;
    }
}
