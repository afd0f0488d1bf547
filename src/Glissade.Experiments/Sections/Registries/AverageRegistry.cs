using Glissade.Averaging;
using Glissade.Experiments.Reading;
using Glissade.Updates;

namespace Glissade.Experiments.Sections;

/// <summary>The averages of parameters that a file can name.</summary>
internal static class AverageRegistry
{
    private static readonly SectionParameter Decay = new("decay", ParameterKind.Schedule, new NumberRange(Min: 0, Below: 1));

    public static Registry<ParameterAverage> All { get; } = new(
        "averages",
        "A mean of the parameters over the steps, evaluated and kept instead of the parameters themselves.",
        [
            new(Ema.Of(0.9).Name, Ema.Of(0.9).Formula, "Ruppert (1988); Polyak and Juditsky (1992)", [Decay], v => Ema.Of(v.Schedule("decay"))) { Main = Decay },
        ]);
}
