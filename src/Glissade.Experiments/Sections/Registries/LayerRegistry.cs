using Glissade.Experiments.Reading;
using Glissade.Learning.Networks;

namespace Glissade.Experiments.Sections;

/// <summary>The layers that a file can name.</summary>
internal static class LayerRegistry
{
    private static readonly Initializer[] Starts = [Initializer.Glorot, Initializer.He, Initializer.Zeros];
    private static readonly SectionParameter Units = new("units", ParameterKind.Count, new NumberRange(Max: 1_000_000));

    public static Registry<Layer> All { get; } = new(
        "layers",
        "Layers of a network in order; the output layer, a dense one of a unit for each class or of one for a value, is added behind the last.",
        [
            new(
                "dense",
                new Dense(1).Formula,
                "",
                [
                    Units,
                    new("bias", ParameterKind.Boolean, default, "true"),
                    new("start", ParameterKind.Word, default, "automatic") { Words = ["automatic", .. Starts.Select(s => s.Name)] },
                ],
                v => new Dense(v.Count("units"), v.Boolean("bias"), Array.Find(Starts, s => s.Name == v.Word("start")))) { Main = Units },
            Plain(new Relu(), "Nair and Hinton (2010)"),
            Plain(new Gelu(), "Hendrycks and Gimpel (2016)"),
            Plain(new Tanh(), ""),
            Plain(new Sigmoid(), ""),
            new(
                new BatchNormalization().Name,
                new BatchNormalization().Formula,
                "Ioffe and Szegedy (2015)",
                [
                    new("momentum", ParameterKind.Number, new NumberRange(Above: 0, Max: 1), "0.1"),
                    new("epsilon", ParameterKind.Number, new NumberRange(Above: 0, Max: 1), "1e-5"),
                ],
                v => new BatchNormalization(v.Number("momentum"), v.Number("epsilon"))),
        ]);

    private static RegistryEntry<Layer> Plain(Layer layer, string source) => new(layer.Name, layer.Formula, source, [], _ => layer);
}
