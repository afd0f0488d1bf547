using Glissade.Experiments.Catalog;
using Glissade.Experiments.Reading;
using Glissade.Experiments.Tests.Running;

namespace Glissade.Experiments.Tests.Sections;

/// <summary>What is wrong in an experiment file is told with place, found, expected and what was probably meant.</summary>
public sealed class BadInputTests
{
    [Theory]
    [InlineData("name: small", "name: my run", "small.yaml:1:7: found 'my run', expected a name that a folder can have: at most 64 letters A–Z and a–z, digits, '-', '_' and '.', the first a letter or a digit; did you mean 'my-run'?")]
    [InlineData("name: small", "nmae: small", "small.yaml:1:1: found unknown key 'nmae', expected one of name, kind, seed, data, network, loss, update, average, stop, reduce-on-plateau, guard, start, precision, batch, epochs, variants; did you mean 'name'?")]
    [InlineData("test: 0.25", "test: 0.25, delimiter: semikolon", "small.yaml:4:64: found 'semikolon', expected one of comma, semicolon, tab; did you mean 'semicolon'?")]
    [InlineData("test: 0.25", "test: 0.25, decimal: comma", "small.yaml:4:62: found commas between fields and in numbers too, expected 'semicolon' or 'tab' as the 'delimiter' of numbers with decimal commas")]
    [InlineData("test: 0.25", "test: 0.25, encoding: utf-16", "small.yaml:4:63: found 'utf-16', expected one of utf-8, latin-1")]
    [InlineData("kind: train", "kind: trian", "small.yaml:2:7: found 'trian', expected one of train, minimize; did you mean 'train'?")]
    [InlineData("seed: 5", "seed: -5", "small.yaml:3:7: found -5, expected a whole number of 0 or more")]
    [InlineData("file: points.csv", "file: pionts.csv", "small.yaml:4:15: found no file 'pionts.csv', expected a CSV file; did you mean 'points.csv'?")]
    [InlineData("target: kind", "target: knid", "small.yaml:4:35: found no column 'knid' in 'points.csv', expected one of x, y, kind, height; did you mean 'kind'?")]
    [InlineData("test: 0.25", "test: 1.5", "small.yaml:4:47: found 1.5, expected a number of 0 or more and below 1")]
    [InlineData("test: 0.25", "test: 0.25, standardize: yes", "small.yaml:4:66: found 'yes', expected true or false; did you mean 'true'?")]
    [InlineData("test: 0.25", "test: 0.25, features: [x, z]", "small.yaml:4:67: found no column 'z' in 'points.csv', expected one of x, y, height")]
    [InlineData("test: 0.25", "test: 0.25, features: [x, kind]", "small.yaml:4:67: found the target 'kind' as a feature, expected one of x, y, height")]
    [InlineData("test: 0.25", "test: 0.001", "small.yaml:4:7: 'data': 120 rows are too few to give a share of 0.001: the test part would be empty.")]
    [InlineData("test: 0.25", "test: 0.25, task: regression", "points.csv:2:16: found 'red', expected")]
    [InlineData("network: [ { dense: 8 }, tanh ]", "network: [ { dense: 8 }, tahn ]", "small.yaml:5:26: found 'tahn', expected one of dense, relu, gelu, tanh, sigmoid, batch-normalization; did you mean 'tanh'?")]
    [InlineData("network: [ { dense: 8 }, tanh ]", "network: [ { dense: -8 }, tanh ]", "small.yaml:5:21: found -8, expected a whole number from 1 to 1000000")]
    [InlineData("network: [ { dense: 8 }, tanh ]", "network: [ dense ]", "small.yaml:5:12: found no 'units' in 'dense', expected the required key 'units'")]
    [InlineData("network: [ { dense: 8 }, tanh ]", "network: [ { dense: { units: 8, start: hee } } ]", "small.yaml:5:40: found 'hee', expected one of automatic, glorot, he, zeros; did you mean 'he'?")]
    [InlineData("network: [ { dense: 8 }, tanh ]", "network: [ { tanh: 3 } ]", "small.yaml:5:20: found 3, expected 'tanh' alone: it has no parameters")]
    [InlineData("network: [ { dense: 8 }, tanh ]", "network: [ { dense: 1000000 }, { dense: 1000000 } ]", "small.yaml:5:10: found a network of 1,000,008,000,003 parameters, expected at most 100,000,000")]
    [InlineData("network: [ { dense: 8 }, tanh ]", "network: [ { batch-normalization: { momentum: 0 } } ]", "small.yaml:5:47: found 0, expected a number above 0 and of 1 or less")]
    [InlineData("network: [ { dense: 8 }, tanh ]", "network: [ { batch-normalization: { epsilon: -1 } } ]", "small.yaml:5:46: found -1, expected a number above 0 and of 1 or less")]
    [InlineData("network: [ { dense: 8 }, tanh ]", "network: [ { batch-normalization: { momentun: 0.2 } } ]", "small.yaml:5:37: found unknown key 'momentun' in 'batch-normalization', expected one of momentum, epsilon; did you mean 'momentum'?")]
    [InlineData("network: [ { dense: 8 }, tanh ]", "network: [ { batch-normalization: 0.2 } ]", "small.yaml:5:35: found 0.2, expected a mapping with parameters of 'batch-normalization': momentum=0.1, epsilon=1e-5")]
    [InlineData("loss: cross-entropy", "loss: squared-error", "small.yaml:6:7: found 'squared-error', a loss for regression, expected a loss for classification, such as 'cross-entropy', since the target 'kind' holds classes")]
    [InlineData("loss: cross-entropy", "loss: { cross-entropy: { label-smothing: 0.1 } }", "small.yaml:6:26: found unknown key 'label-smothing' in 'cross-entropy', expected 'label-smoothing'; did you mean 'label-smoothing'?")]
    [InlineData("- adam", "- adma", "small.yaml:9:5: found 'adma', expected one of UPDATES; did you mean 'adam'?")]
    [InlineData("- adam", "- adam: { beta1: 1 }", "small.yaml:9:20: found 1, expected a number of 0 or more and below 1")]
    [InlineData("- adam", "- adam: { beta1: 0.9, beta2: { linear: { from: 0.9, to: 1.5 } } }", "small.yaml:9:32: found a schedule that reaches 1.5 (linear from 0.9 to 1.5 over 36 steps), expected each value of 0 or more and below 1")]
    [InlineData("- adam", "- adam: { betta1: 0.9 }", "small.yaml:9:13: found unknown key 'betta1' in 'adam', expected one of beta1, beta2, epsilon, except, only; did you mean 'beta1'?")]
    [InlineData("- adam", "- sophia: hutchison", "small.yaml:9:13: found 'hutchison', expected one of hutchinson, gauss-newton-bartlett, exact; did you mean 'hutchinson'?")]
    [InlineData("- adam", "- sophia: { estimator: exact, every: 0 }", "small.yaml:9:40: found 0, expected a whole number of 1 or more")]
    [InlineData("- adam", "- sophia: { evry: 3 }", "small.yaml:9:15: found unknown key 'evry' in 'sophia', expected one of estimator, every, beta1, beta2, gamma, epsilon, except, only; did you mean 'every'?")]
    [InlineData("- adam", "- sophia: { gamma: -1 }", "small.yaml:9:22: found -1, expected a number of 0 or more")]
    [InlineData("- adam", "- sophia: exact\n  - sophia: { every: 3 }", "small.yaml:10:5: found an estimate by hutchinson every 3 steps, expected exact every 10 steps, as in a rule before: all rules have one estimate of the curvature")]
    [InlineData("- clip-by-global-norm: 1", "- clip-by-global-norm: 0", "small.yaml:8:26: found 0, expected a number above 0")]
    [InlineData("\"*.bias\"", "\"*.bais\"", "small.yaml:10:41: found the pattern '*.bais', expected a pattern that matches the name of a parameter (dense1.weight, dense1.bias, dense2.weight, dense2.bias); did you mean '*.bias'?")]
    [InlineData("\"*.bias\"", "\"*.bias\", only: \"*.weight\"", "small.yaml:10:57: found both, expected one of 'except' and 'only'")]
    [InlineData("warmup: 5, to: 0.02", "warmpu: 5, to: 0.02", "small.yaml:11:20: found a mapping with the keys warmpu, to, then, expected a number of 0 or more or a schedule (KEYWORDS); did you mean 'warmup'?")]
    [InlineData("warmup: 5", "warmup: 500", "small.yaml:11:30: found a warm-up until step 500 of a run of 36 steps (warm-up from 0 to 0.02 over 500 steps), expected a warm-up that ends within the run")]
    [InlineData("average: { ema: 0.9 }", "average: { ema: 1 }", "small.yaml:12:17: found 1, expected a number of 0 or more and below 1")]
    [InlineData("batch: 16", "batch: 0", "small.yaml:13:8: found 0, expected a whole number of 1 or more")]
    [InlineData("batch: 16", "batch: sixteen", "small.yaml:13:8: found 'sixteen', expected a whole number of 1 or more")]
    [InlineData("epochs: 6", "epochs: 2147483648", "small.yaml:14:9: found 2147483648, expected a whole number from 1 to 2147483647")]
    [InlineData("epochs: 6", "epochs:", "small.yaml:14:8: found nothing, expected a whole number of 1 or more")]
    [InlineData("seed: 5", "seed: 18446744073709551616", "small.yaml:3:7: found 18446744073709551616, expected a whole number from 0 to 18446744073709551615, in digits")]
    [InlineData("warmup: 5", "warmup: 200%", "small.yaml:11:30: found '200%', expected at most 100% of the run")]
    [InlineData("epochs: 6", "epochs: 6\nstop: { patience: 3 }", "small.yaml:15:7: found 'stop' without validation data, expected a share for 'validation' in 'data', such as validation: 0.2; the test part must not decide")]
    [InlineData("epochs: 6", "epochs: 6\nprecision: hafl", "small.yaml:15:12: found 'hafl', expected one of float32, bfloat16, half; did you mean 'half'?")]
    [InlineData("epochs: 6", "epochs: 6\nprecision: { half: { loss-scale: auto } }", "small.yaml:15:34: found 'auto', expected 'dynamic' or a number above 0")]
    [InlineData("epochs: 6", "epochs: 6\nprecision: { half: { loss-scale: 0 } }", "small.yaml:15:34: found 0, expected a number above 0 and below 1E+30")]
    [InlineData("epochs: 6", "epochs: 6\nreduce-on-plateau: { factor: 1 }", "small.yaml:15:30: found 1, expected a number above 0 and below 1")]
    [InlineData("epochs: 6", "epochs: 6\nreduce-on-plateau: { patiense: 1 }", "small.yaml:15:22: found unknown key 'patiense' in 'reduce-on-plateau', expected one of factor, patience, threshold-kind, threshold, cooldown, minimum; did you mean 'patience'?")]
    [InlineData("epochs: 6", "epochs: 6\nreduce-on-plateau: { threshold: 1 }", "small.yaml:15:33: found 1, expected a number of 0 or more and below 1")]
    [InlineData("  - learning-rate: { warmup: 5, to: 0.02, then: cosine }\n", "reduce-on-plateau: { patience: 0 }\n", "small.yaml:11:20: found 'reduce-on-plateau' without a learning rate to reduce, expected a rule 'learning-rate' in 'update'")]
    [InlineData("- adam", "- sharpness-aware\n  - extra-gradient: 0.1", "small.yaml:10:5: found 'extra-gradient' behind 'sharpness-aware', expected one rule that says where the gradient is taken")]
    [InlineData("- adam", "- schedule-free: 0.1\n  - freeze: { share: { constant: 0, for: 5, then: 1 }, only: \"*.bias\" }", "small.yaml:10:5: found 'freeze' with a share that moves behind 'schedule-free', expected what thaws before 'schedule-free', whose average would move on without it")]
    [InlineData("- clip-by-global-norm: 1", "- accumulate: 37", "small.yaml:8:5: found 37 batches for each step of a run of 36, expected at most 36: with more the run would never take a step")]
    public void A_mistake_is_told_with_its_place(string right, string wrong, string message)
    {
        using var experiment = new TestExperiment(TestExperiment.With(right, wrong));
        string updates = string.Join(", ", ExperimentCatalog.Sections[0].Entries.Select(e => e.Key));
        message = message.Replace("KEYWORDS", string.Join(", ", ScheduleCatalog.Keys), StringComparison.Ordinal).Replace("UPDATES", updates, StringComparison.Ordinal);
        Assert.Contains(experiment.Problems().Split('\n'), line => line.StartsWith(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("- schedule-free: { rate: 0.1, only: \"*.weight\" }\n  - freeze: { share: { constant: 0, for: 5, then: 1 }, only: \"*.bias\" }")]
    [InlineData("- freeze: { share: { constant: 0, for: 5, then: 1 }, only: \"*.bias\" }\n  - schedule-free: 0.1")]
    [InlineData("- schedule-free: 0.1\n  - freeze: { only: \"*.bias\" }")]
    public void What_freezes_may_stand_where_it_can_work(string rules)
    {
        using var experiment = new TestExperiment(TestExperiment.With("- adam", rules));
        Assert.Equal("completed", experiment.Run("out").Status);
    }

    [Fact]
    public void Batches_that_are_too_small_for_a_layer_are_told_at_their_size()
    {
        using var experiment = new TestExperiment(TestExperiment.With("tanh", "batch-normalization").Replace("batch: 16", "batch: 1", StringComparison.Ordinal));
        Assert.Equal("small.yaml:13:8: found batches of 1 example, expected 2 or more, since layers of this network measure what a batch is like", experiment.Problems());
    }

    [Fact]
    public void A_mistake_is_told_once()
    {
        using var experiment = new TestExperiment(TestExperiment.With("target: kind", "target: knid"));
        Assert.DoesNotContain('\n', experiment.Problems());
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        string text = TestExperiment.With("kind: train", "kind: trian").Replace("points.csv", "lines.csv", StringComparison.Ordinal)
            .Replace("tanh", "tahn", StringComparison.Ordinal).Replace("- adam", "- adma", StringComparison.Ordinal).Replace("batch: 16", "batch: 0", StringComparison.Ordinal);
        using var experiment = new TestExperiment(text);
        string[] lines = experiment.Problems().Split('\n');
        Assert.Equal(["small.yaml:2:7", "small.yaml:4:15", "small.yaml:5:26", "small.yaml:9:5", "small.yaml:13:8"], lines.Select(line => line[..line.IndexOf(": ", StringComparison.Ordinal)]).Order(ByPlace));
    }

    [Fact]
    public void A_fault_of_the_data_names_the_data_file()
    {
        using var experiment = new TestExperiment();
        File.WriteAllText(Path.Combine(experiment.Folder, "points.csv"), "x,y,kind\n1,2,red\n3,four,blue\n");
        Assert.StartsWith("points.csv:3:3: found 'four', expected", experiment.Problems(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistake_in_an_assignment_names_the_assignment()
    {
        using var experiment = new TestExperiment();
        Assert.Equal("--set update.adam.beta1=2: found 2, expected a number of 0 or more and below 1", experiment.Problems("update.adam.beta1=2"));
        Assert.Equal("--set updat.adam=2: no 'updat' in the file; did you mean 'update'?", experiment.Problems("updat.adam=2"));
    }

    [Fact]
    public void A_missing_file_is_told_with_its_neighbour()
    {
        using var experiment = new TestExperiment();
        var request = new Experiments.Running.RunRequest { File = Path.Combine(experiment.Folder, "smal.yaml") };
        string message = Assert.Throws<Input.InputException>(() => TestExperiment.RunFile(request)).Message;
        Assert.EndsWith("small.yaml'?", message, StringComparison.Ordinal);
    }

    private static Comparer<string> ByPlace { get; } = Comparer<string>.Create((a, b) => int.Parse(a.Split(':')[1]).CompareTo(int.Parse(b.Split(':')[1])));
}
