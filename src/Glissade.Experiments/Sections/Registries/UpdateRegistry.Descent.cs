using System.Collections.Immutable;
using Glissade.Experiments.Reading;
using Glissade.Updates;

namespace Glissade.Experiments.Sections;

/// <content>Signs, velocities and noise, and what stands behind the learning rate or in its place.</content>
internal static partial class UpdateRegistry
{
    private static readonly NumberRange AboveZero = new(Above: 0);

    private static ImmutableArray<RegistryEntry<UpdateRule>> Descent()
    {
        var variance = new SectionParameter("variance", ParameterKind.Schedule, new NumberRange(Min: 0));
        var velocities = new SectionParameter("velocities", ParameterKind.Count, new NumberRange(Max: 15), "3");
        return
        [
            Entry(new SignDescent(), "Bernstein et al. (2018)", null, [], _ => new SignDescent()),
            Entry(
                QuasiHyperbolicMomentum.Of(),
                "Ma and Yarats (2019)",
                null,
                [new("decay", ParameterKind.Schedule, new NumberRange(Min: 0, Below: 1), "0.999"), new("share", ParameterKind.Schedule, new NumberRange(Min: 0, Max: 1), "0.7")],
                v => new QuasiHyperbolicMomentum(v.Schedule("decay"), v.Schedule("share"))),
            Entry(AggregatedMomentum.Exponential(), "Lucas, Sun, Zemel and Grosse (2019)", velocities, [velocities], v => AggregatedMomentum.Exponential(v.Count("velocities"))),
            Entry(
                GradientNoise.Annealed(1),
                "Neelakantan et al. (2015)",
                variance,
                [variance, new("decay", ParameterKind.Number, new NumberRange(Min: 0), "0.55"), Seed()],
                v => new GradientNoise(v.Schedule("variance"), v.Number("decay"), (ulong)v.Count("seed"))),
        ];
    }

    private static ImmutableArray<RegistryEntry<UpdateRule>> Last()
    {
        var rate = new SectionParameter("rate", ParameterKind.Schedule, new NumberRange(Min: 0));
        var start = new SectionParameter("start", ParameterKind.Number, AboveZero, "0.01");
        var share = new SectionParameter("share", ParameterKind.Schedule, new NumberRange(Min: 0, Max: 1), "0");
        var plainRate = new SectionParameter("rate", ParameterKind.Number, new NumberRange(Min: 0));
        return
        [
            Entry(
                PolyakStep.Of(),
                "Polyak (1969); Loizou et al. (2021)",
                null,
                [new("least-loss", ParameterKind.Schedule, default, "0"), new("greatest-rate", ParameterKind.Schedule, AboveZero, "1")],
                v => new PolyakStep(v.Schedule("least-loss"), v.Schedule("greatest-rate"))),
            Entry(
                Rprop.Of(),
                "Riedmiller and Braun (1993); Igel and Hüsken (2000)",
                start,
                [
                    start,
                    new("shrinking", ParameterKind.Schedule, new NumberRange(Above: 0, Below: 1), "0.5"),
                    new("growing", ParameterKind.Schedule, new NumberRange(Min: 1), "1.2"),
                    new("least", ParameterKind.Number, new NumberRange(Min: 0), "1e-6"),
                    new("greatest", ParameterKind.Number, AboveZero, "50"),
                ],
                v => new Rprop(v.Number("start"), v.Schedule("shrinking"), v.Schedule("growing"), v.Number("least"), v.Number("greatest"))),
            Entry(
                LangevinNoise.Of(1),
                "Welling and Teh (2011)",
                rate,
                [rate, new("temperature", ParameterKind.Schedule, new NumberRange(Min: 0), "1"), Seed()],
                v => new LangevinNoise(v.Schedule("rate"), v.Schedule("temperature"), (ulong)v.Count("seed"))),
            Entry(
                AveragedDescent.Of(1),
                "Polyak and Juditsky (1992); Bottou (2012)",
                plainRate,
                [
                    plainRate,
                    new("decay", ParameterKind.Number, new NumberRange(Min: 0), "1e-4"),
                    new("power", ParameterKind.Number, new NumberRange(Min: 0), "0.75"),
                    new("average-from", ParameterKind.Count, new NumberRange(Min: 0), "1000000"),
                ],
                v => new AveragedDescent(v.Number("rate"), v.Number("decay"), v.Number("power"), v.Count("average-from"))),
            Entry(new Freeze(0), "Howard and Ruder (2018) for thawing", null, [share], v => new Freeze(v.Schedule("share"))),
        ];
    }

    private static SectionParameter Seed() => new("seed", ParameterKind.Count, new NumberRange(Min: 0), "1");
}
