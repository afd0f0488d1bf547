using Glissade.Experiments.Reading;

namespace Glissade.Experiments.Tests.Reading;

/// <summary>The tree written back.</summary>
public sealed class YamlWriterTests
{
    [Fact]
    public void The_sample_is_written_in_one_style()
        => Assert.Equal(
            """
            kind: train
            name: "digits, small"
            seed: 7
            update:
              - clip: 1.0
              - adam:
                  beta1: 0.9
                  beta2: 0.999
              - decay
              - learning-rate:
                  warmup: 50
                  to: 0.003
                  then:
                    cosine:
                      to: 0
            layers: [64, 32]
            stop:
              loss: 1e-3
              after: null

            """,
            Sample.Parse(Sample.Text).ToYaml());

    [Theory]
    [InlineData("a: '7'\nb: 'yes'\nc: 'null'\nd: ''\ne:\nf: '~'\ng: 'true'\nh: '.5'\n")]
    [InlineData("a: \"x\\ty\\n\\u0085\\u2028\\\"\\\\ z \"\nb: '# no comment'\nc: '- x'\nd: ' lead'\n")]
    [InlineData("a: |\n  two\n  lines\nb: >\n  folded\n  text\n\nc: größe 😀\n")]
    [InlineData("- []\n- {}\n- [[1, 2], [3, [4]], {a: {b: [ {c: 1}, [] ]}}]\n- \n- ''\n")]
    [InlineData("'a: b': 1\n'': 2\n'7': 3\n'- x': 4\n\"l\\nm\": 5\n? 'null'\n: 6\n")]
    [InlineData("just a word")]
    [InlineData("[1, 2]")]
    [InlineData("a: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]")]
    public void Written_and_read_it_is_the_same_tree(string text)
    {
        FileNode root = Sample.Parse(text);
        string written = root.ToYaml();
        FileNode again = Sample.Parse(written);
        Assert.True(root.SaysTheSameAs(again), written);
        Assert.Equal(written, again.ToYaml());
    }

    /// <summary>2⁻²⁵ is a number whose shortest text in .NET reads back as another.</summary>
    [Fact]
    public void Numbers_read_back_to_the_bit()
    {
        for (int exponent = -1022; exponent < 1024; exponent++)
        {
            double number = Math.ScaleB(1, exponent);
            Assert.Equal(number, Sample.Parse("a: " + NodeWriter.Number(number).Text).Entries[0].Value.AsNumber());
        }
    }

    [Fact]
    public void Needless_quotes_say_the_same_and_needed_ones_do_not()
    {
        Assert.True(Sample.Parse("a: 'x'").SaysTheSameAs(Sample.Parse("a: x")));
        Assert.False(Sample.Parse("a: '7'").SaysTheSameAs(Sample.Parse("a: 7")));
        Assert.False(Sample.Parse("a: 1\nb: 2").SaysTheSameAs(Sample.Parse("b: 2\na: 1")));
    }
}
