using System.Text.Json;
using Glissade.Schedules;

namespace Glissade.Tests.Schedules;

/// <summary>The reduction on a plateau against PyTorch's, measurement for measurement, and what it refuses.</summary>
public sealed class PlateauReductionTests
{
    [Theory]
    [InlineData(0, 6)]
    [InlineData(1, 5)]
    [InlineData(2, 5)]
    [InlineData(3, 4)]
    [InlineData(4, 18)]
    [InlineData(5, 0)]
    [InlineData(6, 7)]
    public void Agrees_with_torch(int index, int reductions)
    {
        using JsonDocument document = Reference.Read("torch-plateau.json");
        JsonElement reference = document.RootElement.GetProperty("cases")[index];
        var reduction = new PlateauReduction(Settings(reference.GetProperty("arguments")));
        int step = 0, reduced = 0;
        foreach (JsonElement metric in reference.GetProperty("metrics").EnumerateArray())
        {
            reduced += reduction.Measure(metric.ValueKind == JsonValueKind.Null ? double.NaN : metric.GetDouble()) ? 1 : 0;
            double factor = reference.GetProperty("factors")[step].GetDouble();
            Assert.Equal(factor, reduction.Multiplier, 1e-15 * factor);
            Assert.Equal(reference.GetProperty("bad")[step].GetInt32(), reduction.State.NotBetter);
            Assert.Equal(reference.GetProperty("cooldown")[step].GetInt32(), reduction.State.CooldownLeft);
            Assert.Equal(reference.GetProperty("best")[step].GetDouble(), reduction.State.Best);
            step++;
        }

        Assert.Equal(reductions, reduced);
    }

    [Fact]
    public void A_restored_state_goes_on_as_if_nothing_had_happened()
    {
        PlateauSettings settings = new() { Factor = 0.5, Patience = 2, Cooldown = 3 };
        double[] metrics = [.. Enumerable.Range(0, 60).Select(i => Math.Exp(-i / 5.0) + (0.01 * Math.Sin(i)))];
        var straight = new PlateauReduction(settings);
        foreach ((int i, double metric) in metrics.Index())
        {
            var resumed = new PlateauReduction(settings);
            resumed.Restore(straight.State);
            Assert.Equal(straight.Measure(metric), resumed.Measure(metric));
            Assert.Equal(straight.State, resumed.State);
        }

        Assert.InRange(straight.Multiplier, 1e-5, 0.5);
    }

    [Fact]
    public void What_cannot_be_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>("Factor", () => new PlateauSettings { Factor = 1 });
        Assert.Throws<ArgumentOutOfRangeException>("Factor", () => new PlateauSettings { Factor = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>("Patience", () => new PlateauSettings { Patience = -1 });
        Assert.Throws<ArgumentOutOfRangeException>("Threshold", () => new PlateauSettings { Threshold = -1e-4 });
        Assert.Throws<ArgumentOutOfRangeException>("Cooldown", () => new PlateauSettings { Cooldown = -1 });
        Assert.Throws<ArgumentOutOfRangeException>("Minimum", () => new PlateauSettings { Minimum = 2 });
        Assert.Throws<ArgumentException>(() => new PlateauReduction(new PlateauSettings { Threshold = 1 }));
        var reduction = new PlateauReduction(new PlateauSettings { Threshold = 1, ThresholdKind = PlateauThreshold.Absolute });
        Assert.Throws<ArgumentException>(() => reduction.Restore(new PlateauState(double.NaN, 1, 0, 0)));
        Assert.Throws<ArgumentException>(() => reduction.Restore(new PlateauState(1, 1, -1, 0)));
        Assert.Equal(new PlateauState(1, double.PositiveInfinity, 0, 0), reduction.State);
    }

    private static PlateauSettings Settings(JsonElement arguments)
    {
        double Number(string key, double otherwise) => arguments.TryGetProperty(key, out JsonElement value) ? value.GetDouble() : otherwise;
        bool Is(string key, string word) => arguments.TryGetProperty(key, out JsonElement value) && value.GetString() == word;
        return new PlateauSettings
        {
            Factor = Number("factor", 0.1),
            Patience = (int)Number("patience", 10),
            Threshold = Number("threshold", 1e-4),
            ThresholdKind = Is("threshold_mode", "abs") ? PlateauThreshold.Absolute : PlateauThreshold.Relative,
            Cooldown = (int)Number("cooldown", 0),
            Minimum = Number("min_lr", 0),
            HigherIsBetter = Is("mode", "max"),
        };
    }
}
