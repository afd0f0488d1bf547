using System.Text.Json.Nodes;
using Glissade.Comparison.Measuring;

namespace Glissade.Comparison;

/// <summary>The command <c>train-step</c>: one step of training, forward, backward and Adam, as the peers' scripts time it.</summary>
internal static class TrainStep
{
    public static void Run(Figures figures, int threads, int repeats, string? network, bool profile)
    {
        double peak = MachineLimits.Peak(threads);
        foreach (NetworkCase @case in NetworkCase.All.Where(c => network is null || c.Name == network))
        {
            var step = new NetworkStep(@case);
            double seconds = BestTime.OfCall(step.Run, @case.StepsPerRepeat, repeats, step.Reset);
            step.Check();
            figures.Print(new JsonObject
            {
                ["peer"] = Figures.Project,
                ["threads"] = threads,
                ["network"] = @case.Name,
                ["widths"] = new JsonArray([.. @case.Widths.Select(w => JsonValue.Create(w))]),
                ["batch"] = @case.Batch,
                ["microseconds"] = Math.Round(seconds * 1e6, 1),
                ["gflops"] = Math.Round(@case.MatrixOperations / seconds / 1e9, 1),
                ["share_of_peak"] = Math.Round(@case.MatrixOperations / seconds / peak, 3),
            });
            if (profile)
            {
                StepProfile.Print(step, @case.StepsPerRepeat, repeats);
            }
        }
    }
}
