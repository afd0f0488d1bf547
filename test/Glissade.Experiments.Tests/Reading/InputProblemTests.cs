using Glissade.Experiments.Reading;
using Glissade.Input;

namespace Glissade.Experiments.Tests.Reading;

/// <summary>Malformed files and what is said about them, word for word.</summary>
public sealed class InputProblemTests
{
    [Fact]
    public void A_right_file_is_read() => Assert.Equal("train digits, small 7 0.9 96", Sample.Read(Sample.Parse(Sample.Text)));

    [Theory]
    [InlineData("beta1:", "betta1:", "file.yaml:8:7: found unknown key 'betta1' in 'adam', expected one of beta1, beta2, epsilon; did you mean 'beta1'?")]
    [InlineData("seed:", "sede:", "file.yaml:4:1: found unknown key 'sede', expected one of kind, name, seed, update, layers, quiet, stop; did you mean 'seed'?")]
    [InlineData("kind: train\n", "", "file.yaml:2:1: found no 'kind', expected the required key 'kind'")]
    [InlineData("train", "trian", "file.yaml:2:7: found 'trian', expected one of train, minimize; did you mean 'train'?")]
    [InlineData("seed: 7", "seed: 1.5", "file.yaml:4:7: found 1.5, expected a whole number of 0 or more")]
    [InlineData("seed: 7", "seed: -1", "file.yaml:4:7: found -1, expected a whole number of 0 or more")]
    [InlineData("seed: 7", "seed: '7'", "file.yaml:4:7: found the text '7', expected a whole number of 0 or more; did you mean '7'?")]
    [InlineData("seed: 7", "seed: 10_000", "file.yaml:4:7: found '10_000', expected a whole number of 0 or more; did you mean '10000'?")]
    [InlineData("seed: 7", "seed:", "file.yaml:4:6: found nothing, expected a whole number of 0 or more")]
    [InlineData("seed: 7", "seed: [1]", "file.yaml:4:7: found a list of 1 item, expected a whole number of 0 or more")]
    [InlineData("beta1: 0.9\n", "beta1: 1\n", "file.yaml:8:14: found 1, expected a number of 0 or more and below 1")]
    [InlineData("beta1: 0.9\n", "beta1: .nan\n", "file.yaml:8:14: found .nan, expected a number of 0 or more and below 1")]
    [InlineData("beta1: 0.9\n", "beta1: high\n", "file.yaml:8:14: found 'high', expected a number of 0 or more and below 1")]
    [InlineData("clip: 1.0", "clip: 1e999", "file.yaml:6:11: found 1e999, expected a number above 0")]
    [InlineData("clip: 1.0", "clip: .inf", "file.yaml:6:11: found .inf, expected a number above 0")]
    [InlineData("- decay", "- decoy", "file.yaml:10:5: found 'decoy', expected one of clip, adam, decay, learning-rate; did you mean 'decay'?")]
    [InlineData("- clip: 1.0", "- { clip: 1, norm: 2 }", "file.yaml:6:5: found a mapping with the keys clip, norm, expected one of clip, adam, decay, learning-rate")]
    [InlineData("layers:", "quiet: yes\nlayers:", "file.yaml:12:8: found 'yes', expected true or false; did you mean 'true'?")]
    [InlineData("stop: {", "stop: { loss: 2, ", "file.yaml:13:19: found the key 'loss' again, expected each key once (it stands on line 13 already)")]
    [InlineData("stop: { loss: 1e-3, after: ~ }", "stop: 3", "file.yaml:13:7: found 3, expected a rule for stopping (a mapping)")]
    [InlineData("name: \"digits, small\"", "name: { a: 1 }", "file.yaml:3:7: found a mapping with the key a, expected text")]
    public void One_mistake_is_told_exactly(string right, string wrong, string message)
        => Assert.Equal(message, Sample.Fails(Sample.Text.Replace(right, wrong, StringComparison.Ordinal)).Message);

    [Theory]
    [InlineData("", "file.yaml:1:1: found an empty file, expected keys and values")]
    [InlineData("# nothing\n\n", "file.yaml:1:1: found an empty file, expected keys and values")]
    [InlineData("---\n...\n", "file.yaml:1:1: found an empty file, expected keys and values")]
    [InlineData("a: 1\n---\nb: 2\n", "file.yaml:2:1: found a second document, expected one document per file")]
    [InlineData("a:\n\tb: 1\n", "file.yaml:2:1: found a tab in the indentation, expected spaces")]
    [InlineData("a: [1,\nb", "file.yaml:1:6: not valid YAML: the text breaks off within a list, a mapping or quotes")]
    [InlineData("a: b: c\n", "file.yaml:1:5: not valid YAML: while scanning a plain scalar value, found invalid mapping")]
    [InlineData("a: 1\n b: 2\n", "file.yaml:2:3: not valid YAML: while scanning a plain scalar value, found invalid mapping")]
    [InlineData("- @x\n", "file.yaml:1:3: not valid YAML: while scanning for the next token, found character that cannot start any token")]
    [InlineData("a: *x\n", "file.yaml:1:4: found the alias '*x', expected the value itself; aliases are not supported")]
    [InlineData("a: &x 1\n", "file.yaml:1:4: found the anchor '&x', expected a plain value; anchors are not supported")]
    [InlineData("a: !!str 1\n", "file.yaml:1:4: found the tag 'tag:yaml.org,2002:str', expected a plain value; tags are not supported")]
    [InlineData("<<: { a: 1 }\n", "file.yaml:1:1: found a merge key '<<', expected the keys themselves; merging is not supported")]
    [InlineData("? [a]\n: b\n", "file.yaml:1:3: found a list or mapping as a key, expected a word as a key")]
    public void What_is_not_usable_yaml_is_told_exactly(string text, string message)
        => Assert.Equal(message, Sample.Message(() => Sample.Parse(text)));

    [Fact]
    public void A_list_is_not_an_experiment()
        => Assert.Equal("file.yaml:1:1: found a list of 2 items, expected an experiment (a mapping)", Sample.Fails("- a\n- b\n").Message);

    [Fact]
    public void All_problems_are_told_at_once()
    {
        InputException error = Sample.Fails("kind: trian\nseed: x\nupdate:\n  - adam: { beta1: 2 }\n  - decoy\n");
        Assert.Equal(5, error.Problems.Length);
        Assert.Equal(5, error.Message.Split('\n').Length);
        Assert.Equal(new InputProblem("file.yaml", 2, 7, "'x'", "a whole number of 0 or more"), error.Problems[2]);
    }

    [Fact]
    public void Twenty_problems_are_enough()
    {
        InputException error = Sample.Fails("kind: train\nname: x\nupdate: [" + string.Join(", ", Enumerable.Range(0, 50).Select(i => $"w{i}")) + "]");
        Assert.Equal(20, error.Problems.Length);
        Assert.EndsWith("and perhaps more: reading stopped here", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_and_keys_have_limits()
    {
        Assert.Contains("more than 64 levels of nesting", Sample.Message(() => Sample.Parse(new string('[', 100_000))), StringComparison.Ordinal);
        Assert.Contains("a key of more than 200 characters", Sample.Message(() => Sample.Parse(new string('k', 300) + ": 1")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_constructor_that_refuses_is_a_problem_of_the_file()
    {
        FileNode root = Sample.Parse("rate: { steps: 5 }");
        Assert.Equal(
            "file.yaml:1:7: 'rate': Milestones must rise, but 2 follows 2.",
            Sample.Message(() => root.Read(node => node.Find("rate")!.Make(() => Glissade.Schedules.Schedule.MultiStep(1, 0.5, 2, 2)))));
    }

    [Fact]
    public void A_constructor_that_refuses_a_stand_in_does_not_hide_the_cause()
    {
        FileNode root = Sample.Parse("rate: x");
        Assert.Equal(
            "file.yaml:1:7: found 'x', expected a number",
            Sample.Message(() => root.Read<object>(node => throw new ArgumentException(node.Find("rate")!.AsNumber() + " is wrong"))));
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("-1.5e-3", -1.5e-3)]
    [InlineData("+.5", 0.5)]
    [InlineData("5.", 5)]
    [InlineData("1E6", 1e6)]
    public void Numbers_are_read_as_yaml_writes_them(string text, double value)
        => Assert.Equal(value, Sample.Parse("a: " + text).Read(n => n.Find("a")!.AsNumber()));

    [Theory]
    [InlineData("Infinity")]
    [InlineData("NaN")]
    [InlineData("0x10")]
    [InlineData("1,5")]
    [InlineData("1e")]
    [InlineData("--1")]
    [InlineData("true")]
    public void Other_words_are_not_numbers(string text)
        => Assert.Throws<InputException>(() => Sample.Parse("a: " + text).Read(n => n.Find("a")!.AsNumber(allowNonFinite: true)));

    [Fact]
    public void Infinity_is_read_where_it_is_asked_for()
        => Assert.Equal(double.NegativeInfinity, Sample.Parse("a: -.inf").Read(n => n.Find("a")!.AsNumber(allowNonFinite: true)));
}
