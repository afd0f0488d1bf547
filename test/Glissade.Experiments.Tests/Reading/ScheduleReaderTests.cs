using Glissade.Experiments.Reading;
using Glissade.Schedules;

namespace Glissade.Experiments.Tests.Reading;

/// <summary>Schedules wherever a number may stand.</summary>
public sealed class ScheduleReaderTests
{
    private static readonly ScheduleContext Context = new(TotalSteps: 1000, StepsPerEpoch: 40);

    public static TheoryData<string, Schedule> Right => new()
    {
        { "0.003", 0.003 },
        { "1e-3", 1e-3 },
        { "{ constant: 2 }", 2 },
        { "{ constant: { value: 2 } }", 2 },
        { "{ linear: { from: 0.1, to: 0, steps: 100 } }", Schedule.Linear(0.1, 0, 100) },
        { "{ linear: 100, from: 0.1, to: 0 }", Schedule.Linear(0.1, 0, 100) },
        { "{ linear: { from: 0.1, to: 0 } }", Schedule.Linear(0.1, 0, 1000) },
        { "{ linear: , from: 0.1, to: 0 }", Schedule.Linear(0.1, 0, 1000) },
        { "{ step: { from: 0.1, factor: 0.5, every: 10 } }", Schedule.Step(0.1, 0.5, 10) },
        { "{ step: { from: 0.1, factor: 0.5, every: 2 epochs } }", Schedule.Step(0.1, 0.5, 80) },
        { "{ multi-step: { from: 0.1, factor: 0.3, milestones: [5, 20, 50%] } }", Schedule.MultiStep(0.1, 0.3, 5, 20, 500) },
        { "{ multi-step: [5, 20], from: 0.1, factor: 0.3 }", Schedule.MultiStep(0.1, 0.3, 5, 20) },
        { "{ exponential: { from: 0.1, factor: 0.95 } }", Schedule.Exponential(0.1, 0.95) },
        { "{ exponential-rate: { from: 0.1, rate: 0.01 } }", Schedule.ExponentialRate(0.1, 0.01) },
        { "{ time-based: { from: 0.1, rate: 0.01 } }", Schedule.TimeBased(0.1, 0.01) },
        { "{ polynomial: { from: 0.1, steps: 30, power: 2 } }", Schedule.Polynomial(0.1, 0, 30, 2) },
        { "{ cosine: { from: 3, to: 1, steps: 10% } }", Schedule.Cosine(3, 1, 100) },
        { "{ cosine: { from: 3, steps: 2.5 epochs } }", Schedule.Cosine(3, 0, 100) },
        { "{ cosine: { from: 3, steps: 100 steps } }", Schedule.Cosine(3, 0, 100) },
        { "{ cosine: { from: 3, steps: 0.001% } }", Schedule.Cosine(3, 0, 1) },
        { "{ warmup: 50, to: 0.003 }", Schedule.Warmup(0.003, 50) },
        { "{ warmup: { steps: 50, to: 0.003, from: 0.001 } }", Schedule.Warmup(0.003, 50, 0.001) },
        { "{ warmup: 50, to: 0.003, then: { cosine: { to: 0 } } }", Schedule.Warmup(0.003, 50).Then(Schedule.Cosine(0.003, 0, 950)) },
        { "{ warmup: 50, to: 0.003, then: cosine }", Schedule.Warmup(0.003, 50).Then(Schedule.Cosine(0.003, 0, 950)) },
        { "{ warmup: 50, to: 1, then: 0.5 }", Schedule.Warmup(1, 50).Then(0.5) },
        {
            "{ warmup: 5%, to: 1, then: { constant: , for: 10 epochs, then: { linear: { to: 0.1 } } } }",
            Schedule.Warmup(1, 50).Then(Schedule.Constant(1).For(400)).Then(Schedule.Linear(1, 0.1, 550))
        },
        { "{ linear: 10, from: 1, to: 2, then: { warmup: 5, to: 3 } }", Schedule.Linear(1, 2, 10).Then(Schedule.Warmup(3, 5, 2)) },
        { "{ exponential: 0.9, from: 1, for: 20, scale: 2, clamp: { low: 0.5 } }", Schedule.Exponential(1, 0.9).For(20).Scale(2).Clamp(0.5, double.PositiveInfinity) },
    };

    [Theory]
    [MemberData(nameof(Right))]
    public void Is_read(string text, Schedule expected) => Assert.Equal(expected, Read(text, Context));

    [Theory]
    [InlineData("{ cosin: { from: 1 } }", "4: found a mapping with the key cosin, expected a number or a schedule (SCHEDULES); did you mean 'cosine'?")]
    [InlineData("wormup", "4: found 'wormup', expected a number or a schedule (SCHEDULES); did you mean 'warmup'?")]
    [InlineData("{ cosine: { from: 1, too: 0 } }", "25: found unknown key 'too' in 'cosine', expected one of from, to, steps; did you mean 'to'?")]
    [InlineData("{ warmup: 50, too: 1 }", "4: found no 'to' in 's', expected the required key 'to'|file.yaml:1:18: found unknown key 'too' in 's', expected one of warmup, to, from, for, scale, clamp, then; did you mean 'to'?")]
    [InlineData("{ cosine: { to: 0 } }", "14: found no 'from' in 'cosine', expected the required key 'from'")]
    [InlineData("{ cosine: { from: 1 }, linear: 3 }", "4: found several schedules, cosine and linear, expected one of them, and the next behind 'then'")]
    [InlineData("{ exponential: 0.9, from: 1, then: 2 }", "39: found 'then' behind a schedule that has no end (1 times 0.9 every step), expected 'for' with a number of steps before it")]
    [InlineData("{ constant: 1, then: 2 }", "25: found 'then' behind a schedule that has no length (1), expected 'for' with a number of steps before it")]
    [InlineData("{ warmup: 1000, to: 1, then: cosine }", "33: found no steps left for 'cosine': 1,000 come before it, and the run has 1,000, expected 'steps', or a shorter beginning")]
    [InlineData("{ warmup: 0, to: 1 }", "14: found 0, expected a whole number of steps of 1 or more, or a duration such as '5 epochs' or '10%'")]
    [InlineData("{ warmup: 5 epoks, to: 1 }", "14: found '5 epoks', expected a whole number of steps of 1 or more, or a duration such as '5 epochs' or '10%'; did you mean '5 epochs'?")]
    [InlineData("{ warmup: 1.5, to: 1 }", "14: found 1.5, expected a whole number of steps of 1 or more, or a duration such as '5 epochs' or '10%'")]
    [InlineData("{ warmup: 1e300 epochs, to: 1 }", "14: found '1e300 epochs', expected at most 1,000,000,000,000,000 steps")]
    [InlineData("{ multi-step: [5, 5], from: 1, factor: 0.5 }", "4: 's': Milestones must rise, but 5 follows 5.")]
    [InlineData("{ polynomial: { from: 1, power: 0 } }", "36: found 0, expected a number above 0")]
    [InlineData("{ linear: { from: 1, to: 0 }, clamp: { low: 2, high: 1 } }", "57: found 1, expected a number of 2 or more")]
    public void A_mistake_is_told_exactly(string text, string message)
        => Assert.Equal("file.yaml:1:" + message.Replace('|', '\n').Replace("SCHEDULES", string.Join(", ", ScheduleCatalog.Keys), StringComparison.Ordinal), Sample.Message(() => Read(text, Context)));

    [Fact]
    public void Without_a_known_run_steps_must_be_said()
    {
        Assert.Equal(
            "file.yaml:1:14: found no 'steps' for 'cosine', expected the key 'steps', since the length of the run is not known here",
            Sample.Message(() => Read("{ cosine: { from: 1 } }", new ScheduleContext())));
        Assert.Equal("file.yaml:1:14: found '5%', expected steps: the length of the run is not known here", Sample.Message(() => Read("{ warmup: 5%, to: 1 }", new ScheduleContext())));
        Assert.Equal("file.yaml:1:14: found '5 epochs', expected steps: there are no epochs here", Sample.Message(() => Read("{ warmup: 5 epochs, to: 1 }", new ScheduleContext(10))));
    }

    [Fact]
    public void A_mistake_elsewhere_does_not_hide_one_that_a_constructor_finds()
    {
        FileNode root = Sample.Parse("a: x\ns: { multi-step: [5, 5], from: 1, factor: 0.5 }");
        Assert.Equal(
            "file.yaml:1:4: found 'x', expected a number\nfile.yaml:2:4: 's': Milestones must rise, but 5 follows 5.",
            Sample.Message(() => root.Read(node => (node.Find("a")!.AsNumber(), ScheduleReader.Read(node.Find("s")!, Context)))));
    }

    [Fact]
    public void A_mistake_in_the_beginning_does_not_hide_one_in_what_follows()
        => Assert.Equal(
            "file.yaml:1:14: found 'x', expected a number of steps|file.yaml:1:56: found 'y', expected a number",
            Sample.Message(() => Read("{ linear: x, from: 1, to: 0, then: { linear: 5, to: y } }", Context))
                .Replace("a whole number of steps of 1 or more, or a duration such as '5 epochs' or '10%'", "a number of steps", StringComparison.Ordinal)
                .Replace('\n', '|'));

    [Fact]
    public void A_range_holds_for_numbers_and_for_curves()
    {
        var share = new NumberRange(Min: 0, Below: 1);
        Assert.Equal("file.yaml:1:4: found 1, expected a number of 0 or more and below 1", Sample.Message(() => Read("1", Context, share)));
        Assert.Equal(
            "file.yaml:1:4: found a schedule that reaches 1 (linear from 0.9 to 1 over 10 steps), expected each value of 0 or more and below 1",
            Sample.Message(() => Read("{ linear: 10, from: 0.9, to: 1 }", Context, share)));
        Assert.Contains("a schedule that reaches", Sample.Message(() => Read("{ exponential: 1.1, from: 0.5 }", Context, share)), StringComparison.Ordinal);
        Assert.Equal("file.yaml:1:43: found 'x', expected a number", Sample.Message(() => Read("{ linear: 10, from: 0.9, to: 0, scale: x }", Context, share)));
        Assert.Equal("file.yaml:1:35: found 'x', expected a number", Sample.Message(() => Read("{ linear: 10, from: 0.9,   to: x }", Context, share)));
        Assert.Equal(Schedule.Linear(0.9, 0.99, 10), Read("{ linear: 10, from: 0.9, to: 0.99 }", Context, share));
    }

    [Fact]
    public void The_catalogue_is_complete()
    {
        foreach (ScheduleEntry entry in ScheduleCatalog.All)
        {
            Assert.Contains(entry.Parameters, p => p.Name == entry.Main);
            Assert.DoesNotContain('\n', entry.Formula);
            Assert.NotEmpty(entry.Formula);
            Assert.All(entry.Parameters, p => Assert.NotEmpty(p.Meaning));

            // Parameters stand beside keywords and modifiers, so no name may mean two things.
            Assert.All(entry.Parameters, p => Assert.DoesNotContain(p.Name, (string[])[.. ScheduleCatalog.Keys, "for", "scale", "clamp", "then"]));
        }

        Assert.Equal(ScheduleCatalog.Keys.Length, ScheduleCatalog.Keys.Distinct().Count());
    }

    private static Schedule Read(string text, ScheduleContext context, NumberRange range = default)
        => Sample.Parse("s: " + text).Read(node => ScheduleReader.Read(node.Find("s")!, context, range));
}
