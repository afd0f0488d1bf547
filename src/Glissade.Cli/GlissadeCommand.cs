using System.CommandLine;
using System.CommandLine.Help;
using Glissade.Cli.Finding;
using Glissade.Cli.Listing;
using Glissade.Cli.Running;
using Glissade.Cli.Usage;
using Glissade.Compilation.Emission;

namespace Glissade.Cli;

/// <summary>The command <c>glissade</c>.</summary>
internal static class GlissadeCommand
{
    /// <summary>Does what the command line says and returns the exit code.</summary>
    /// <param name="arguments">The command line without the name of the program.</param>
    /// <param name="environment">The world around it.</param>
    public static int Invoke(IReadOnlyList<string> arguments, CommandEnvironment environment)
    {
        try
        {
            // An argument that begins with @ is a file's name, not a file of further arguments; -abc is a mistake, not three options.
            ParserConfiguration parsing = new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };
            ParseResult parsed = Build(environment).Parse(arguments, parsing);
            bool isHelp = parsed.Action is HelpWithExamples;
            if (parsed.Errors.Count > 0 && !isHelp)
            {
                UsageErrors.Write(parsed, environment.Error);
                return ExitCode.BadInput;
            }

            if (LoopKernels.Problem is { } problem)
            {
                environment.Error.WriteLine($"glissade: {problem}");
            }

            // Signals and exceptions are ours: the library would answer both in its own way.
            return parsed.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
                Output = environment.Output,
                Error = environment.Error,
            });
        }
        catch (Exception exception)
        {
            return Failure.Write(exception, environment);
        }
    }

    private static Command Build(CommandEnvironment environment)
    {
        Option<bool> version = new("--version") { Description = "Show the version." };
        Option<bool> verbose = new("--verbose") { Description = "With --version: show the runtime, the processor and how it is used as well." };
        HelpOption help = new("--help", "-h", "-?") { Description = "Show help.", Action = new HelpWithExamples() };
        Command root = new("glissade", "Smooth optimization for machine learning: trains what an experiment file describes, and keeps the record.")
        {
            help,
            version,
            verbose,
            RunCommand.Build(environment),
            FindLearningRateCommand.Build(environment),
            ListCommand.Build(environment),
        };
        root.SetAction(parsed =>
        {
            if (parsed.GetValue(version))
            {
                VersionText.Write(environment.Output, parsed.GetValue(verbose));
                return ExitCode.Completed;
            }

            if (parsed.GetValue(verbose))
            {
                environment.Error.WriteLine("glissade: --verbose goes with --version");
                return ExitCode.BadInput;
            }

            HelpWithExamples.Write(root, environment.Error);
            return ExitCode.BadInput;
        });
        return root;
    }
}
