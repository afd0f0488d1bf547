using System.Collections.Immutable;
using Glissade.Experiments.Reading;
using Glissade.Updates;

namespace Glissade.Experiments.Sections;

/// <summary>The update rules that see each parameter in its own shape, and those that find their own step size.</summary>
internal static class LayerWiseUpdates
{
    private static readonly NumberRange Positive = new(Above: 0), NotNegative = new(Min: 0), Share = new(Min: 0, Below: 1);
    private static readonly SectionParameter Bound = new("bound", ParameterKind.Schedule, Positive);
    private static readonly SectionParameter Ratio = new("ratio", ParameterKind.Schedule, Positive, "0.01");
    private static readonly SectionParameter Trust = new("trust", ParameterKind.Schedule, Positive, "0.001");
    private static readonly SectionParameter Iterations = new("iterations", ParameterKind.Count, new NumberRange(Max: 100), "5");
    private static readonly SectionParameter Factor = new("rate", ParameterKind.Schedule, NotNegative, "1");
    private static readonly SectionParameter Distance = new("start", ParameterKind.Number, new NumberRange(Min: 1e-30), "1e-6");

    public static ImmutableArray<RegistryEntry<UpdateRule>> Entries { get; } =
    [
        UpdateRegistry.Entry(
            new ClipByNorm(1, 3), "Pascanu, Mikolov and Bengio (2013)", Bound, [Bound, new("order", ParameterKind.Number, new NumberRange(Min: 1), "2")],
            v => new ClipByNorm(v.Schedule("bound"), v.Number("order"))),
        UpdateRegistry.Entry(new ClipByParameterNorm(1), "", Bound, [Bound], v => new ClipByParameterNorm(v.Schedule("bound"))),
        UpdateRegistry.Entry(
            new AdaptiveClip(1), "Brock, De, Smith and Simonyan (2021)", Ratio, [Ratio, UpdateRegistry.Epsilon("1e-3")], v => new AdaptiveClip(v.Schedule("ratio"), v.Number("epsilon"))),
        UpdateRegistry.Entry(new GradientCentralization(), "Yong, Huang, Hua and Zhang (2020)", null, [], _ => new GradientCentralization()),
        UpdateRegistry.Entry(
            Lars.Scaling(), "You, Gitman and Ginsburg (2017)", Trust, [Trust, new("decay", ParameterKind.Schedule, NotNegative, "0")], v => new Lars(v.Schedule("trust"), v.Schedule("decay"))),
        UpdateRegistry.Entry(new TrustRatio(), "You et al. (2020)", null, [], _ => new TrustRatio()),
        UpdateRegistry.Entry(
            new Adafactor(),
            "Shazeer and Stern (2018)",
            null,
            [new("exponent", ParameterKind.Number, Positive, "0.8"), new("threshold", ParameterKind.Number, Positive, "1"), UpdateRegistry.Epsilon("1e-30")],
            v => new Adafactor(v.Number("exponent"), v.Number("threshold"), v.Number("epsilon"))),
        UpdateRegistry.Entry(new ParameterScale(), "Shazeer and Stern (2018)", null, [UpdateRegistry.Epsilon("1e-3")], v => new ParameterScale(v.Number("epsilon"))),
        UpdateRegistry.Entry(
            NovoGrad.Scaling(),
            "Ginsburg et al. (2019)",
            null,
            [new("beta2", ParameterKind.Schedule, Share, "0.98"), UpdateRegistry.Epsilon("1e-8")],
            v => new NovoGrad(v.Schedule("beta2"), v.Number("epsilon"))),
        UpdateRegistry.Entry(new Orthogonalization(), "Jordan et al. (2024)", Iterations, [Iterations], v => new Orthogonalization(v.Count("iterations"))),
        UpdateRegistry.Entry(
            new Shampoo(),
            "Gupta, Koren and Singer (2018); Guo and Higham (2006) for the roots",
            null,
            [
                UpdateRegistry.Epsilon("1e-4"),
                new("decay", ParameterKind.Schedule, Share) { IsOptional = true },
                new("longest-side", ParameterKind.Count, new NumberRange(Max: 100_000), "1024"),
                new("iterations", ParameterKind.Count, new NumberRange(Max: 100), "25"),
            ],
            v => new Shampoo(v.Number("epsilon"), v.OptionalSchedule("decay"), v.Count("longest-side"), v.Count("iterations"))),
        UpdateRegistry.Entry(
            Prodigy.Scaling(), "Mishchenko and Defazio (2024)", Factor, AdamOfDistance(),
            v => new Prodigy(v.Schedule("rate"), v.Schedule("beta1"), v.Schedule("beta2"), v.Number("start"), v.Number("epsilon"))),
        UpdateRegistry.Entry(
            DAdaptation.Descent(),
            "Defazio and Mishchenko (2023)",
            Factor,
            [Factor, new("momentum", ParameterKind.Schedule, Share, "0.9"), Distance],
            v => new DAdaptedDescent(v.Schedule("rate"), v.Schedule("momentum"), v.Number("start"))),
        UpdateRegistry.Entry(
            DAdaptation.Adam(), "Defazio and Mishchenko (2023)", Factor, AdamOfDistance(),
            v => new DAdaptedAdam(v.Schedule("rate"), v.Schedule("beta1"), v.Schedule("beta2"), v.Number("start"), v.Number("epsilon"))),
    ];

    private static ImmutableArray<SectionParameter> AdamOfDistance() =>
    [
        Factor,
        new("beta1", ParameterKind.Schedule, Share, "0.9"),
        new("beta2", ParameterKind.Schedule, Share, "0.999"),
        Distance,
        UpdateRegistry.Epsilon("1e-8"),
    ];
}
