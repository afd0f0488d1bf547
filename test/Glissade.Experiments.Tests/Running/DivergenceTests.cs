using System.Text;
using System.Text.RegularExpressions;
using Glissade.Experiments.Running;
using Glissade.Learning.Checkpoints;

namespace Glissade.Experiments.Tests.Running;

/// <summary>A run whose numbers ran away says so, and keeps the last sound ones.</summary>
public sealed partial class DivergenceTests
{
    [Theory]
    [InlineData("kind", "adam")]
    [InlineData("kind", "momentum: 0.9")]
    [InlineData("height", "adam")]
    [InlineData("height", "momentum: 0.9")]
    public void A_learning_rate_of_a_million_diverges_and_leaves_nothing_that_is_no_number(string target, string rule)
    {
        using var experiment = new TestExperiment(TestExperiment.With("target: kind", $"target: {target}, features: [x, y]")
            .Replace("loss: cross-entropy\n", "", StringComparison.Ordinal).Replace("- adam\n", $"- {rule}\n", StringComparison.Ordinal)
            .Replace("- clip-by-global-norm: 1", "- clip-by-global-norm: 1000", StringComparison.Ordinal));
        RunSummary summary = experiment.Run("out", set: "update.learning-rate=1e6");
        Assert.Equal("diverged", summary.Status);
        Assert.Contains("are kept", summary.Reason, StringComparison.Ordinal);

        string folder = Path.Combine(experiment.Folder, "out");
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            string text = Encoding.Latin1.GetString(File.ReadAllBytes(file));
            if (file.EndsWith("report.html", StringComparison.Ordinal))
            {
                // The page's own script knows the word; the run in it must not.
                Match run = RunInPage().Match(text);
                text = run.Success ? run.Value : "";
            }

            Assert.False(NotANumber().IsMatch(text), $"{file}: {NotANumber().Match(text).Value}");
        }

        foreach (string file in (string[])["model.safetensors", "checkpoints/last.safetensors"])
        {
            SafetensorsFile weights = SafetensorsFile.Read(Path.Combine(folder, file));
            Assert.All(weights.Tensors, tensor => Assert.True(AllFinite(tensor), tensor.Name));
        }
    }

    private static bool AllFinite(NamedTensor tensor)
    {
        if (tensor.Type != StoredType.F32)
        {
            return true;
        }

        foreach (float number in tensor.Floats)
        {
            if (!float.IsFinite(number))
            {
                return false;
            }
        }

        return true;
    }

    [GeneratedRegex("NaN|Infinity|\\bnan\\b|\u221E")]
    private static partial Regex NotANumber();

    [GeneratedRegex("<script type=\"application/json\" id=\"run\">.*?</script>", RegexOptions.Singleline)]
    private static partial Regex RunInPage();
}
