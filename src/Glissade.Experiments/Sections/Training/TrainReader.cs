using Glissade.Experiments.Reading;
using Glissade.Learning.Data;
using Glissade.Learning.Losses;
using Glissade.Learning.Training;

namespace Glissade.Experiments.Sections;

/// <summary>Reads an experiment of the kind <c>train</c>, the data it names included.</summary>
internal static class TrainReader
{
    /// <summary>Reads the sections.</summary>
    /// <param name="map">The experiment.</param>
    /// <param name="header">Its head, already read.</param>
    /// <param name="folder">The folder of the file.</param>
    /// <returns>The experiment, or null where something is wrong, which is noted.</returns>
    public static TrainExperiment? Read(FileMapping map, HeadSection header, string folder)
    {
        FileNode root = map.Node;
        DataSection? data = DataSection.Read(map.Required("data"), folder, header.Seed);
        NetworkSection? network = NetworkSection.Read(map.Required("network"), data?.Data.Training);
        RegistryItem<Loss>? loss = ReadLoss(root, map.Present("loss"), data?.Data.Training);

        var defaults = new TrainingOptions();
        FileNode update = map.Required("update");
        FileNode? average = map.Present("average"), stop = map.Present("stop"), plateau = map.Present("reduce-on-plateau"), guard = map.Present("guard"), start = map.Present("start"), precise = map.Present("precision");
        FileNode? rows = map.Optional("batch");
        int batch = rows?.AsCount() ?? defaults.BatchSize, epochs = map.Optional("epochs")?.AsCount() ?? defaults.Epochs;
        map.RejectUnknownKeys(VariantsSection.Key);

        if (data is not null && network is not null && Math.Min(batch, data.Data.Training.Count) is int whole && whole < network.Built.LeastBatch)
        {
            (rows ?? root).Report(
                $"{network.Built.LeastBatch} or more, since layers of this network measure what a batch is like", found: $"batches of {whole} {(whole == 1 ? "example" : "examples")}");
        }

        ScheduleContext context = Context(data, batch, epochs);
        UpdateSection? rules = UpdateSection.Read(update, context, network?.Built.Layout);
        var mean = average is null ? null : AverageRegistry.All.Read(average, context.Accumulated(rules?.BatchesPerStep ?? 1));
        StopSection? stopping = stop is null ? null : StopSection.Read(stop, data is null ? null : data.Data.Validation is not null);
        PlateauSection? reduction = plateau is null ? null : PlateauSection.Read(plateau);
        if (plateau is not null && rules is not null && network is not null)
        {
            PlateauSection.Check(plateau, rules.Chain, network.Built.Layout);
        }

        GuardSection? guarding = guard is null ? null : GuardSection.Read(guard);
        if (guarding is not null && rules is not null && network is not null)
        {
            guarding.Check(guard!, rules.Chain, network.Built.Layout);
        }

        PrecisionSection? precision = precise is null ? null : PrecisionSection.Read(precise);
        StartSection? starting = start is null ? null : StartSection.Read(start, folder, network?.Built, rules?.Chain, mean?.Value);
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
            Start = starting,
            Options = new TrainingOptions
            {
                Seed = header.Seed,
                Epochs = epochs,
                BatchSize = batch,
                EarlyStopping = stopping?.Stopping,
                Plateau = reduction?.Settings,
                Precision = precision?.Precision ?? TrainingPrecision.Float32,
                LossScaling = precision?.Scaling,
                MaximumSkippedInARow = guarding?.Skip ?? defaults.MaximumSkippedInARow,
                DivergenceFactor = guarding?.Growth ?? defaults.DivergenceFactor,
                OnDivergence = guarding?.Response ?? defaults.OnDivergence,
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
                ("guard", guarding?.Resolved),
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

    private static string Words(TargetKind kind) => kind == TargetKind.Classification ? "classification" : "regression";
}
