using Glissade.Experiments.Reading;

namespace Glissade.Experiments.Tests.Reading;

/// <summary>Changes from the command line.</summary>
public sealed class FileOverrideTests
{
    [Theory]
    [InlineData("update.adam.beta1=0.8", "update[1].adam.beta1", "0.8")]
    [InlineData("update[1].adam.beta1=0.8", "update[1].adam.beta1", "0.8")]
    [InlineData("update[0].clip=2", "update[0].clip", "2")]
    [InlineData("update.clip=2", "update[0].clip", "2")]
    [InlineData("update.adam.epsilon=1e-6", "update[1].adam.epsilon", "1e-6")]
    [InlineData("update.decay.rate=0.1", "update[2].decay.rate", "0.1")]
    [InlineData("update.decay=0.1", "update[2].decay", "0.1")]
    [InlineData("update.learning-rate.then.cosine.to=1e-5", "update[3].learning-rate.then.cosine.to", "1e-5")]
    [InlineData("layers[1]=16", "layers[1]", "16")]
    [InlineData("stop.after.steps=9", "stop.after.steps", "9")]
    [InlineData("name=a=b", "name", "a=b")]
    [InlineData("note=x", "note", "x")]
    [InlineData("average.ema=0.9", "average.ema", "0.9")]
    [InlineData("name=", "name", "")]
    public void A_way_is_followed(string assignment, string address, string text)
    {
        FileNode changed = FileOverride.Apply(Sample.Parse(Sample.Text), [assignment]);
        Assert.False(changed.Problems.Any);
        FileNode node = All(changed).Single(n => n.Address == address);
        Assert.Equal(text, node.Text);
        Assert.Equal(("--set " + assignment, 0, 0), (node.Path, node.Line, node.Column));
    }

    [Theory]
    [InlineData("update.adm.beta1=0.8", "--set update.adm.beta1=0.8: no 'adm' in update; did you mean 'adam'?")]
    [InlineData("stpo.loss=1", "--set stpo.loss=1: no 'stpo' in the file; did you mean 'stop'?")]
    [InlineData("update[7].clip=1", "--set update[7].clip=1: no item [7] in update, which has [0] to [3]")]
    [InlineData("seed[0]=1", "--set seed[0]=1: seed is 7, not a list")]
    [InlineData("seed.x=1", "--set seed.x=1: seed is 7, and has no 'x'")]
    [InlineData("seed", "--set seed: no value; write a way, '=' and a value, such as update.adam.beta1=0.8")]
    [InlineData("=5", "--set =5: no way before '='; write a way, '=' and a value, such as update.adam.beta1=0.8")]
    [InlineData("a..b=1", "--set a..b=1: 'a..b' is not a way; write keys with dots and indices in brackets, such as update[2].factor")]
    [InlineData("update[x]=1", "--set update[x]=1: '[x]' is not an index; write a whole number in brackets, the first item being [0]")]
    [InlineData("seed=[1", "--set seed=[1: the value is not valid YAML: while parsing a flow sequence, did not find expected ',' or ']'")]
    [InlineData("seed=*x", "--set seed=*x: the value has the alias '*x', expected the value itself; aliases are not supported")]
    [InlineData("seed=x", "--set seed=x: found 'x', expected a whole number of 0 or more")]
    [InlineData("update.adam.betta1=0.8", "--set update.adam.betta1=0.8: found unknown key 'betta1' in 'adam', expected one of beta1, beta2, epsilon; did you mean 'beta1'?")]
    public void A_mistake_names_the_argument(string assignment, string message)
        => Assert.Equal(message, Sample.Message(() => Sample.Read(FileOverride.Apply(Sample.Parse(Sample.Text), [assignment]))));

    [Fact]
    public void A_keyword_that_stands_twice_needs_an_index()
        => Assert.Equal(
            "--set update.clip=1: 2 'clip' in update; say which, update[0] or update[2]",
            Sample.Message(() => FileOverride.Apply(Sample.Parse("update: [{ clip: 1 }, decay, clip]"), ["update.clip=1"]).Problems.ThrowIfAny()));

    [Fact]
    public void Changes_are_made_in_order_and_leave_the_rest()
    {
        FileNode root = Sample.Parse(Sample.Text);
        FileNode changed = FileOverride.Apply(root, ["layers=[1, {a: 2}]", "layers[1].a=3", "seed=8", "seed=9"]);
        Assert.Equal("3", All(changed).Single(n => n.Address == "layers[1].a").Text);
        Assert.Equal("9", changed.Find("seed")!.Text);
        Assert.Equal("7", root.Find("seed")!.Text);
        Assert.Equal(root.Entries.Select(e => e.Key), changed.Entries.Select(e => e.Key));
    }

    private static IEnumerable<FileNode> All(FileNode node)
        => [node, .. node.Items.SelectMany(All), .. node.Entries.SelectMany(e => All(e.Value))];
}
