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
        { "{ half-life: { from: 0.9, to: 0.999, steps: 50 } }", new HalfLifeSchedule(0.9, 0.999, 50) },
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
        { "{ geometric: { from: 1, to: 0.01, steps: 10% } }", Schedule.Geometric(1, 0.01, 100) },
        { "{ square-root: { from: 1 } }", Schedule.SquareRoot(1, 0, 1000) },
        { "{ warmup: 50, to: 1, then: { inverse-square-root: 50 } }", Schedule.Warmup(1, 50).Then(Schedule.InverseSquareRoot(1, 50)) },
        { "{ points: [[0, 0.1], [5 epochs, 0.2], [50%, 0]] }", Schedule.PiecewiseLinear((0, 0.1), (200, 0.2), (500, 0)) },
        { "{ points: [[10, 1], [20, 2]], joined: constant }", Schedule.PiecewiseConstant((10, 1), (20, 2)) },
        { "{ points: { at: [[10, 1], [20, 2]], joined: geometric } }", Schedule.Piecewise(Interpolation.Geometric, (10, 1), (20, 2)) },
        { "{ cosine-restarts: 2 epochs, from: 1 }", Schedule.CosineRestarts(1, 0, 80) },
        { "{ cosine-restarts: { from: 1, to: 0.1, period: 10, multiplier: 2, decay: 0.5 } }", Schedule.CosineRestarts(1, 0.1, 10, 2, 0.5) },
        { "{ triangular: 20, from: 0.1, peak: 1 }", Schedule.Triangular(0.1, 1, 20) },
        { "{ triangular2: { from: 0.1, peak: 1, up: 1 epoch, down: 10% } }", Schedule.Triangular2(0.1, 1, 40, 100) },
        { "{ exponential-range: { from: 0.1, peak: 1, up: 20, factor: 0.999 } }", Schedule.ExponentialRange(0.1, 1, 20, 0.999) },
        { "{ one-cycle: 0.5 }", Schedule.OneCycle(0.5, 1000) },
        {
            "{ one-cycle: { peak: 0.5, steps: 50%, start-divisor: 10, end-divisor: 100, share: 0.4, annealing: linear, three-phases: true } }",
            Schedule.OneCycle(0.5, 500, 10, 100, 0.4, Annealing.Linear, threePhases: true)
        },
        { "one-cycle-momentum", Schedule.OneCycle(0.5, 1000).Momentum() },
        { "{ one-cycle-momentum: { low: 0.8, high: 0.9, share: 0.4, three-phases: true } }", Schedule.OneCycle(0.5, 1000, share: 0.4, threePhases: true).Momentum(0.8, 0.9) },
        { "{ warmup-constant: 20, value: 0.1, then: { constant: 1 } }", Schedule.WarmupConstant(0.1, 20).Then(1) },
        { "{ warmup-exponential: 20, to: 1, from: 1e-4 }", Schedule.WarmupExponential(1, 20, 1e-4) },
        { "{ warmup-stable-decay: 1, warmup-steps: 5%, decay-steps: 20% }", Schedule.WarmupStableDecay(1, 50, 750, 200) },
        { "{ warmup-stable-decay: { peak: 1, warmup-steps: 5, decay-steps: 10, steps: 100, to: 0.1, decay: square-root } }", Schedule.WarmupStableDecay(1, 5, 85, 10, 0.1, FinalDecay.SquareRoot) },
        { "{ noam: 400, width: 512 }", Schedule.Noam(512, 400) },
        { "{ noam: { warmup-steps: 400, width: 512, factor: 2 } }", Schedule.Noam(512, 400, 2) },
        { "{ linear: 10, from: 1, to: 0, repeat: forever }", Schedule.Linear(1, 0, 10).Repeat() },
        { "{ exponential: 0.9, from: 1, for: 10, repeat: 3, times: { linear: { from: 1, to: 0.5 } }, scale: 2 }", Schedule.Exponential(1, 0.9).For(10).Repeat(3).Times(Schedule.Linear(1, 0.5, 1000)).Scale(2) },
        { "{ group: { warmup: 5, to: 1, then: { cosine: 10 } }, repeat: 4, then: 0 }", Schedule.Warmup(1, 5).Then(Schedule.Cosine(1, 0, 10)).Repeat(4).Then(0) },
        { "{ warmup-stable-decay: 1, warmup-steps: 5%, decay-steps: 20%, scale: 3 }", Schedule.WarmupStableDecay(1, 50, 750, 200).Scale(3) },
    };

    [Theory]
    [MemberData(nameof(Right))]
    public void Is_read(string text, Schedule expected) => Assert.Equal(expected, Read(text, Context));

    /// <summary>Without a context: nothing is left to be filled in.</summary>
    [Theory]
    [MemberData(nameof(Right))]
    public void Is_written_so_that_it_reads_back(string text, Schedule expected)
        => Assert.Equal(expected, ScheduleReader.Read(ScheduleWriter.Write(Read(text, Context))!, new ScheduleContext()));

    [Fact]
    public void Every_keyword_is_tried()
        => Assert.All(ScheduleCatalog.Keys, key => Assert.Contains(Right, row => row.Data.Item1.Contains($"{key}:", StringComparison.Ordinal) || row.Data.Item1 == key));

    [Theory]
    [InlineData("{ cosin: { from: 1 } }", "4: found a mapping with the key cosin, expected a number or a schedule (KEYWORDS); did you mean 'cosine'?")]
    [InlineData("wormup", "4: found 'wormup', expected a number or a schedule (KEYWORDS); did you mean 'warmup'?")]
    [InlineData("{ cosine: { from: 1, too: 0 } }", "25: found unknown key 'too' in 'cosine', expected one of from, to, steps; did you mean 'to'?")]
    [InlineData("{ warmup: 50, too: 1 }", "4: found no 'to' in 's', expected the required key 'to'|file.yaml:1:18: found unknown key 'too' in 's', expected one of warmup, to, from, for, repeat, times, scale, clamp, then; did you mean 'to'?")]
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
    [InlineData("{ warmup: 1001, to: 1 }", "14: found a warm-up until step 1,001 of a run of 1,000 steps (warm-up from 0 to 1 over 1,001 steps), expected a warm-up that ends within the run")]
    [InlineData("{ linear: 600, from: 0, to: 1, then: { warmup: 401, to: 2 } }", "51: found a warm-up until step 1,001 of a run of 1,000 steps (warm-up from 1 to 2 over 401 steps), expected a warm-up that ends within the run")]
    [InlineData("{ warmup-exponential: 30 epochs, from: 0.1, to: 1 }", "26: found a warm-up until step 1,200 of a run of 1,000 steps (exponential warm-up from 0.1 to 1 over 1,200 steps), expected a warm-up that ends within the run")]
    [InlineData("{ warmup-stable-decay: { peak: 1, warmup-steps: 50%, decay-steps: 60% } }", "27: 'warmup-stable-decay': A warm-up of 500 steps and a decay of 600 are longer than the whole, 1,000.")]
    [InlineData("{ one-cycle: { peak: 1, share: 0.9, three-phases: true } }", "17: 'one-cycle': 'Share' must be above 0 and at most 0.5, since of three phases the first two are of this length.")]
    [InlineData("{ one-cycle: { peak: 1, annealing: cos } }", "39: found 'cos', expected one of cosine, linear")]
    [InlineData("{ points: [[0, 1], 5] }", "23: found 5, expected a pair of a step and a value, such as [5 epochs, 0.01]")]
    [InlineData("{ points: [[5, 1], [5, 2]] }", "4: 's': The steps of points must rise, but 5 follows 5.")]
    [InlineData("{ cosine-restarts: 10, from: 1, multiplier: 1.5 }", "48: found 1.5, expected a whole number of 1 or more")]
    [InlineData("{ exponential: 0.9, from: 1, repeat: 3 }", "41: 'repeat': A schedule that changes for ever (1 times 0.9 every step) cannot begin again; give it an end with For(steps).")]
    [InlineData("{ linear: 5, from: 1, to: 0, repeat: for ever }", "41: found 'for ever', expected a whole number of 1 or more, or 'forever'")]
    public void A_mistake_is_told_exactly(string text, string message)
        => Assert.Equal("file.yaml:1:" + message.Replace('|', '\n').Replace("KEYWORDS", string.Join(", ", ScheduleCatalog.Keys), StringComparison.Ordinal), Sample.Message(() => Read(text, Context)));

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
        Assert.Contains("a schedule that reaches 1 (triangles", Sample.Message(() => Read("{ triangular: 10, from: 0, peak: 1 }", Context, share)), StringComparison.Ordinal);
        Assert.Contains("a schedule that reaches 1 (one cycle", Sample.Message(() => Read("{ one-cycle: 1 }", Context, share)), StringComparison.Ordinal);
        Assert.Equal(Schedule.OneCycle(1, 1000).Momentum(), Read("one-cycle-momentum", Context, share));
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
            Assert.All(entry.Parameters, p => Assert.DoesNotContain(p.Name, (string[])[.. ScheduleCatalog.Keys, "for", "repeat", "times", "scale", "clamp", "then"]));
        }

        Assert.Equal(ScheduleCatalog.Keys.Length, ScheduleCatalog.Keys.Distinct().Count());
    }

    private static Schedule Read(string text, ScheduleContext context, NumberRange range = default)
        => Sample.Parse("s: " + text).Read(node => ScheduleReader.Read(node.Find("s")!, context, range));
}
