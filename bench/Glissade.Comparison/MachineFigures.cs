using System.Runtime.Intrinsics;
using System.Text.Json.Nodes;
using Glissade.Comparison.Measuring;
using Glissade.Numerics;

namespace Glissade.Comparison;

/// <summary>The command <c>machine</c>: the physical limits, measured.</summary>
internal static class MachineFigures
{
    public static void Run(Figures figures, int threads, int repeats)
    {
        void Print(string quantity, string unit, double value) => figures.Print(new JsonObject
        {
            ["peer"] = "machine",
            ["quantity"] = quantity,
            ["threads"] = threads,
            [unit] = Math.Round(value / 1e9, 2),
        });

        Print("fma-peak-256", "gflops", MachineLimits.Peak<Vector256<float>, Simd256<float>>(threads, repeats));
        if (Vector512.IsHardwareAccelerated)
        {
            Print("fma-peak-512", "gflops", MachineLimits.Peak<Vector512<float>, Simd512<float>>(threads, repeats));
        }

        if (threads == 1)
        {
            Print("copy", "gigabytes_per_second", MachineLimits.CopyBandwidth(repeats));
            Print("triad", "gigabytes_per_second", MachineLimits.TriadBandwidth(repeats));
            Print("update", "gigabytes_per_second", MachineLimits.UpdateBandwidth(repeats));
        }
    }
}
