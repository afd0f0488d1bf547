using System.Text.Json.Nodes;
using Glissade.Compilation;
using Glissade.Comparison.Measuring;

namespace Glissade.Comparison;

/// <summary>The command <c>pooling</c>: maxima and means of windows, forward and with the gradient, as the peer's script times them.</summary>
internal static class PoolingFigures
{
    public static void Run(Figures figures, int threads, int repeats, bool profile)
    {
        foreach (PoolingLayer layer in PoolingLayer.All)
        {
            foreach (bool gradient in new[] { false, true })
            {
                Program<float> program = layer.Compile(gradient);
                double seconds = BestTime.OfCall(program.Run, repeats, repeatSeconds: 0.02);
                layer.Check(program, gradient);
                figures.Print(new JsonObject
                {
                    ["peer"] = Figures.Project,
                    ["threads"] = threads,
                    ["size"] = PoolingLayer.Size,
                    ["channels"] = PoolingLayer.Channels,
                    ["kind"] = layer.Kind,
                    ["window"] = layer.Window,
                    ["stride"] = layer.Stride,
                    ["padding"] = layer.Padding,
                    ["batch"] = PoolingLayer.Batch,
                    ["pass"] = gradient ? "forward and gradient" : "forward",
                    ["microseconds"] = Math.Round(seconds * 1e6, 1),
                    ["gigabytes_per_second"] = Math.Round(layer.Bytes(gradient) / seconds / 1e9, 2),
                });
                if (profile)
                {
                    StepProfile.Print(program, 10 * repeats);
                }
            }
        }
    }
}
