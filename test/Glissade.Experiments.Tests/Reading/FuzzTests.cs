using System.Text;
using Glissade.Experiments.Reading;
using Glissade.Input;

namespace Glissade.Experiments.Tests.Reading;

/// <summary>Whatever is written, the answer is a reading or an <see cref="InputException"/>, and what can be read can be written back.</summary>
public sealed class FuzzTests : IDisposable
{
    private const int Rounds = 2000;

    private static readonly string[] Pieces =
    [
        ":", ": ", "- ", "[", "]", "{", "}", ",", "\n", "  ", "\t", "'", "\"", "|", ">", "&a", "*a", "!!int", "<<", "---", "...", "#", "%", "@", "?", "~", "null", "yes",
        "1", "-1", "1e400", ".nan", ".inf", "\\x", "\\u12", "\0", "\u2028", "\uFEFF", "adam", "warmup", "then", "steps", "50%", "2 epochs", "seed", "cosine", "- [", "? - ",
    ];

    private readonly string _file = Path.GetTempFileName();

    private int _written;
    private int _read;

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Random_bytes()
    {
        var random = new Random(1);
        for (int i = 0; i < Rounds; i++)
        {
            byte[] bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            if (i % 2 == 0)
            {
                // Printable ones get further than the check of the encoding.
                bytes = [.. bytes.Select(b => (byte)(b % 20 == 0 ? '\n' : 32 + b % 95))];
            }

            File.WriteAllBytes(_file, bytes);
            Survives(Convert.ToHexString(bytes), () => InputFile.Load(_file), null);
        }
    }

    [Fact]
    public void Random_pieces()
    {
        var random = new Random(2);
        for (int i = 0; i < Rounds; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            Survives(text, () => Sample.Parse(text), null);
        }
    }

    [Fact]
    public void Mutations_of_a_right_file()
    {
        var random = new Random(3);
        for (int i = 0; i < Rounds; i++)
        {
            var text = new StringBuilder(Sample.Text);
            for (int edits = random.Next(1, 6); edits > 0; edits--)
            {
                int at = random.Next(text.Length);
                switch (random.Next(4))
                {
                    case 0:
                        text.Remove(at, Math.Min(random.Next(1, 12), text.Length - at));
                        break;
                    case 1:
                        text.Insert(at, Pieces[random.Next(Pieces.Length)]);
                        break;
                    case 2:
                        text[at] = (char)random.Next(1, 0x180);
                        break;
                    default:
                        text.Insert(at, text.ToString(random.Next(text.Length / 2), random.Next(1, 40)));
                        break;
                }
            }

            string mutated = text.ToString();
            Survives(mutated, () => Sample.Parse(mutated), null);
        }

        // Otherwise the mutations are too wild to test anything behind the parser.
        Assert.True(_written > Rounds / 6 && _read > Rounds / 100, $"{_written} written, {_read} read");
    }

    [Fact]
    public void Random_changes_from_the_command_line()
    {
        var random = new Random(4);
        string[] parts = ["update", "adam", "learning-rate", "stop", "seed", "layers", "beta1", "decay", "then", "warmup", "clip", "update[0]", "update[1]", "layers[9]"];
        for (int i = 0; i < Rounds; i++)
        {
            string way = string.Join('.', Enumerable.Range(0, random.Next(1, 5)).Select(_ => parts[random.Next(parts.Length)]));
            string value = string.Concat(Enumerable.Range(0, random.Next(0, 3)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            string assignment = random.Next(10) == 0 ? way.Insert(random.Next(way.Length), Pieces[random.Next(Pieces.Length)]) + value : $"{way}={value}";
            Survives(assignment, () => Sample.Parse(Sample.Text), assignment);
        }

        Assert.True(_written > Rounds / 2 && _read > 0, $"{_written} written, {_read} read");
    }

    private void Survives(string input, Func<FileNode> load, string? assignment)
    {
        try
        {
            FileNode root = FileOverride.Apply(load(), assignment is null ? [] : [assignment]);
            if (!root.IsNothing)
            {
                RoundTrips(input, root);
            }

            Sample.Read(root);
            _read++;
        }
        catch (InputException error)
        {
            Assert.NotEmpty(error.Problems);
            Assert.DoesNotContain(error.Problems, p => p.ToString().Any(char.IsControl));
        }
        catch (Exception error) when (error is not Xunit.Sdk.XunitException)
        {
            Assert.Fail($"{error}\n=== for\n{input}");
        }
    }

    private void RoundTrips(string input, FileNode root)
    {
        string written = root.ToYaml();
        try
        {
            Assert.True(root.SaysTheSameAs(Sample.Parse(written)), $"{input}\n=== was written as\n{written}");
            _written++;
        }
        catch (InputException error)
        {
            Assert.Fail($"{error.Message}\n=== for\n{input}\n=== written as\n{written}");
        }
    }
}
