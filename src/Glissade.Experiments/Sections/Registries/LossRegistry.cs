using Glissade.Experiments.Reading;
using Glissade.Learning.Data;
using Glissade.Learning.Losses;

namespace Glissade.Experiments.Sections;

/// <summary>The losses that a file can name.</summary>
internal static class LossRegistry
{
    public static Registry<Loss> All { get; } = new(
        "losses",
        "What training makes small; cross-entropy for classes and squared-error for values where a file names none.",
        [
            new(
                new CrossEntropy().Name,
                new CrossEntropy().Formula,
                "Szegedy et al. (2016) for the smoothing",
                [new("label-smoothing", ParameterKind.Number, new NumberRange(Min: 0, Below: 1), "0")],
                v => new CrossEntropy(v.Number("label-smoothing"))),
            new(new SquaredError().Name, new SquaredError().Formula, "", [], _ => new SquaredError()),
        ]);

    /// <summary>The keyword of the loss for a kind of target.</summary>
    public static string DefaultFor(TargetKind kind) => kind == TargetKind.Classification ? new CrossEntropy().Name : new SquaredError().Name;
}
