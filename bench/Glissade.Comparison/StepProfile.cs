using System.Diagnostics;
using System.Globalization;
using Glissade.Compilation;
using Glissade.Compilation.Steps;
using Glissade.Comparison.Measuring;

namespace Glissade.Comparison;

/// <summary>Where the time of a training step goes: the best time of each step of the program and of the update.</summary>
/// <remarks>Each step is timed within whole training steps, so its data are where they would be; reading the clock adds about 0.03 µs to each.</remarks>
internal static class StepProfile
{
    public static void Print(TrainingStep network, int stepsPerRepeat, int repeats)
    {
        (string Part, Step<float> Step)[] steps =
        [
            .. Steps("program", network.Program),
            .. Steps("update", network.Updater.Program),
        ];

        double[] best = [.. steps.Select(_ => double.PositiveInfinity)];
        for (int run = 0; run < stepsPerRepeat * repeats; run++)
        {
            if (run % stepsPerRepeat == 0)
            {
                // One whole step by the front door leaves the scalars of the update set.
                network.Reset();
                network.Run();
            }

            for (int i = 0; i < steps.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                steps[i].Step.Run();
                best[i] = Math.Min(best[i], 1e6 * BestTime.SecondsSince(start));
            }
        }

        Print(steps, best);
    }

    /// <summary>The same of a program that stands alone.</summary>
    public static void Print(Program<float> program, int runs)
    {
        (string Part, Step<float> Step)[] steps = [.. Steps("program", program)];
        double[] best = [.. steps.Select(_ => double.PositiveInfinity)];
        for (int run = 0; run < runs; run++)
        {
            for (int i = 0; i < steps.Length; i++)
            {
                long start = Stopwatch.GetTimestamp();
                steps[i].Step.Run();
                best[i] = Math.Min(best[i], 1e6 * BestTime.SecondsSince(start));
            }
        }

        Print(steps, best);
    }

    private static void Print((string Part, Step<float> Step)[] steps, double[] best)
    {
        double whole = best.Sum();
        foreach (IGrouping<string, int> part in Enumerable.Range(0, steps.Length).GroupBy(i => steps[i].Part))
        {
            double sum = part.Sum(i => best[i]);
            Line(sum, whole, part.Key);
            foreach (int i in part.OrderByDescending(i => best[i]))
            {
                Line(best[i], whole, "  " + Describe(steps[i].Step, best[i]));
            }
        }
    }

    /// <summary>What the step is, and how fast it computes and moves bytes.</summary>
    private static string Describe(Step<float> step, double microseconds) => step.Description is not { } description
        ? step.ToString()!
        : string.Create(CultureInfo.InvariantCulture, $"{description.Flops / microseconds / 1e3,7:0.0} GFLOP/s {(description.BytesRead + description.BytesWritten) / microseconds / 1e3,6:0.0} GB/s  {description}");

    private static IEnumerable<(string Part, Step<float> Step)> Steps(string part, Program<float> program) =>
        program.Steps.SelectMany(stage => stage).Select(step => (part, step));

    private static void Line(double microseconds, double whole, string text) =>
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {microseconds,9:0.00} µs {microseconds / whole,6:0.0%}  {text}"));
}
