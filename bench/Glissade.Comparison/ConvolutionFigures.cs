using System.Text.Json.Nodes;
using Glissade.Compilation;
using Glissade.Comparison.Measuring;

namespace Glissade.Comparison;

/// <summary>The command <c>convolution</c>: layers forward and with both gradients, and a training step of a small network, as the peer's script times them.</summary>
internal static class ConvolutionFigures
{
    public static void Run(Figures figures, int threads, int repeats, bool profile)
    {
        double peak = MachineLimits.Peak(threads);
        foreach (ConvolutionLayer layer in ConvolutionLayer.All)
        {
            foreach (bool gradient in new[] { false, true })
            {
                Program<float> program = layer.Compile(gradient);
                double seconds = BestTime.OfCall(program.Run, repeats, repeatSeconds: 0.02);
                layer.Check(program, gradient);
                Print(layer, ConvolutionLayer.Batch, gradient ? "forward and gradient" : "forward", seconds, (gradient ? 3 : 1) * layer.Operations);
                if (profile)
                {
                    StepProfile.Print(program, 10 * repeats);
                }
            }
        }

        var network = new ConvolutionNetwork();
        double step = BestTime.OfCall(network.Run, repeats, repeatSeconds: 0.02);
        network.Check();
        Print(new ConvolutionLayer(28, 1, 3, 10, 1, 1, 1), ConvolutionNetwork.Batch, "training step", step, ConvolutionNetwork.Operations);
        if (profile)
        {
            StepProfile.Print(network.Program, 10 * repeats);
        }

        void Print(ConvolutionLayer layer, int batch, string pass, double seconds, double operations) => figures.Print(new JsonObject
        {
            ["peer"] = Figures.Project,
            ["threads"] = threads,
            ["size"] = layer.Size,
            ["channels"] = layer.Channels,
            ["kernel"] = layer.Kernel,
            ["result_channels"] = layer.ResultChannels,
            ["stride"] = layer.Stride,
            ["padding"] = layer.Padding,
            ["groups"] = layer.Groups,
            ["batch"] = batch,
            ["pass"] = pass,
            ["microseconds"] = Math.Round(seconds * 1e6, 1),
            ["gflops"] = Math.Round(operations / seconds / 1e9, 1),
            ["share_of_peak"] = Math.Round(operations / seconds / peak, 3),
        });
    }
}
