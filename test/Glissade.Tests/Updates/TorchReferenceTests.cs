using System.Globalization;
using System.Text.Json;
using Glissade.Numerics;
using Glissade.Schedules;
using Glissade.Updates;

namespace Glissade.Tests.Updates;

/// <summary>Trajectories on ½Σc(x−t)² against those PyTorch computed in double.</summary>
public sealed class TorchReferenceTests
{
    private static readonly double[] Curvature = [1, Math.Sqrt(10), 10, Math.Pow(10, 1.5), 100];
    private static readonly double[] Target = [1, -2, 3, -4, 5];

    public static TheoryData<int, string> Cases()
    {
        var data = new TheoryData<int, string>();
        using JsonDocument document = Reference.Read("torch-optimizers.json");
        int index = 0;
        foreach (JsonElement item in document.RootElement.GetProperty("optimizers").EnumerateArray())
        {
            data.Add(index++, $"{item.GetProperty("optimizer")} {item.GetProperty("hyperparameters")} {item.GetProperty("clip")}");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TrajectoryIsThatOfPyTorch(int index, string what)
    {
        using JsonDocument document = Reference.Read("torch-optimizers.json");
        JsonElement item = document.RootElement.GetProperty("optimizers")[index];
        Chain chain = ChainOf(item);
        var layout = new Layout(("x", new Shape(5)));
        var x = new FlatVector<double>([.. item.GetProperty("start").EnumerateArray().Select(v => v.GetDouble())]);
        var g = new FlatVector<double>(5);
        Updater<double> updater = chain.Compile(layout, x, g);
        var points = item.GetProperty("points").EnumerateObject().ToDictionary(p => int.Parse(p.Name, null), p => p.Value);
        for (int step = 1; step <= points.Keys.Max(); step++)
        {
            for (int i = 0; i < 5; i++)
            {
                g[i] = Curvature[i] * (x[i] - Target[i]);
            }

            Assert.True(updater.Step().Applied);
            if (points.TryGetValue(step, out JsonElement expected))
            {
                Close(expected, x.Span, $"{what}, step {step}, x");
                if (item.TryGetProperty("averages", out JsonElement averages))
                {
                    double[] average = new double[5];
                    updater.CopyAverage(average);
                    Close(averages.GetProperty(step.ToString(CultureInfo.InvariantCulture)), average, $"{what}, step {step}, average");
                }
            }
        }
    }

    private static void Close(JsonElement expected, ReadOnlySpan<double> actual, string what)
    {
        for (int i = 0; i < 5; i++)
        {
            double e = expected[i].GetDouble();
            Assert.True(Math.Abs(actual[i] - e) <= 1e-10 * Math.Abs(e), $"{what}[{i}]: {actual[i]:R} instead of {e:R}");
        }
    }

    private static Chain ChainOf(JsonElement item)
    {
        JsonElement h = item.GetProperty("hyperparameters");
        double? Number(string name) => h.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : null;
        bool Flag(string name) => h.TryGetProperty(name, out JsonElement value) && value.GetBoolean();
        Schedule? Optional(string name) => Number(name) is { } value ? Schedule.Constant(value) : null;
        Schedule? Beta(int i) => h.TryGetProperty("betas", out JsonElement betas) ? Schedule.Constant(betas[i].GetDouble()) : null;
        double rate = Number("lr")!.Value;
        Chain chain = item.GetProperty("optimizer").GetString() switch
        {
            "Adadelta" => Optimizers.Adadelta(rate, Optional("rho")),
            "Adam" when Flag("amsgrad") => Optimizers.AmsGrad(rate, Beta(0), Beta(1)),
            "Adamax" => Optimizers.Adamax(rate, Beta(0), Beta(1)),

            // The figures are of version 1.13.
            "NAdam" => Chain.Of(NAdam.Scaling(Beta(0), Beta(1), countsMomentumTwice: true), LearningRate.Of(rate)),
            "RAdam" => Optimizers.RAdam(rate, Beta(0), Beta(1)),
            "Rprop" => Optimizers.Rprop(rate),
            "ASGD" => Optimizers.AveragedDescent(rate, averageFrom: (long)Number("t0")!.Value),
            "SGD" => Optimizers.Sgd(rate, Optional("momentum"), Flag("nesterov"), Optional("dampening"), Optional("weight_decay")),
            "Adagrad" => Optimizers.AdaGrad(rate),
            "RMSprop" => Optimizers.RmsProp(rate, Optional("alpha"), Optional("momentum"), Flag("centered")),
            "Adam" => Optimizers.Adam(rate, Beta(0), Beta(1), weightDecay: Optional("weight_decay")),
            "AdamW" => Optimizers.AdamW(rate, Optional("weight_decay"), Beta(0), Beta(1)),
            string other => throw new NotSupportedException(other),
            null => throw new NotSupportedException(),
        };
        if (item.GetProperty("clip") is { ValueKind: JsonValueKind.Array } clip)
        {
            JsonElement bound = clip[1].EnumerateObject().First().Value;
            UpdateRule rule = clip[0].GetString() == "clip_grad_norm_" ? Clip.ByGlobalNorm(bound.GetDouble(), epsilon: 1e-6) : Clip.ByValue(bound.GetDouble());
            chain = Chain.Of([rule, .. chain.Rules]);
        }

        return chain;
    }
}
