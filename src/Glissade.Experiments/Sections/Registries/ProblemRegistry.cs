using Glissade.Experiments.Problems;
using Glissade.Experiments.Reading;

namespace Glissade.Experiments.Sections;

/// <summary>The built-in problems that a file can name.</summary>
internal static class ProblemRegistry
{
    /// <summary>How long a recurrent network may be in time, and how wide: its program is one loop, but the gradient keeps every state.</summary>
    private const int LongestRecurrence = 10_000, WidestState = 1_000;

    private static readonly NumberRange Positive = new(Above: 0), NotNegative = new(Min: 0);

    private static readonly SectionParameter Curvatures = new("curvatures", ParameterKind.Numbers, Positive);
    private static readonly SectionParameter Start = new("start", ParameterKind.Numbers) { IsOptional = true };
    private static readonly SectionParameter Condition = new("condition", ParameterKind.Number, new NumberRange(Min: 1), "50");

    public static Registry<Problem> All { get; } = new(
        "problems",
        "Small functions that an experiment of the kind minimize makes small; they need no data.",
        [
            new(
                "quadratic",
                new Quadratic("quadratic", [1], []).Formula + ", with noise of the given deviation on each gradient; from 1 in each direction where no start is given",
                "",
                [Curvatures, Start, new("noise", ParameterKind.Number, NotNegative, "0")],
                v => new Quadratic("quadratic", v.Numbers("curvatures"), v.Numbers("start"), v.Number("noise"))) { Main = Curvatures },
            new(
                "ravine",
                "½ (x₁² + κ x₂²), κ the condition",
                "",
                [Condition, new("start", ParameterKind.Numbers, default, "[-4, 1]")],
                v => new Quadratic("ravine", [1, v.Number("condition")], v.Numbers("start"))) { Main = Condition },
            new(
                "rosenbrock",
                new Rosenbrock([0, 0]).Formula,
                "Rosenbrock (1960)",
                [new("start", ParameterKind.Numbers, default, "[-1.2, 1]")],
                v => new Rosenbrock(v.Numbers("start"))),
            new(
                "recurrent",
                new RecurrentNetwork(1, 1, 1, 1).Formula + ", W begins with a spectral radius of about the gain",
                "Pascanu, Mikolov and Bengio (2013)",
                [
                    new("units", ParameterKind.Count, new NumberRange(Max: WidestState), "16"),
                    new("length", ParameterKind.Count, new NumberRange(Max: LongestRecurrence), "60"),
                    new("gain", ParameterKind.Number, Positive, "1.5"),
                    new("period", ParameterKind.Number, Positive, "20"),
                ],
                v => new RecurrentNetwork(v.Count("units"), v.Count("length"), v.Number("gain"), v.Number("period"))),
        ]);
}
