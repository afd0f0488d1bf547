using System.Text.Json.Nodes;
using Glissade.Averaging;
using Glissade.Comparison.Measuring;
using Glissade.Numerics;
using Glissade.Updates;

namespace Glissade.Comparison;

/// <summary>The command <c>optimizer-step</c>: one step of an optimizer alone, with the bytes it must move, as the peers' scripts time it.</summary>
internal static class OptimizerStep
{
    private const string Limit = "hand-written loop";

    /// <summary>An optimizer as the peers' scripts have it.</summary>
    /// <param name="Name">Its name there.</param>
    /// <param name="Hyperparameters">As there.</param>
    /// <param name="Passes">Times a vector of the parameters' length must be read or written at least.</param>
    /// <param name="Chain">Ours.</param>
    /// <param name="Average">An average kept in the same loop.</param>
    private sealed record Case(string Name, (string Name, double Value)[] Hyperparameters, int Passes, Chain Chain, ParameterAverage? Average = null)
    {
        /// <summary>The same as a loop written by hand.</summary>
        public Func<FlatVector<float>, FlatVector<float>, HandWrittenLoop>? ByHand { get; init; }
    }

    private static readonly Case[] Cases =
    [
        new("SGD", [("lr", 1e-3)], 3, Optimizers.Sgd(1e-3)),
        new("SGD", [("lr", 1e-3), ("momentum", 0.9)], 5, Optimizers.Sgd(1e-3, momentum: 0.9)),
        new("Adam", [("lr", 1e-3)], 7, Optimizers.Adam(1e-3)) { ByHand = (parameters, gradient) => new HandWrittenAdam(parameters, gradient) },
        new("AdamW", [("lr", 1e-3), ("weight_decay", 0.01)], 7, Optimizers.AdamW(1e-3, weightDecay: 0.01)),
        new("RMSprop", [("lr", 1e-3)], 5, Optimizers.RmsProp(1e-3)),

        // Beside AdamW's seven: the gradient once more for its norm, the average read and written.
        new(
            "AdamW clipped with EMA", [("lr", 1e-3), ("weight_decay", 0.01), ("clip", 1), ("ema", 0.999)], 10,
            Chain.Of(Clip.ByGlobalNorm(1)).Then(Optimizers.AdamW(1e-3, weightDecay: 0.01).Rules), Ema.Of(0.999)),

        // θ, the velocity and both moments read and written, the gradient read twice.
        new(
            "six rules", [("clip", 2), ("noise", 0), ("momentum", 0.9), ("lr", 1e-3), ("weight_decay", 0.01)], 10,
            Chain.Of(Clip.ByValue(2), GradientNoise.Of(0), Momentum.Of(0.9), Adam.Scaling(), WeightDecay.Decoupled(0.01), LearningRate.Of(1e-3)))
        {
            ByHand = (parameters, gradient) => new HandWrittenSixRules(parameters, gradient),
        },
    ];

    public static void Run(Figures figures, int threads, int repeats)
    {
        foreach ((int length, int steps) in new[] { (10_000, 200), (1 << 24, 1) })
        {
            foreach (Case @case in Cases)
            {
                FlatVector<float> parameters = Random(length, "parameters"), gradient = Random(length, "gradient");
                Updater<float> updater = @case.Chain.Compile(Layout.OfVector(length), parameters, gradient, @case.Average);
                double seconds = BestTime.OfCall(() => updater.Step(), steps, repeats);
                Sink.CheckFinite(parameters.Span, "the parameters");
                Print(figures, Figures.Project, threads, @case, length, seconds);
                if (@case.ByHand is { } make && threads == 1)
                {
                    HandWritten(figures, @case, make, length, steps, repeats);
                }
            }
        }
    }

    private static void HandWritten(Figures figures, Case @case, Func<FlatVector<float>, FlatVector<float>, HandWrittenLoop> make, int length, int steps, int repeats)
    {
        FlatVector<float> parameters = Random(length, "parameters"), gradient = Random(length, "gradient");
        FlatVector<float> same = parameters.Clone();
        Updater<float> updater = @case.Chain.Compile(Layout.OfVector(length), same, gradient);
        HandWrittenLoop byHand = make(parameters, gradient);
        for (int step = 0; step < 5; step++)
        {
            byHand.Step();
            updater.Step();
        }

        Sink.CheckEqual(same.Span, parameters.Span, 1e-6, $"the chain of {@case.Name}");
        Print(figures, Limit, 1, @case, length, BestTime.OfCall(byHand.Step, steps, repeats));
        Print(figures, Limit + " with norms", 1, @case, length, BestTime.OfCall(byHand.MeasuredStep, steps, repeats));
        Sink.CheckFinite(parameters.Span, "the parameters");
        Sink.CheckFinite([(float)byHand.GradientNorm, (float)byHand.UpdateNorm], "a norm");
    }

    private static void Print(Figures figures, string peer, int threads, Case @case, int length, double seconds) => figures.Print(new JsonObject
    {
        ["peer"] = peer,
        ["threads"] = threads,
        ["optimizer"] = @case.Name,
        ["hyperparameters"] = new JsonObject(@case.Hyperparameters.Select(h => KeyValuePair.Create(h.Name, (JsonNode?)JsonValue.Create(h.Value)))),
        ["parameters"] = length,
        ["microseconds"] = Math.Round(seconds * 1e6, 1),
        ["gigabytes_per_second"] = Math.Round(@case.Passes * sizeof(float) * (double)length / seconds / 1e9, 2),
    });

    private static FlatVector<float> Random(int length, string name)
    {
        var vector = new FlatVector<float>(length);
        RandomStream.Of(1, "optimizer-step " + name).FillNormal(vector.Span, 0f, 1f);
        return vector;
    }
}
