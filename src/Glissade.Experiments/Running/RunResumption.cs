using Glissade.Experiments.Sections;
using Glissade.Input;

namespace Glissade.Experiments.Running;

/// <summary>Finds the unfinished run to go on with.</summary>
internal static class RunResumption
{
    /// <summary>The folder of the run in a given folder, or of the newest unfinished one.</summary>
    /// <param name="folder">The folder to resume in; null for the newest.</param>
    /// <param name="experiment">What is to be run.</param>
    /// <param name="finished">How the run in the given folder ended, if it did; there is then nothing to do, and no folder is taken.</param>
    /// <exception cref="InputException">There is nothing to resume; the message says what was looked at.</exception>
    public static RunFolder? Find(string? folder, ExperimentSet experiment, out RunSummary? finished)
    {
        finished = null;
        return folder is null ? Newest(experiment) : Given(folder, experiment, out finished);
    }

    private static RunFolder? Given(string folder, ExperimentSet experiment, out RunSummary? finished)
    {
        finished = null;
        switch (ExperimentText.FingerprintIn(folder))
        {
            case null:
                throw new InputException(new InputProblem(folder, Directory.Exists(folder) ? "no run in this folder" : "no such folder", "the folder of a run to resume"));
            case { } other when other != experiment.Fingerprint:
                throw new InputException(new InputProblem(folder, "the run of another experiment", "one of this experiment; a changed file, seed or data starts a new run"));
        }

        RunFolder taken = RunFolder.TryTake(folder) ?? throw RunFolder.InUse(folder);
        finished = RunSummary.Load(taken.Result) is { Status: not RunSummary.Interrupted } ended ? ended : null;
        if (finished is null)
        {
            return taken;
        }

        taken.Dispose();
        return null;
    }

    private static RunFolder Newest(ExperimentSet experiment)
    {
        var seen = new List<string>();
        foreach (string folder in RunFolder.Numbered(experiment.Header.Name))
        {
            string? fingerprint = ExperimentText.FingerprintIn(folder);
            if (fingerprint != experiment.Fingerprint)
            {
                seen.Add($"{Path.GetFileName(folder)} is {(fingerprint is null ? "not begun" : "of another experiment")}");
                continue;
            }

            // Taken before it is looked at: it may be finished just now.
            RunFolder? taken = RunFolder.TryTake(folder);
            RunSummary? ended = taken is null ? null : RunSummary.Load(taken.Result);
            if (taken is not null && (ended is null || ended.Status == RunSummary.Interrupted))
            {
                return taken;
            }

            taken?.Dispose();
            seen.Add($"{Path.GetFileName(folder)} is {ended?.Status ?? "in use"}");
        }

        const int mostListed = 5;
        string list = seen.Count == 0 ? "there is none" : string.Join(", ", seen.Take(mostListed)) + (seen.Count > mostListed ? ", and so on" : "");
        throw new InputException(new InputProblem(
            Path.Combine("runs", experiment.Header.Name + "-*"), $"no unfinished run of this experiment ({list})", "one that was interrupted or killed, of the same file, seed and data"));
    }
}
