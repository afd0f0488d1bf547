using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Glissade.Compilation.Emission;
using Glissade.Numerics;

namespace Glissade.Cli;

/// <summary>What <c>glissade --version</c> says.</summary>
internal static class VersionText
{
    /// <summary>Writes the version, on one line; with all that a report of a fault needs below it if asked for.</summary>
    public static void Write(TextWriter output, bool verbose)
    {
        output.WriteLine($"glissade {Version}");
        if (!verbose)
        {
            return;
        }

        output.WriteLine($"runtime     {RuntimeInformation.FrameworkDescription}");
        output.WriteLine($"system      {RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}");
        output.WriteLine($"processors  {Environment.ProcessorCount}");
        output.WriteLine($"threads     {ComputePool.Threads}");
        output.WriteLine($"vectors     {8 * VectorWidth.Bytes} bits{(Vector128.IsHardwareAccelerated ? "" : ", made of plain numbers")}");
        output.WriteLine($"executor    {LoopKernels.Description}");
    }

    private static string Version
    {
        get
        {
            string version = typeof(VersionText).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

            // The commit after the plus is of use to those who build, and noise to everybody else: seven digits name it.
            int plus = version.IndexOf('+', StringComparison.Ordinal);
            return plus >= 0 && version.Length > plus + 8 ? version[..(plus + 8)] : version;
        }
    }
}
