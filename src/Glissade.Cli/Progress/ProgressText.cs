using Glissade.Experiments.Running;

namespace Glissade.Cli.Progress;

/// <summary>The parts of a line of progress.</summary>
internal static class ProgressText
{
    /// <summary>What stands above the progress.</summary>
    public static string Heading(RunStart start)
    {
        string resumed = start.StepsTaken > 0 ? $", going on after step {Figures.Count(start.StepsTaken)}" : string.Empty;
        return $"{start.Name}: {start.Description}, seed {start.Seed}{resumed} → {start.Folder}";
    }

    /// <summary>Where it stands: in epochs, or in steps where there are no epochs.</summary>
    public static string Epoch(ProgressSnapshot at) => at.Start.Epochs == 0
        ? $"step {Figures.Count(at.Step).PadLeft(Figures.Count(at.Start.TotalSteps).Length)}/{Figures.Count(at.Start.TotalSteps)}"
        : $"epoch {at.Epoch.ToString().PadLeft(at.Start.Epochs.ToString().Length)}/{at.Start.Epochs}";

    public static string? Loss(ProgressSnapshot at) => at.Loss is { } loss ? $"{(at.Start.Epochs == 0 ? "value" : "loss")} {Figures.Number(loss)}" : null;

    public static string? Metric(ProgressSnapshot at) => at.Metric is { } metric ? $"{metric.Name} {Figures.Number(metric.Value)}" : null;

    public static string? Rate(ProgressSnapshot at) => at.LearningRate is { } rate ? $"rate {Figures.Number(rate)}" : null;

    public static string? Trouble(ProgressSnapshot at) => (at.Skipped, at.Restorations) switch
    {
        (0, 0) => null,
        (_, 0) => $"{Figures.Count(at.Skipped)} skipped",
        (0, _) => $"{at.Restorations}× restored",
        _ => $"{Figures.Count(at.Skipped)} skipped, {at.Restorations}× restored",
    };

    public static string? Speed(ProgressSnapshot at) => at.StepsPerSecond > 0 ? $"{Figures.Count(at.StepsPerSecond)} steps/s" : null;

    public static string? Remaining(ProgressSnapshot at) => at.Remaining is { } left ? $"{Figures.Clock(left)} left" : null;

    /// <summary>All of them, for a file or a pipe.</summary>
    public static string Line(ProgressSnapshot at) =>
        string.Join("  ", new[] { Epoch(at), Loss(at), Metric(at), Rate(at), Trouble(at), Speed(at), Remaining(at) }.Where(part => part is not null));
}
