using Glissade.Experiments.Catalog;
using Glissade.Experiments.Reading;
using Glissade.Experiments.Running;
using Glissade.Experiments.Tests.Running;
using Glissade.Schedules;

namespace Glissade.Experiments.Tests.Sections;

/// <summary>What is written out of an experiment, and what is listed of what may stand in one.</summary>
public sealed class ResolvedTests
{
    private static readonly string[] SectionNames = ["updates", "schedules", "layers", "losses", "averages", "problems"];

    [Fact]
    public void A_file_of_another_format_gives_the_same_bytes()
    {
        using var experiment = new TestExperiment();
        experiment.Run("out");
        string points = File.ReadAllText(Path.Combine(experiment.Folder, "points.csv"));
        File.WriteAllText(Path.Combine(experiment.Folder, "punkte.csv"), points.Replace(',', ';').Replace('.', ','), System.Text.Encoding.Unicode);
        experiment.Run("other", set: ["data.file=punkte.csv", "data.delimiter=semicolon", "data.decimal=comma"]);
        Assert.Equal(experiment.Bytes("out", "model.safetensors"), experiment.Bytes("other", "model.safetensors"));
        string[] resolved = File.ReadAllLines(Path.Combine(experiment.Folder, "other", "experiment.yaml"));
        Assert.Equal(["  standardize: true", "  delimiter: semicolon", "  decimal: comma", "network:"], resolved.SkipWhile(l => l != "  standardize: true").Take(4));
        Assert.Equal("completed", TestExperiment.RunFile(new RunRequest { File = Path.Combine(experiment.Folder, "other", "experiment.yaml"), Folder = Path.Combine(experiment.Folder, "again") }).Status);
        Assert.Equal(experiment.Bytes("out", "model.safetensors"), experiment.Bytes("again", "model.safetensors"));
    }

    [Fact]
    public void Defaults_and_changes_are_written_out()
    {
        using var experiment = new TestExperiment();
        experiment.Run("out", set: ["epochs=2", "update.adam.beta1=0.8", "update.learning-rate={ warmup: 25%, to: 0.02, then: cosine }"]);
        string[] lines = File.ReadAllLines(Path.Combine(experiment.Folder, "out", "experiment.yaml"));
        Assert.Equal(
            """
            name: small
            kind: train
            seed: 5
            data:
              file: "../points.csv"
              target: kind
              task: classification
              test: 0.25
              validation: 0
              standardize: true
            network:
              - dense:
                  units: 8
                  bias: true
                  start: automatic
              - tanh
            loss:
              cross-entropy:
                label-smoothing: 0
            update:
              - clip-by-global-norm:
                  bound: 1
              - adam:
                  beta1: 0.8
                  beta2: 0.999
                  epsilon: 1e-08
              - weight-decay:
                  rate: 0.01
                  except: ["*.bias"]
              - learning-rate:
                  rate:
                    warmup:
                      from: 0
                      to: 0.02
                      steps: 3
                    then:
                      cosine:
                        from: 0.02
                        to: 0
                        steps: 9
            average:
              ema:
                decay: 0.9
                debias: true
                warm-up: false
            batch: 16
            epochs: 2
            """,
            string.Join('\n', lines.Where(line => !line.StartsWith('#'))));
    }

    [Fact]
    public void A_resolved_experiment_runs_and_gives_the_same_bits()
    {
        using var experiment = new TestExperiment();
        experiment.Run("first");
        string again = Path.Combine(experiment.Folder, "again");
        TestExperiment.RunFile(new RunRequest { File = Path.Combine(experiment.Folder, "first", "experiment.yaml"), Folder = again });
        Assert.Equal(experiment.Bytes("first", "checkpoints/last.safetensors"), File.ReadAllBytes(Path.Combine(again, "checkpoints", "last.safetensors")));
        Assert.Equal(experiment.Bytes("first", "experiment.yaml"), File.ReadAllBytes(Path.Combine(again, "experiment.yaml")));
    }

    [Fact]
    public void A_seed_of_64_bits_overrides_that_of_the_file()
    {
        using var experiment = new TestExperiment();
        RunSummary summary = TestExperiment.RunFile(
            new RunRequest { File = experiment.File, Folder = Path.Combine(experiment.Folder, "out"), Seed = ulong.MaxValue, Assignments = ["seed=3", "epochs=1"] });
        Assert.Equal(ulong.MaxValue, summary.Seed);
        Assert.Contains("seed: 18446744073709551615\n", File.ReadAllText(Path.Combine(experiment.Folder, "out", "experiment.yaml")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("- momentum: 0.9")]
    [InlineData("- { momentum: 0.9, dampening: 0.1, only: [dense1.*, dense2.weight] }")]
    [InlineData("- momentum: { coefficient: { linear: { from: 0.5, to: 0.9, steps: 2 epochs } } }")]
    [InlineData("- nesterov: { constant: 0.5, for: 10, then: { constant: 0.9 } }")]
    [InlineData("- adagrad")]
    [InlineData("- adagrad: { epsilon: 1e-6 }")]
    [InlineData("- rmsprop: { decay: 0.9, centered: false }")]
    [InlineData("- clip-by-value: 0.5\n  - clip-by-maximum-norm: { bound: 0.1, except: dense1.bias }")]
    [InlineData("- clip-by-norm: { bound: 2, order: 3 }")]
    [InlineData("- clip-by-parameter-norm: 1")]
    [InlineData("- adaptive-clip")]
    [InlineData("- gradient-centralization")]
    [InlineData("- lars: { trust: 0.01, decay: 0.1 }")]
    [InlineData("- trust-ratio")]
    [InlineData("- adafactor")]
    [InlineData("- parameter-scale")]
    [InlineData("- novograd")]
    [InlineData("- orthogonalize: 4")]
    [InlineData("- shampoo")]
    [InlineData("- shampoo: { decay: 0.95, longest-side: 64 }")]
    [InlineData("- prodigy")]
    [InlineData("- d-adapted-descent: { momentum: 0.5 }")]
    [InlineData("- d-adapted-adam: 0.5")]
    [InlineData("- weight-decay: { exponential: { from: 0.1, factor: 0.9 }, scale: 0.5, clamp: { low: 0.01 } }")]
    public void Every_rule_can_stand_in_a_file(string rule)
    {
        using var experiment = new TestExperiment(TestExperiment.With("- adam\n", rule + "\n"));
        RunSummary summary = experiment.Run("out", set: "epochs=3");
        Assert.Equal("completed", summary.Status);
        string again = Path.Combine(experiment.Folder, "again");
        TestExperiment.RunFile(new RunRequest { File = Path.Combine(experiment.Folder, "out", "experiment.yaml"), Folder = again });
        Assert.Equal(experiment.Bytes("out", "checkpoints/last.safetensors"), File.ReadAllBytes(Path.Combine(again, "checkpoints", "last.safetensors")));
    }

    [Theory]
    [InlineData("0.25")]
    [InlineData("cosine: { from: 1, to: 0.1, steps: 7 }")]
    [InlineData("{ warmup: 5, to: 1, then: { linear: { to: 0 }, for: 3, then: { constant: 0.5, scale: 2, clamp: { high: 1 } } } }")]
    [InlineData("step: { from: 1, factor: 0.5, every: 3 }")]
    [InlineData("multi-step: { from: 1, factor: 0.1, milestones: [3, 9] }")]
    [InlineData("exponential-rate: { from: 1, rate: 0.125 }")]
    [InlineData("half-life: { from: 0.9, to: 0.9999, steps: 50 }")]
    [InlineData("time-based: { from: 1, rate: 0.1 }")]
    [InlineData("polynomial: { from: 1, power: 2 }")]
    public void A_schedule_written_out_reads_back_the_same(string written)
    {
        var context = new ScheduleContext(100, 10);
        Schedule schedule = InputFile.Parse(written, "file.yaml").Read(node => ScheduleReader.Read(node, context));
        string yaml = ScheduleWriter.Write(schedule)!.ToYaml();
        Schedule again = InputFile.Parse(yaml, "again.yaml").Read(node => ScheduleReader.Read(node, new ScheduleContext()));
        Assert.Equal(schedule.ToString(), again.ToString());
        Assert.All(Enumerable.Range(0, 120), step => Assert.Equal(schedule.At(step), again.At(step)));
    }

    [Fact]
    public void The_catalogue_lists_what_the_reader_takes()
    {
        Assert.Equal(SectionNames, ExperimentCatalog.Sections.Select(s => s.Name));
        CatalogSection updates = ExperimentCatalog.Sections[0];
        Assert.Equal(updates.Entries.Length, updates.Entries.DistinctBy(e => e.Key).Count());
        CatalogEntry adam = updates.Entries.Single(e => e.Key == "adam");
        Assert.Equal(("beta1=0.9, beta2=0.999, epsilon=1e-8", "Kingma and Ba (2015)"), (adam.Parameters, adam.Source));
        Assert.All(ExperimentCatalog.Sections.SelectMany(s => s.Entries), e => Assert.False(string.IsNullOrWhiteSpace(e.Formula) || e.Formula.Contains('\n')));
    }
}
