using Glissade.Experiments.Reading;
using Glissade.Input;

namespace Glissade.Experiments.Tests.Reading;

/// <summary>A small experiment file, a reader of it, and shorthands.</summary>
internal static class Sample
{
    public const string Text = """
        # A comment
        kind: train
        name: "digits, small"
        seed: 7
        update:
          - clip: 1.0
          - adam:
              beta1: 0.9
              beta2: 0.999
          - decay
          - learning-rate: { warmup: 50, to: 0.003, then: { cosine: { to: 0 } } }
        layers: [64, 32]
        stop: { loss: 1e-3, after: ~ }
        """;

    public static FileNode Parse(string text) => InputFile.Parse(text, "file.yaml");

    /// <summary>Reads the sample's form: something of every kind of question.</summary>
    public static string Read(FileNode root) => root.Read(node =>
    {
        FileMapping map = node.AsMapping("an experiment");
        string kind = map.Required("kind").AsWord("train", "minimize");
        string name = map.Required("name").AsText();
        long seed = map.Optional("seed")?.AsInteger(min: 0) ?? 0;
        double rate = 0;
        foreach (FileNode item in map.Required("update").AsList("rules"))
        {
            FileChoice? choice = item.AsChoice("clip", "adam", "decay", "learning-rate");
            switch (choice?.Keyword)
            {
                case "clip":
                    choice.Argument?.AsNumber(above: 0);
                    break;
                case "adam":
                    FileMapping adam = choice.AsMapping("Adam's parameters");
                    rate = adam.Optional("beta1")?.AsNumber(min: 0, below: 1) ?? 0.9;
                    adam.Optional("beta2")?.AsNumber(min: 0, below: 1);
                    adam.Optional("epsilon")?.AsNumber(above: 0);
                    adam.RejectUnknownKeys();
                    break;
                case "learning-rate" when choice.Argument is { } schedule:
                    ScheduleReader.Read(schedule, new ScheduleContext(1000, 100), new NumberRange(Min: 0));
                    break;
            }
        }

        int count = map.Optional("layers")?.AsList().Sum(layer => layer.AsCount()) ?? 0;
        map.Optional("quiet")?.AsBoolean();
        if (map.Optional("stop")?.AsMapping("a rule for stopping") is { } stop)
        {
            stop.Optional("loss")?.AsNumber();
            stop.Optional("after");
            stop.RejectUnknownKeys();
        }

        map.RejectUnknownKeys();
        return FormattableString.Invariant($"{kind} {name} {seed} {rate} {count}");
    });

    public static InputException Fails(string text) => Assert.Throws<InputException>(() => Read(Parse(text)));

    public static string Message(Action action) => Assert.Throws<InputException>(action).Message;
}
