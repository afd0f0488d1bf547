using System.Collections.Immutable;
using Glissade.Experiments.Reading;
using Glissade.Updates;

namespace Glissade.Experiments.Sections;

/// <content>The adaptive rules beyond AdaGrad, RMSProp and Adam.</content>
internal static partial class UpdateRegistry
{
    private static ImmutableArray<RegistryEntry<UpdateRule>> Adaptive() =>
    [
        Entry(Updates.Adadelta.Scaling(), "Zeiler (2012)", null, [new("decay", ParameterKind.Schedule, Share, "0.9"), Epsilon("1e-6")], v => new Adadelta(v.Schedule("decay"), v.Number("epsilon"))),
        TwoBetas("Reddi, Kale and Kumar (2018)", (beta1, beta2, epsilon) => new AmsGrad(beta1, beta2, epsilon), "1e-8"),
        TwoBetas("Kingma and Ba (2015)", (beta1, beta2, epsilon) => new Adamax(beta1, beta2, epsilon), "1e-8"),
        Entry(
            NAdam.Scaling(),
            "Dozat (2016)",
            null,
            [Beta(1, "0.9"), Beta(2, "0.999"), new("momentum-decay", ParameterKind.Schedule, NotNegative, "0.004"), Epsilon("1e-8")],
            v => new NAdam(v.Schedule("beta1"), v.Schedule("beta2"), v.Schedule("momentum-decay"), v.Number("epsilon"))),
        TwoBetas("Liu et al. (2020)", (beta1, beta2, epsilon) => new RAdam(beta1, beta2, epsilon), "1e-8"),
        TwoBetas("Zhuang et al. (2020)", (beta1, beta2, epsilon) => new AdaBelief(beta1, beta2, epsilon), "1e-16"),
        TwoBetas("Zaheer et al. (2018)", (beta1, beta2, epsilon) => new Yogi(beta1, beta2, epsilon), "1e-3"),
        Entry(
            Adan.Scaling(),
            "Xie et al. (2022)",
            null,
            [Beta(1, "0.98"), Beta(2, "0.92"), Beta(3, "0.99"), Epsilon("1e-8")],
            v => new Adan(v.Schedule("beta1"), v.Schedule("beta2"), v.Schedule("beta3"), v.Number("epsilon"))),
        Entry(
            AdEmaMix.Scaling(),
            "Pagliardini, Ablin and Grangier (2024)",
            null,
            [Beta(1, "0.9"), Beta(2, "0.999"), Beta(3, "0.9999"), new("alpha", ParameterKind.Schedule, NotNegative, "5"), Epsilon("1e-8")],
            v => new AdEmaMix(v.Schedule("beta1"), v.Schedule("beta2"), v.Schedule("beta3"), v.Schedule("alpha"), v.Number("epsilon"))),
        Entry(Lion.Scaling(), "Chen et al. (2023)", null, [Beta(1, "0.9"), Beta(2, "0.99")], v => new Lion(v.Schedule("beta1"), v.Schedule("beta2"))),
        Entry(
            Sophia.Scaling(),
            "Liu, Li, Hall, Liang and Ma (2023)",
            Estimator,
            [
                Estimator,
                new("every", ParameterKind.Count, new NumberRange(Min: 1), "10"),
                Beta(1, "0.96"),
                Beta(2, "0.99"),
                new("gamma", ParameterKind.Schedule, NotNegative) { IsOptional = true },
                Epsilon("1e-12"),
            ],
            v => Sophia.Scaling(v.Schedule("beta1"), v.Schedule("beta2"), v.OptionalSchedule("gamma"), v.Number("epsilon"), EstimateOf(v.Word("estimator"), v.Count("every")))),
    ];

    private static CurvatureEstimate EstimateOf(string method, int period) =>
        method == CurvatureEstimate.GaussNewtonBartlett().Name ? CurvatureEstimate.GaussNewtonBartlett(period)
        : method == CurvatureEstimate.Exact().Name ? CurvatureEstimate.Exact(period)
        : CurvatureEstimate.Hutchinson(period);

    private static RegistryEntry<UpdateRule> TwoBetas(string source, Func<Schedules.Schedule, Schedules.Schedule, double, UpdateRule> make, string epsilon) => Entry(
        make(0.9, 0.999, 1e-8),
        source,
        null,
        [Beta(1, "0.9"), Beta(2, "0.999"), Epsilon(epsilon)],
        v => make(v.Schedule("beta1"), v.Schedule("beta2"), v.Number("epsilon")));
}
