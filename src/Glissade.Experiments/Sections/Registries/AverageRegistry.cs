using System.Collections.Immutable;
using Glissade.Averaging;
using Glissade.Experiments.Reading;
using Glissade.Updates;

namespace Glissade.Experiments.Sections;

/// <summary>The averages of parameters that a file can name.</summary>
internal static class AverageRegistry
{
    private static readonly SectionParameter Decay = new("decay", ParameterKind.Schedule, new NumberRange(Min: 0, Below: 1));
    private static readonly SectionParameter Rate = new("rate", ParameterKind.Schedule, new NumberRange(Min: 0, Max: 1));
    private static readonly SectionParameter Period = new("period", ParameterKind.Count, new NumberRange(Min: 1));

    public static Registry<ParameterAverage> All { get; } = new(
        "averages",
        "A mean of the parameters over the steps, evaluated and kept instead of the parameters themselves.",
        [
            Entry(
                Ema.Of(0.9),
                "Ruppert (1988); Polyak and Juditsky (1992); Kingma and Ba (2015) for the bias",
                Decay,
                [Decay, new("debias", ParameterKind.Boolean, default, "true"), new("warm-up", ParameterKind.Boolean, default, "false")],
                v => Ema.Of(v.Schedule("decay"), v.Boolean("debias"), v.Boolean("warm-up"))),
            Entry(
                IterateAverage.From(),
                "Ruppert (1988); Polyak and Juditsky (1992)",
                null,
                [new("start", ParameterKind.Count, new NumberRange(Min: 0), "0")],
                v => IterateAverage.From(v.Count("start"))),
            Entry(
                StochasticWeightAverage.Of(0, 1),
                "Izmailov, Podoprikhin, Garipov, Vetrov and Wilson (2018)",
                Period,
                [Period, new("start", ParameterKind.Count, new NumberRange(Min: 0), "0")],
                v => StochasticWeightAverage.Of(v.Count("start"), v.Count("period"))),
            Entry(TargetParameters.Soft(0.01), "Lillicrap et al. (2016)", Rate, [Rate], v => TargetParameters.Soft(v.Schedule("rate"))),
            Entry(
                TargetParameters.Hard(100),
                "Mnih et al. (2015)",
                null,
                [new("period", ParameterKind.Count, new NumberRange(Min: 2))],
                v => TargetParameters.Hard(v.Count("period"))),
        ]);

    private static RegistryEntry<ParameterAverage> Entry(
        ParameterAverage example, string source, SectionParameter? main, ImmutableArray<SectionParameter> parameters, Func<SectionValues, ParameterAverage> make) =>
        new(example.Name, example.Formula, source, parameters, make) { Main = main };
}
