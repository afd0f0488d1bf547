using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Glissade.Cli.Usage;

/// <summary>The library's help on a command, and below it what a description of options cannot say.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    private const string Examples =
        """
        Examples:
          glissade run experiments/digits.yaml
          glissade run experiments/digits.yaml --set epochs=10 --seed 2
          glissade find-learning-rate experiments/digits.yaml
          glissade list updates

        'glissade run --help' tells about runs, 'glissade list' what can stand in an experiment file.
        """;

    private const string RunExamples =
        """
        Examples:
          glissade run digits.yaml
          glissade run digits.yaml --set epochs=10 --set update.learning-rate.to=0.01
          glissade run digits.yaml --out runs/my-digits
          glissade run digits.yaml --resume
          glissade run digits.yaml --json --quiet | jq .metrics.test_accuracy

        Progress and problems go to standard error, the result to standard output.

        Exit code:
          0    completed; of a file with variants: all of them came to their end, or diverged
          1    failed: it diverged, or a file could not be written
          2    bad input: the command line, the experiment file or its data; nothing was run
          130  interrupted by Ctrl-C, SIGTERM or SIGHUP, state saved; go on with --resume
               A second signal ends the process at once, as if it had been killed: --resume works all the same.

        With --json standard output is one JSON object on one line with
          name, kind, status, reason, seconds, steps, seed, metrics {...}, run
        for the exit codes 0, 1 and 130, and empty for 2: then there is no result to tell of.
        A file with variants adds variants {NAME: {the same keys}, ...}, and has no metrics of its own.

        NO_COLOR turns colours off; GLISSADE_DEBUG=1 shows unexpected errors in full.
        """;

    private const string FindExamples =
        """
        Examples:
          glissade find-learning-rate digits.yaml
          glissade find-learning-rate digits.yaml --low 1e-5 --high 1 --steps 200 --out sweep.html
          glissade find-learning-rate digits.yaml --json | jq .suggested

        The rate rises by equal factors from --low to --high, whatever schedule the file has; everything else is as in training.
        The sweep ends where the loss explodes. Suggested is the rate at which the smoothed loss falls most steeply.

        Exit code:
          0    a rate is suggested
          1    the loss did not clearly fall, or the report could not be written
          2    bad input: the command line, the experiment file or its data
          130  interrupted by Ctrl-C, SIGTERM or SIGHUP

        With --json standard output is one JSON object on one line with
          name, seed, end, suggested, tenth_of_minimum, reason, points [{ rate, loss, smoothed }].
        """;

    private const string ListExamples =
        """
        Examples:
          glissade list
          glissade list updates
          glissade list schedules --json
        """;

    // The help is wanted, whatever else is wrong with the line.
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        WriteBasic(parseResult);
        WriteExamples(parseResult.CommandResult.Command, parseResult.InvocationConfiguration.Output);
        return ExitCode.Completed;
    }

    /// <summary>Writes the help on a command.</summary>
    public static void Write(Command command, TextWriter writer)
    {
        ParseResult parsed = command.Parse([]);
        parsed.InvocationConfiguration.Output = writer;
        WriteBasic(parsed);
        WriteExamples(command, writer);
    }

    private static void WriteBasic(ParseResult parsed) => new HelpAction { MaxWidth = 100 }.Invoke(parsed);

    private static void WriteExamples(Command command, TextWriter writer) => writer.WriteLine(command.Name switch
    {
        "run" => RunExamples,
        "find-learning-rate" => FindExamples,
        "list" => ListExamples,
        _ => Examples,
    });
}
