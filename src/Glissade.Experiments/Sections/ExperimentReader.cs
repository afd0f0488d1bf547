using System.Globalization;
using Glissade.Experiments.Reading;
using Glissade.Experiments.Running;
using Glissade.Input;
using Glissade.Learning.Data;
using Glissade.Learning.Losses;
using Glissade.Learning.Training;

namespace Glissade.Experiments.Sections;

/// <summary>Reads an experiment file whole, the data it names included, and tells all that is wrong at once.</summary>
internal static class ExperimentReader
{
    /// <summary>Reads an experiment.</summary>
    /// <param name="request">The file and the changes to it.</param>
    /// <exception cref="InputException">Something is wrong.</exception>
    public static TrainExperiment Read(RunRequest request)
    {
        string[] seed = request.Seed is { } number ? [string.Create(CultureInfo.InvariantCulture, $"seed={number}")] : [];
        string folder = Path.GetDirectoryName(request.File) ?? string.Empty;
        return InputFile.Read(request.File, request.Assignments.Concat(seed), root => Read(root, folder))!;
    }

    private static TrainExperiment? Read(FileNode root, string folder)
    {
        FileMapping map = root.AsMapping("an experiment");
        HeadSection header = HeadSection.Read(map);
        DataSection? data = DataSection.Read(map.Required("data"), folder, header.Seed);
        NetworkSection? network = NetworkSection.Read(map.Required("network"), data?.Data.Training);
        RegistryItem<Loss>? loss = ReadLoss(root, Present(map, "loss"), data?.Data.Training);

        var defaults = new TrainingOptions();
        FileNode update = map.Required("update");
        FileNode? average = Present(map, "average"), stop = Present(map, "stop"), plateau = Present(map, "reduce-on-plateau"), precise = Present(map, "precision");
        int batch = map.Optional("batch")?.AsCount() ?? defaults.BatchSize, epochs = map.Optional("epochs")?.AsCount() ?? defaults.Epochs;
        map.RejectUnknownKeys();

        ScheduleContext context = Context(data, batch, epochs);
        UpdateSection? rules = UpdateSection.Read(update, context, network?.Built);
        var mean = average is null ? null : AverageRegistry.All.Read(average, context.Accumulated(rules?.BatchesPerStep ?? 1));
        StopSection? stopping = stop is null ? null : StopSection.Read(stop, data is null ? null : data.Data.Validation is not null);
        PlateauSection? reduction = plateau is null ? null : PlateauSection.Read(plateau);
        PrecisionSection? precision = precise is null ? null : PrecisionSection.Read(precise);
        if (plateau is not null && rules is not null && network is not null)
        {
            PlateauSection.Check(plateau, rules.Chain, network.Built.Layout);
        }

        if (root.Problems.Any || data is null || network is null || rules is null || loss?.Value is null)
        {
            return null;
        }

        return new TrainExperiment
        {
            Header = header,
            Data = data,
            Network = network,
            Loss = loss.Value,
            Chain = rules.Chain,
            Average = mean?.Value,
            Options = new TrainingOptions
            {
                Seed = header.Seed,
                Epochs = epochs,
                BatchSize = batch,
                EarlyStopping = stopping?.Stopping,
                Plateau = reduction?.Settings,
                Precision = precision?.Precision ?? TrainingPrecision.Float32,
                LossScaling = precision?.Scaling,
            },
            ResolvedRest =
            [
                ("network", network.Resolved),
                ("loss", loss.Resolved),
                ("update", rules.Resolved),
                ("average", mean?.Resolved),
                ("batch", NodeWriter.Integer(batch)),
                ("epochs", NodeWriter.Integer(epochs)),
                ("stop", stopping?.Resolved),
                ("reduce-on-plateau", reduction?.Resolved),
                ("precision", precision?.Resolved),
            ],
        };
    }

    private static RegistryItem<Loss>? ReadLoss(FileNode root, FileNode? node, Dataset? data)
    {
        string right = data is null ? new CrossEntropy().Name : LossRegistry.DefaultFor(data.Kind);
        RegistryItem<Loss>? item = LossRegistry.All.Read(node ?? FileNode.Scalar(root.Place.Key("loss"), right, isQuoted: false), new ScheduleContext());
        if (node is not null && data is not null && item?.Value is { } loss && loss.Targets != data.Kind)
        {
            node.Report(
                $"a loss for {Words(data.Kind)}, such as '{right}', since the target '{FileNode.Short(data.TargetName)}' {(data.Kind == TargetKind.Classification ? "holds classes" : "holds values")}; 'task' in 'data' says so where it is judged wrongly",
                found: $"'{loss.Name}', a loss for {Words(loss.Targets)}");
        }

        return item;
    }

    // Where the data could not be read, the lengths are stand-ins, long enough for whatever schedules say.
    private static ScheduleContext Context(DataSection? data, int batch, int epochs)
    {
        long perEpoch = data is null ? 1_000_000 : TrainExperiment.StepsOf(data.Data.Training.Count, batch);
        return new ScheduleContext(perEpoch * epochs, perEpoch);
    }

    private static FileNode? Present(FileMapping map, string key) => map.Optional(key) is { IsNothing: false } node ? node : null;

    private static string Words(TargetKind kind) => kind == TargetKind.Classification ? "classification" : "regression";
}
