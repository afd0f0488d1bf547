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

        long step = 0;
        foreach (JsonElement expected in reference.GetProperty("learning_rates").EnumerateArray())
        {
            double figure = expected.GetDouble();
            Assert.True(
                Math.Abs(schedule.At(step) - figure) <= 1e-12 * Math.Abs(figure),
                $"{schedule} at step {step}: {schedule.At(step):R} against {figure:R}");
            step++;
        }

        Assert.Equal(50, step);
    }

    [Fact]
    public void Every_scheduler_of_the_file_is_held_against_a_shape() => Assert.Equal(6, Cases.Length);

    private static Schedule Translate(string name, JsonElement arguments, double rate)
    {
        double Number(string key) => arguments.GetProperty(key).GetDouble();
        long Count(string key) => arguments.GetProperty(key).GetInt64();
        return name switch
        {
            "StepLR" => Schedule.Step(rate, Number("gamma"), Count("step_size")),
            "ExponentialLR" => Schedule.Exponential(rate, Number("gamma")),
            "CosineAnnealingLR" => Schedule.Cosine(rate, Number("eta_min"), Count("T_max")),
            "LinearLR" => Schedule.Linear(rate * Number("start_factor"), rate * Number("end_factor"), Count("total_iters")),
            "PolynomialLR" => Schedule.Polynomial(rate, 0, Count("total_iters"), Number("power")),
            "MultiStepLR" => Schedule.MultiStep(rate, Number("gamma"), arguments.GetProperty("milestones").EnumerateArray().Select(m => m.GetInt64())),
            _ => throw new ArgumentException($"no shape is known for {name}", nameof(name)),
        };
    }

    private static JsonElement[] Load()
    {
        using Stream stream = typeof(TorchScheduleTests).Assembly.GetManifestResourceStream("torch-schedules.json")!;
        return [.. JsonDocument.Parse(stream).RootElement.GetProperty("schedules").EnumerateArray()];
    }
}
