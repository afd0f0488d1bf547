using Glissade.Compilation;
using Glissade.Comparison.Measuring;
using Glissade.Differentiation;
using Glissade.Numerics;

namespace Glissade.Comparison;

/// <summary>One convolution of square images, as the peer's script has it.</summary>
/// <param name="Size">Height and width of the images.</param>
/// <param name="Channels">Of the images.</param>
/// <param name="Kernel">Height and width of the kernel.</param>
/// <param name="ResultChannels">Of the result.</param>
/// <param name="Stride">From one window to the next.</param>
/// <param name="Padding">On all sides.</param>
/// <param name="Groups">Parts of the channels.</param>
internal sealed record ConvolutionLayer(int Size, int Channels, int Kernel, int ResultChannels, int Stride, int Padding, int Groups)
{
    public const int Batch = 32;

    public static IReadOnlyList<ConvolutionLayer> All { get; } =
    [
        new(28, 1, 3, 32, 1, 1, 1),
        new(28, 32, 3, 64, 1, 1, 1),
        new(14, 64, 3, 64, 1, 1, 1),
        new(14, 64, 3, 128, 2, 1, 1),
        new(14, 64, 1, 128, 1, 0, 1),
        new(14, 64, 3, 64, 1, 1, 64),
    ];

    private int Windows => ((Size + (2 * Padding) - Kernel) / Stride) + 1;

    /// <summary>Multiplications and additions of the result, those with padding included.</summary>
    public double Operations => 2.0 * Batch * Windows * Windows * ResultChannels * Kernel * Kernel * (Channels / Groups);

    /// <summary>The result alone, or with the gradients by images and kernel for a given adjoint.</summary>
    public Program<float> Compile(bool gradient)
    {
        var builder = new ProgramBuilder<float>();
        Tensor x = builder.Input("x", new Shape(Batch, Size, Size, Channels));
        Tensor kernel = builder.Input("kernel", new Shape(Kernel, Kernel, Channels / Groups, ResultChannels));
        Tensor y = Functions.Convolution2D(x, kernel, [Stride], WindowPadding.Of(Padding), groups: Groups);
        builder.Output("y", y);
        RandomStream numbers = RandomStream.Of(1, "convolution");
        if (gradient)
        {
            Tensor adjoint = builder.Input("adjoint", y.Shape);
            builder.Output("by-x", Functions.VectorJacobianProduct(y, x, adjoint));
            builder.Output("by-kernel", Functions.VectorJacobianProduct(y, kernel, adjoint));
        }

        Program<float> program = builder.Build();
        foreach (string name in gradient ? new[] { "x", "kernel", "adjoint" } : ["x", "kernel"])
        {
            numbers.FillNormal(program[name], 0f, 1f);
        }

        return program;
    }

    /// <summary>Some elements of the results against plain sums in double.</summary>
    public void Check(Program<float> program, bool gradient)
    {
        int inner = Channels / Groups, outer = ResultChannels / Groups, n = Windows;
        foreach ((int image, int at, int channel) in new[] { (0, 0, 0), (Batch / 2, n / 2, ResultChannels / 3), (Batch - 1, n - 1, ResultChannels - 1) })
        {
            double sum = 0;
            ForEach((row, column, c) => sum += Pixel(image, (at * Stride) + row - Padding, (at * Stride) + column - Padding, (channel / outer * inner) + c)
                * program["kernel"][(((((row * Kernel) + column) * inner) + c) * ResultChannels) + channel]);
            Sink.CheckEqual(program["y"].Slice((((((image * n) + at) * n) + at) * ResultChannels) + channel, 1), [(float)sum], 1e-3, "the convolution");
        }

        if (gradient)
        {
            CheckGradient(program);
        }

        void ForEach(Action<int, int, int> element)
        {
            for (int i = 0; i < Kernel * Kernel * inner; i++)
            {
                element(i / (Kernel * inner), i / inner % Kernel, i % inner);
            }
        }

        double Pixel(int image, int row, int column, int channel) =>
            (uint)row < (uint)Size && (uint)column < (uint)Size ? program["x"][(((((image * Size) + row) * Size) + column) * Channels) + channel] : 0;
    }

    /// <summary>⟨Jᵀλ, x⟩ = ⟨λ, y⟩ for the gradient by either factor, since the convolution is linear in each.</summary>
    private static void CheckGradient(Program<float> program)
    {
        double expected = Dot(program["adjoint"], program["y"]), scale = Math.Sqrt(Dot(program["adjoint"], program["adjoint"]) * Dot(program["y"], program["y"]));
        foreach ((string by, string factor) in new[] { ("by-x", "x"), ("by-kernel", "kernel") })
        {
            Sink.CheckFinite(program[by], "the gradient " + by);
            Sink.CheckEqual([(float)(Dot(program[by], program[factor]) / scale)], [(float)(expected / scale)], 1e-5, "the gradient " + by);
        }
    }

    private static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += (double)x[i] * y[i];
        }

        return sum;
    }
}
