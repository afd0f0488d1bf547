using Glissade.Updates;
using static Glissade.Tests.Updates.RuleTable;

namespace Glissade.Tests.Updates;

/// <summary>Rules that want the gradient elsewhere than at θ, and those that let updates through or gather them, straight from their formulas.</summary>
internal static class PointRuleTable
{
    public static IReadOnlyDictionary<string, RuleCase> Cases { get; } = new Dictionary<string, RuleCase>
    {
        // Foret et al. (2021), equations 2 and 3.
        ["sharpness-aware"] = new(() => Chain.Of(SharpnessAware.Of(Moving(0.4, 0.1)), LearningRate.Of(0.1)), false, n => (x, g, t) =>
        {
            double norm = Math.Sqrt(g.Sum(v => v * v));
            return Each(n, i => x[i] - (0.1 * RuleRun<double>.GradientOf(x[i] + (At(0.4, 0.1, t) * g[i] / norm), i, t)));
        }),

        // Korpelevich (1976).
        ["extra-gradient"] = new(() => Chain.Of(ExtraGradient.Of(Moving(0.3, 0.1)), LearningRate.Of(0.2)), true,
            n => (x, g, t) => Each(n, i => x[i] - (0.2 * RuleRun<double>.GradientOf(x[i] - (At(0.3, 0.1, t) * g[i]), i, t)))),

        // Sutskever et al. (2013), equations 3 and 4, with the velocity of the other sign.
        ["extrapolated momentum"] = new(() => Chain.Of(LearningRate.Of(Moving(0.2, 0.05)), ExtrapolatedMomentum.Of(Moving(0.3, 0.9))), true, n =>
        {
            double[] s = new double[n];
            return (x, g, t) => Each(n, i =>
            {
                double rho = At(0.3, 0.9, t);
                s[i] = (rho * s[i]) + (At(0.2, 0.05, t) * RuleRun<double>.GradientOf(x[i] - (rho * s[i]), i, t));
                return x[i] - s[i];
            });
        }),
        ["freeze, thawing"] = new(() => Chain.Of(LearningRate.Of(0.1), new Freeze(Moving(0, 1))), true, n => (x, g, t) => Each(n, i => x[i] - (At(0, 1, t) * 0.1 * g[i]))),
        ["accumulate over one"] = new(() => Chain.Of(Accumulate.Over(1), LearningRate.Of(0.1)), true, n => (x, g, t) => Each(n, i => x[i] - (0.1 * g[i]))),
    };
}
