using System.Text.Json;
using Glissade.Schedules;

namespace Glissade.Tests.Schedules;

/// <summary>Each shape against the figures that PyTorch's scheduler of the same meaning gives.</summary>
public sealed class TorchScheduleTests
{
    private static readonly JsonElement[] Cases = Load();

    public static TheoryData<int, string> Names
    {
        get
        {
            var names = new TheoryData<int, string>();
            for (int i = 0; i < Cases.Length; i++)
            {
                names.Add(i, Cases[i].GetProperty("scheduler").GetString()!);
            }

            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Agrees_to_twelve_digits(int index, string name)
    {
        JsonElement reference = Cases[index];
        double rate = reference.GetProperty("base_learning_rate").GetDouble();
        Schedule schedule = Translate(name, reference.GetProperty("arguments"), rate);

        AssertSame(schedule, reference.GetProperty("learning_rates"));
        if (reference.TryGetProperty("momenta", out JsonElement momenta))
        {
            AssertSame(Counterpart(schedule, reference.GetProperty("arguments")), momenta);
        }
    }

    [Fact]
    public void Every_scheduler_of_the_file_is_held_against_a_shape()
    {
        Assert.Equal(19, Cases.Length);
        Assert.Equal(9, Cases.Select(c => c.GetProperty("scheduler").GetString()).Distinct().Count());
        Assert.Equal(8, Cases.Count(c => c.TryGetProperty("momenta", out _)));
    }

    private static void AssertSame(Schedule schedule, JsonElement figures)
    {
        Assert.True(figures.GetArrayLength() >= 40);
        foreach ((int step, JsonElement expected) in figures.EnumerateArray().Index())
        {
            double figure = expected.GetDouble();
            Assert.True(
                Math.Abs(schedule.At(step) - figure) <= 1e-12 * Math.Abs(figure),
                $"{schedule} at step {step}: {schedule.At(step):R} against {figure:R}");
        }
    }

    private static Schedule Counterpart(Schedule rate, JsonElement arguments)
    {
        double low = arguments.TryGetProperty("base_momentum", out JsonElement lowest) ? lowest.GetDouble() : 0.85;
        double high = arguments.TryGetProperty("max_momentum", out JsonElement highest) ? highest.GetDouble() : 0.95;
        return rate switch
        {
            OneCycleSchedule cycle => cycle.Momentum(low, high),
            TriangularSchedule wave => new TriangularSchedule(high, low, wave.StepsUp, wave.StepsDown, wave.CycleFactor, wave.StepFactor),
            _ => throw new ArgumentException($"no momentum is known for {rate}", nameof(rate)),
        };
    }

    private static Schedule Translate(string name, JsonElement arguments, double rate)
    {
        double Number(string key, double? otherwise = null) => arguments.TryGetProperty(key, out JsonElement value) ? value.GetDouble() : otherwise!.Value;
        long Count(string key, long? otherwise = null) => arguments.TryGetProperty(key, out JsonElement value) ? value.GetInt64() : otherwise!.Value;
        string Word(string key, string otherwise) => arguments.TryGetProperty(key, out JsonElement value) ? value.GetString()! : otherwise;
        return name switch
        {
            "StepLR" => Schedule.Step(rate, Number("gamma"), Count("step_size")),
            "ExponentialLR" => Schedule.Exponential(rate, Number("gamma")),
            "CosineAnnealingLR" => Schedule.Cosine(rate, Number("eta_min"), Count("T_max")),
            "LinearLR" => Schedule.Linear(rate * Number("start_factor"), rate * Number("end_factor"), Count("total_iters")),
            "PolynomialLR" => Schedule.Polynomial(rate, 0, Count("total_iters"), Number("power")),
            "MultiStepLR" => Schedule.MultiStep(rate, Number("gamma"), arguments.GetProperty("milestones").EnumerateArray().Select(m => m.GetInt64())),
            "CosineAnnealingWarmRestarts" => Schedule.CosineRestarts(rate, Number("eta_min", 0), Count("T_0"), Count("T_mult", 1)),
            "OneCycleLR" => Schedule.OneCycle(
                Number("max_lr"),
                Count("total_steps"),
                Number("div_factor", 25),
                Number("final_div_factor", 1e4),
                Number("pct_start", 0.3),
                Word("anneal_strategy", "cos") == "cos" ? Annealing.Cosine : Annealing.Linear,
                arguments.TryGetProperty("three_phase", out JsonElement three) && three.GetBoolean()),
            "CyclicLR" => Word("mode", "triangular") switch
            {
                "triangular" => Schedule.Triangular(Number("base_lr"), Number("max_lr"), Count("step_size_up"), Count("step_size_down", Count("step_size_up"))),
                "triangular2" => Schedule.Triangular2(Number("base_lr"), Number("max_lr"), Count("step_size_up"), Count("step_size_down")),
                _ => Schedule.ExponentialRange(Number("base_lr"), Number("max_lr"), Count("step_size_up"), Number("gamma"), Count("step_size_down")),
            },
            _ => throw new ArgumentException($"no shape is known for {name}", nameof(name)),
        };
    }

    private static JsonElement[] Load()
    {
        using Stream stream = typeof(TorchScheduleTests).Assembly.GetManifestResourceStream("torch-schedules.json")!;
        return [.. JsonDocument.Parse(stream).RootElement.GetProperty("schedules").EnumerateArray()];
    }
}
