using System.Text.Json.Nodes;
using Glissade.Averaging;
using Glissade.Compilation;
using Glissade.Comparison.Measuring;
using Glissade.Differentiation;
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

        /// <summary>Whether it is also timed as in training, where the program that computes the gradient measures it on the way.</summary>
        public bool IsTimedInTraining { get; init; }
    }

    /// <summary>Numbers of parameters, and the steps that are timed together.</summary>
    private static readonly (int Length, int Steps)[] Lengths = [(10_000, 200), (1 << 24, 1)];

    private static readonly Case[] Cases =
    [
        new("SGD", [("lr", 1e-3)], 3, Optimizers.Sgd(1e-3)),
        new("SGD", [("lr", 1e-3), ("momentum", 0.9)], 5, Optimizers.Sgd(1e-3, momentum: 0.9)),
        new("Adam", [("lr", 1e-3)], 7, Optimizers.Adam(1e-3))
        {
            ByHand = (parameters, gradient) => new HandWrittenAdam(parameters, gradient),
            IsTimedInTraining = true,
        },
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
        foreach ((int length, int steps) in Lengths)
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

                if (@case.IsTimedInTraining && length == Lengths[^1].Length)
                {
                    InTraining(figures, @case, threads, length, repeats);
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

    /// <summary>The step alone, each after the program that computed and measured its gradient; by hand the bare update, after the same program.</summary>
    private static void InTraining(Figures figures, Case @case, int threads, int length, int repeats)
    {
        Case named = @case with { Name = @case.Name + ", gradient measured by its program" };
        FlatVector<float> parameters = Random(length, "parameters");
        var gradient = new MeasuredGradient<float>(length);
        var builder = new ProgramBuilder<float>();
        Layout layout = Layout.OfVector(length);
        IReadOnlyList<Tensor> weights = builder.Views(layout, parameters);
        Tensor loss = Functions.Sum(Functions.Square(weights[0])) / 2;
        builder.Gradient(loss, weights, layout, gradient);
        Program<float> program = builder.Build();
        Updater<float> updater = @case.Chain.Compile(layout, parameters, gradient);
        Print(figures, Figures.Project, threads, named, length, BestTime.OfCall(() => updater.Step(), 1, repeats, program.Run));
        Sink.CheckFinite(parameters.Span, "the parameters");
        if (@case.ByHand is { } make && threads == 1)
        {
            Print(figures, Limit, 1, named, length, BestTime.OfCall(make(parameters, gradient.Vector).Step, 1, repeats, program.Run));
            Sink.CheckFinite(parameters.Span, "the parameters");
        }
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
