using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Glissade.Cli.Running;
using Glissade.Experiments.Running;
using Glissade.Input;
using Glissade.Learning.Training;
using Glissade.Numerics;

namespace Glissade.Cli.Finding;

/// <summary><c>glissade find-learning-rate</c>: a learning-rate range test of an experiment file.</summary>
internal static class FindLearningRateCommand
{
    private static readonly LearningRateRangeOptions Defaults = new();

    public static Command Build(CommandEnvironment environment)
    {
        Argument<string> file = RunCommand.FileArgument();
        Option<string[]> set = RunCommand.SetOption();
        Option<ulong?> seed = RunCommand.SeedOption();
        Option<double?> low = new("--low") { HelpName = "RATE", Description = Text($"The rate of the first step; {Defaults.Low:G} if not given."), CustomParser = ReadRate };
        Option<double?> high = new("--high") { HelpName = "RATE", Description = Text($"The rate of the last step; {Defaults.High:G} if not given."), CustomParser = ReadRate };
        Option<int?> steps = new("--steps") { HelpName = "N", Description = Text($"Steps of the sweep; {Defaults.Steps} if not given."), CustomParser = ReadSteps };
        Option<string?> report = new("--out") { HelpName = "FILE.html", Description = "Write a report as well." };
        Option<bool> json = new("--json") { Description = "The result as one JSON object on standard output." };
        Option<int?> threads = RunCommand.ThreadsOption();
        report.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: { } name }] && (string.IsNullOrWhiteSpace(name) || Directory.Exists(name)))
            {
                result.AddError($"--out: found {(name.Length == 0 ? "an empty name" : $"the folder '{name}'")}, expected a file for the report");
            }
        });
        Command command = new("find-learning-rate", "Sweep the learning rate of an experiment upwards for some steps, and suggest one; no run is begun.")
        {
            file, set, seed, low, high, steps, report, json, threads,
        };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(threads) is { } count)
            {
                ComputePool.Threads = count;
            }

            RunRequest request = new() { File = parsed.GetRequiredValue(file), Assignments = parsed.GetValue(set) ?? [], Seed = parsed.GetValue(seed) };
            LearningRateRangeOptions options = Defaults with
            {
                Low = parsed.GetValue(low) ?? Defaults.Low,
                High = parsed.GetValue(high) ?? Defaults.High,
                Steps = parsed.GetValue(steps) ?? Defaults.Steps,
            };
            if (options.High <= options.Low)
            {
                throw new InputException(new InputProblem("--high", Text($"{options.High:R}"), Text($"a rate above that of --low, {options.Low:R}")));
            }

            return Find(request, options, parsed.GetValue(report), parsed.GetValue(json), environment);
        });
        return command;
    }

    private static int Find(RunRequest request, LearningRateRangeOptions options, string? report, bool json, CommandEnvironment environment)
    {
        using Interruption interruption = new(() => environment.Error.WriteLine("Stopping after this step; once more ends at once."), () => { });
        LearningRateFinding finding = environment.Experiments.FindLearningRate(request, options, report, interruption.Token);
        if (json)
        {
            environment.Output.WriteLine(finding.ToJson());
        }
        else
        {
            FindingText.Write(finding, report, environment.Output);
        }

        return finding.Result.End == LearningRateRangeEnd.Cancelled ? ExitCode.Interrupted
            : finding.Result.Suggested is null ? ExitCode.Failed
            : ExitCode.Completed;
    }

    private static double? ReadRate(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double rate) && rate > 0 && double.IsFinite(rate))
        {
            return rate;
        }

        result.AddError($"{((OptionResult)result.Parent!).Option.Name}: found '{text}', expected a number above 0");
        return null;
    }

    private static int? ReadSteps(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int steps) && steps is >= 10 and <= 1_000_000)
        {
            return steps;
        }

        result.AddError($"--steps: found '{text}', expected a whole number from 10 to 1000000");
        return null;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
