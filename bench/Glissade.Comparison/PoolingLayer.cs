using Glissade.Compilation;
using Glissade.Comparison.Measuring;
using Glissade.Differentiation;
using Glissade.Numerics;

namespace Glissade.Comparison;

/// <summary>One pooling of square images, as the peer's script has it.</summary>
/// <param name="Greatest">The maximum of each window, not its mean.</param>
/// <param name="Window">Height and width of a window.</param>
/// <param name="Stride">From one window to the next.</param>
/// <param name="Padding">On all sides.</param>
internal sealed record PoolingLayer(bool Greatest, int Window, int Stride, int Padding)
{
    public const int Batch = 64, Size = 28, Channels = 16;

    public static IReadOnlyList<PoolingLayer> All { get; } = [new(true, 2, 2, 0), new(true, 3, 2, 1), new(false, 2, 2, 0), new(false, 3, 2, 1)];

    public string Kind => Greatest ? "maximum" : "average";

    private int Windows => ((Size + (2 * Padding) - Window) / Stride) + 1;

    /// <summary>Bytes that must be read and written at least: images and result; adjoint and gradient, and of a maximum the images once more.</summary>
    public double Bytes(bool gradient) =>
        (double)sizeof(float) * Batch * Channels * (((gradient ? Greatest ? 3 : 2 : 1) * Size * Size) + ((gradient ? 2 : 1) * Windows * Windows));

    /// <summary>The result alone, or with the gradient for a given adjoint.</summary>
    public Program<float> Compile(bool gradient)
    {
        var builder = new ProgramBuilder<float>();
        Tensor x = builder.Input("x", new Shape(Batch, Size, Size, Channels));
        Tensor y = Greatest
            ? Functions.MaxPool2D(x, [Window], [Stride], WindowPadding.Of(Padding))
            : Functions.AveragePool2D(x, [Window], [Stride], WindowPadding.Of(Padding));
        builder.Output("y", y);
        if (gradient)
        {
            builder.Output("by-x", Functions.VectorJacobianProduct(y, x, builder.Input("adjoint", y.Shape)));
        }

        Program<float> program = builder.Build();
        RandomStream numbers = RandomStream.Of(1, "pooling");
        foreach (string name in gradient ? new[] { "x", "adjoint" } : ["x"])
        {
            numbers.FillNormal(program[name], 0f, 1f);
        }

        return program;
    }

    /// <summary>Some elements of the result against plain loops; of the gradient, that ⟨Jᵀλ, x⟩ = ⟨λ, y⟩, since y is homogeneous in x.</summary>
    public void Check(Program<float> program, bool gradient)
    {
        int n = Windows;
        foreach ((int image, int at, int channel) in new[] { (0, 0, 0), (Batch / 2, n / 2, Channels / 3), (Batch - 1, n - 1, Channels - 1) })
        {
            var elements = new List<double>();
            for (int i = 0; i < Window * Window; i++)
            {
                int row = (at * Stride) + (i / Window) - Padding, column = (at * Stride) + (i % Window) - Padding;
                if ((uint)row < Size && (uint)column < Size)
                {
                    elements.Add(program["x"][(((((image * Size) + row) * Size) + column) * Channels) + channel]);
                }
            }

            Sink.CheckEqual(program["y"].Slice((((((image * n) + at) * n) + at) * Channels) + channel, 1), [(float)(Greatest ? elements.Max() : elements.Average())], 1e-5, $"{Kind} pooling");
        }

        if (gradient)
        {
            double expected = Dot(program["adjoint"], program["y"]), scale = Math.Sqrt(Dot(program["adjoint"], program["adjoint"]) * Dot(program["y"], program["y"]));
            Sink.CheckEqual([(float)(Dot(program["by-x"], program["x"]) / scale)], [(float)(expected / scale)], 1e-5, $"the gradient of {Kind} pooling");
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
