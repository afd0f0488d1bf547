using System.CommandLine;
using Glissade.Comparison;
using Glissade.Comparison.Measuring;
using Glissade.Numerics;

var json = new Option<bool>("--json") { Description = "One JSON object a line, with the keys of the peers' scripts.", Recursive = true };
var threads = new Option<int>("--threads") { Description = "Threads that compute.", DefaultValueFactory = _ => 1, Recursive = true };
var repeats = new Option<int>("--repeats") { Description = "Repeats, of which the best counts.", DefaultValueFactory = _ => 20, Recursive = true };
var network = new Option<string?>("--network") { Description = "Only this network." };
var profile = new Option<bool>("--profile") { Description = "Also the time of each step of the program, and of the update, on stderr." };
threads.Validators.Add(r => AtLeastOne(r, threads));
repeats.Validators.Add(r => AtLeastOne(r, repeats));
network.AcceptOnlyFromAmong([.. NetworkCase.All.Select(c => c.Name)]);

var root = new RootCommand("Times Glissade beside its peers and beside the machine's limits.") { json, threads, repeats };
Command trainStep = Add("train-step", "Forward, backward and Adam of four networks.", (figures, result) =>
    TrainStep.Run(figures, result.GetValue(threads), result.GetValue(repeats), result.GetValue(network), result.GetValue(profile)));
trainStep.Add(network);
trainStep.Add(profile);
Add("matrix-product", "Products of matrices, small and large.", (figures, result) => MatrixProductFigures.Run(figures, result.GetValue(threads), result.GetValue(repeats)));
Command convolution = Add("convolution", "Convolutions, forward and with both gradients, and a training step of a small convolutional network.", (figures, result) =>
    ConvolutionFigures.Run(figures, result.GetValue(threads), result.GetValue(repeats), result.GetValue(profile)));
convolution.Add(profile);
Command pooling = Add("pooling", "Maxima and means of windows, forward and with the gradient.", (figures, result) =>
    PoolingFigures.Run(figures, result.GetValue(threads), result.GetValue(repeats), result.GetValue(profile)));
pooling.Add(profile);
Add("optimizer-step", "One step of an optimizer alone.", (figures, result) => OptimizerStep.Run(figures, result.GetValue(threads), result.GetValue(repeats)));
Add("elementwise", "Ten operations as one loop.", (figures, result) => ElementwiseFigures.Run(figures, result.GetValue(threads), result.GetValue(repeats)));
Add("machine", "Peak of multiply-adds, bandwidth of memory.", (figures, result) => MachineFigures.Run(figures, result.GetValue(threads), result.GetValue(repeats)));
return root.Parse(args).Invoke();

Command Add(string name, string description, Action<Figures, ParseResult> run)
{
    var command = new Command(name, description);
    command.SetAction(result =>
    {
        ComputePool.Threads = result.GetValue(threads);
        run(new Figures(result.GetValue(json)), result);
    });
    root.Add(command);
    return command;
}

static void AtLeastOne(System.CommandLine.Parsing.OptionResult result, Option<int> option)
{
    if (result.GetValue(option) < 1)
    {
        result.AddError($"{option.Name} must be 1 or more.");
    }
}
