using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Glissade.Numerics;

/// <summary>The widest vectors that the hardware has: known when machine code is made, so that what is written for others is dropped.</summary>
internal static class VectorWidth
{
    /// <summary>Whether kernels are made of vectors of 512 bits.</summary>
    public static bool Is512 => Vector512.IsHardwareAccelerated;

    /// <summary>Whether there are vectors of 256 bits; if not, kernels are made of 128 bits.</summary>
    public static bool Has256 => Vector256.IsHardwareAccelerated;

    /// <summary>Bytes of a vector.</summary>
    public static int Bytes => Is512 ? 64 : Has256 ? 32 : 16;

    /// <summary>Whether the vectors have 32 registers, not 16.</summary>
    public static bool HasManyRegisters => Is512 || (!Has256 && AdvSimd.IsSupported);
}
