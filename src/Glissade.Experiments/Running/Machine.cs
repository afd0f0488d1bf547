using System.Runtime.InteropServices;
using Glissade.Experiments.Reporting;
using Glissade.Numerics;

namespace Glissade.Experiments.Running;

/// <summary>What runs here.</summary>
internal static class Machine
{
    /// <summary>The processor and the threads that compute.</summary>
    public static ReportMachine Describe() => new(Processor(), ComputePool.Threads);

    private static string Processor()
    {
        const string table = "/proc/cpuinfo";
        try
        {
            string? line = File.Exists(table) ? File.ReadLines(table).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
            if (line is not null)
            {
                return line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The architecture says something too.
        }

        return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
