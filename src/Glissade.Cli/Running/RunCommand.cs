using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Glissade.Cli.Usage;
using Glissade.Experiments.Running;
using Glissade.Numerics;

namespace Glissade.Cli.Running;

/// <summary><c>glissade run</c>: runs an experiment file.</summary>
internal static class RunCommand
{
    private const int MostThreads = 1024;

    public static Command Build(CommandEnvironment environment)
    {
        Argument<string> file = FileArgument();
        Option<string[]> set = SetOption();
        Option<ulong?> seed = SeedOption();
        Option<string?> folder = new("--out") { HelpName = "DIR", Description = "The folder of the run; without it the next free runs/NAME-0001." };
        Option<bool> resume = new("--resume") { Description = "Go on with the newest unfinished run of this experiment, or with the one in --out." };
        Option<bool> json = new("--json") { Description = "The result as one JSON object on standard output." };
        Option<bool> quiet = new("--quiet") { Description = "Show nothing but errors, and with --json the result." };
        Option<int?> threads = ThreadsOption();
        folder.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value.Length: 0 }])
            {
                result.AddError("--out: found an empty name, expected a folder");
            }
        });

        Command command = new("run", "Run an experiment file: train, show how it goes, and keep the record in a folder.")
        {
            file, set, seed, folder, resume, json, quiet, threads,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(threads) is { } count)
            {
                ComputePool.Threads = count;
            }

            RunRequest request = new()
            {
                File = parsed.GetRequiredValue(file),
                Assignments = parsed.GetValue(set) ?? [],
                Seed = parsed.GetValue(seed),
                Folder = parsed.GetValue(folder),
                Resume = parsed.GetValue(resume),
            };
            return new RunSession(request, parsed.GetValue(json), parsed.GetValue(quiet), environment).Execute();
        });
        return command;
    }

    /// <summary>The experiment file.</summary>
    public static Argument<string> FileArgument()
    {
        Argument<string> file = new("FILE") { Description = "The experiment file." };
        file.Validators.Add(UsageErrors.RefuseOption);
        file.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: { } name }] && string.IsNullOrWhiteSpace(name))
            {
                result.AddError("FILE: found an empty name, expected an experiment file");
            }
        });
        return file;
    }

    /// <summary>Changes to the file.</summary>
    public static Option<string[]> SetOption() => new("--set")
    {
        HelpName = "a.b=value",
        Description = "Put another value into the file; as often as needed. Parts of a list go by their word, update.adam.beta1, or their number from 0, update[1].adam.beta1.",
    };

    /// <summary>The seed.</summary>
    public static Option<ulong?> SeedOption() => new("--seed") { HelpName = "N", Description = "A seed instead of the file's.", CustomParser = ReadSeed };

    /// <summary>The number of threads.</summary>
    public static Option<int?> ThreadsOption() => new("--threads")
    {
        HelpName = "N",
        Description = "Threads that compute at once; the result does not depend on it.",
        CustomParser = ReadThreads,
    };

    private static ulong? ReadSeed(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed))
        {
            return seed;
        }

        result.AddError($"--seed: found '{text}', expected a whole number from 0 to {ulong.MaxValue}");
        return null;
    }

    private static int? ReadThreads(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads is >= 1 and <= MostThreads)
        {
            return threads;
        }

        result.AddError($"--threads: found '{text}', expected a whole number from 1 to {MostThreads}");
        return null;
    }
}
