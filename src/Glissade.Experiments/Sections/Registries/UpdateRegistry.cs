using System.Collections.Immutable;
using Glissade.Experiments.Reading;
using Glissade.Updates;

namespace Glissade.Experiments.Sections;

/// <summary>The update rules that a file can name.</summary>
internal static partial class UpdateRegistry
{
    private static readonly NumberRange Positive = new(Above: 0), NotNegative = new(Min: 0), Share = new(Min: 0, Below: 1);

    // Smaller ones vanish in the numbers of the parameters, and with them the protection from a division by zero.
    private static readonly NumberRange Guard = new(Min: 1e-30);

    private static readonly SectionParameter Bound = new("bound", ParameterKind.Schedule, Positive);
    private static readonly SectionParameter Rate = new("rate", ParameterKind.Schedule, NotNegative);
    private static readonly SectionParameter Micro = new("count", ParameterKind.Count, new NumberRange(Max: 1_000_000));
    private static readonly SectionParameter Coefficient = new("coefficient", ParameterKind.Schedule, Share);

    private static readonly SectionParameter Estimator = new("estimator", ParameterKind.Word, default, CurvatureEstimate.Hutchinson().Name)
    {
        Words = [CurvatureEstimate.Hutchinson().Name, CurvatureEstimate.GaussNewtonBartlett().Name, CurvatureEstimate.Exact().Name],
    };

    public static Registry<UpdateRule> All { get; } = new(
        "updates",
        "Rules that the update passes in order before it is taken from the parameters; each may be limited by except or only, name patterns such as \"*.bias\".",
        [
            Entry(new Accumulate(1), "", Micro, [Micro], v => new Accumulate(v.Count("count"))),
            Entry(new ClipByGlobalNorm(1), "Pascanu, Mikolov and Bengio (2013)", Bound, [Bound], v => new ClipByGlobalNorm(v.Schedule("bound"))),
            Entry(new ClipByMaximumNorm(1), "", Bound, [Bound], v => new ClipByMaximumNorm(v.Schedule("bound"))),
            Entry(new ClipByValue(1), "", Bound, [Bound], v => new ClipByValue(v.Schedule("bound"))),
            Entry(
                new Momentum(0.9, 0),
                "Polyak (1964)",
                Coefficient,
                [Coefficient, new("dampening", ParameterKind.Schedule, new NumberRange(Min: 0, Max: 1), "0")],
                v => new Momentum(v.Schedule("coefficient"), v.Schedule("dampening"))),
            Entry(new NesterovMomentum(0.9), "Nesterov (1983); Sutskever et al. (2013)", Coefficient, [Coefficient], v => new NesterovMomentum(v.Schedule("coefficient"))),
            Entry(new AdaGrad(), "Duchi, Hazan and Singer (2011)", null, [Epsilon("1e-10")], v => new AdaGrad(v.Number("epsilon"))),
            Entry(
                new RmsProp(0.99),
                "Tieleman and Hinton (2012); Graves (2013) for the centred form",
                null,
                [new("decay", ParameterKind.Schedule, Share, "0.99"), new("centered", ParameterKind.Boolean, default, "false"), Epsilon("1e-8")],
                v => new RmsProp(v.Schedule("decay"), v.Boolean("centered"), v.Number("epsilon"))),
            Entry(
                new AdamScaling(0.9, 0.999),
                "Kingma and Ba (2015)",
                null,
                [new("beta1", ParameterKind.Schedule, Share, "0.9"), new("beta2", ParameterKind.Schedule, Share, "0.999"), Epsilon("1e-8")],
                v => new AdamScaling(v.Schedule("beta1"), v.Schedule("beta2"), v.Number("epsilon"))),
            .. Adaptive(),
            .. Descent(),
            Entry(new WeightDecay(0), "Loshchilov and Hutter (2019)", Rate, [Rate], v => new WeightDecay(v.Schedule("rate"))),
            Entry(new ExtrapolatedMomentum(0.9), "Nesterov (1983); Sutskever et al. (2013)", Coefficient, [Coefficient], v => new ExtrapolatedMomentum(v.Schedule("coefficient"))),
            Entry(
                new SharpnessAware(0.05),
                "Foret, Kleiner, Mobahi and Neyshabur (2021)",
                null,
                [new("radius", ParameterKind.Schedule, NotNegative, "0.05")],
                v => new SharpnessAware(v.Schedule("radius"))),
            Entry(new ExtraGradient(0.1), "Korpelevich (1976)", Rate, [Rate], v => new ExtraGradient(v.Schedule("rate"))),
            Entry(
                new Lookahead(5, 0.5),
                "Zhang, Lucas, Hinton and Ba (2019)",
                null,
                [new("period", ParameterKind.Count, new NumberRange(Min: 1), "5"), new("share", ParameterKind.Schedule, new NumberRange(Min: 0, Max: 1), "0.5")],
                v => new Lookahead(v.Count("period"), v.Schedule("share"))),
            Entry(
                new ScheduleFree(0.1, 0.9),
                "Defazio, Yang, Mehta, Mishchenko, Khaled and Cutkosky (2024)",
                Rate,
                [Rate, new("interpolation", ParameterKind.Schedule, new NumberRange(Min: 0, Max: 1), "0.9")],
                v => new ScheduleFree(v.Schedule("rate"), v.Schedule("interpolation"))),
            Entry(new LearningRate(1), "Robbins and Monro (1951)", Rate, [Rate], v => new LearningRate(v.Schedule("rate"))),
            .. LayerWiseUpdates.Entries,
            .. Last(),
        ])
    {
        Common =
        [
            new("except", ParameterKind.Patterns) { IsOptional = true },
            new("only", ParameterKind.Patterns) { IsOptional = true },
        ],
    };

    private static SectionParameter Beta(int number, string start) => new($"beta{number}", ParameterKind.Schedule, Share, start);

    internal static SectionParameter Epsilon(string start) => new("epsilon", ParameterKind.Number, Guard, start);

    internal static RegistryEntry<UpdateRule> Entry(
        UpdateRule example, string source, SectionParameter? main, ImmutableArray<SectionParameter> parameters, Func<SectionValues, UpdateRule> make) =>
        new(example.Name, example.Formula, source, parameters, make) { Main = main };
}
