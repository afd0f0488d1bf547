using Glissade.Compilation;
using Glissade.Comparison.Measuring;
using Glissade.Differentiation;
using Glissade.Learning.Losses;
using Glissade.Numerics;
using Glissade.Updates;

namespace Glissade.Comparison;

/// <summary>A small convolutional network with everything that one step of training needs: two convolutions of 3×3 with rectifier and pooling, and a dense layer.</summary>
internal sealed class ConvolutionNetwork
{
    public const int Batch = 64;
    private const int Size = 28, First = 16, Second = 32, Classes = 10, Flat = Size / 4 * (Size / 4) * Second;

    private static readonly Layout Layout = new(
        ("kernel1", new Shape(3, 3, 1, First)), ("bias1", new Shape(First)), ("kernel2", new Shape(3, 3, First, Second)), ("bias2", new Shape(Second)),
        ("weights", new Shape(Flat, Classes)), ("bias3", new Shape(Classes)));

    private readonly FlatVector<float> _start, _parameters = new(Layout.Length), _gradient = new(Layout.Length);

    public ConvolutionNetwork()
    {
        RandomStream numbers = RandomStream.Of(1, "convolution-network");
        foreach (LayoutEntry entry in Layout.Entries)
        {
            double inputs = entry.Shape.Rank == 1 ? 0 : entry.Shape.Count / entry.Shape[-1];
            if (inputs > 0)
            {
                numbers.FillNormal(_parameters.Span.Slice(entry.Offset, entry.Shape.Count), 0f, (float)Math.Sqrt(1 / inputs));
            }
        }

        _start = _parameters.Clone();
        var builder = new ProgramBuilder<float>();
        Tensor x = builder.Input("x", new Shape(Batch, Size, Size, 1)), y = builder.Input("y", new Shape(Batch));
        IReadOnlyList<Tensor> p = builder.Views(Layout, _parameters);
        Tensor first = Functions.MaxPool2D(Functions.Relu(Functions.Convolution2D(x, p[0], padding: WindowPadding.Of(1)) + p[1]), [2]);
        Tensor second = Functions.MaxPool2D(Functions.Relu(Functions.Convolution2D(first, p[2], padding: WindowPadding.Of(1)) + p[3]), [2]);
        Tensor loss = new CrossEntropy().Trace(Functions.MatrixProduct(Functions.Reshape(second, new Shape(Batch, Flat)), p[4]) + p[5], y);
        builder.Output("loss", loss);
        builder.Gradient(loss, p, Layout, _gradient);
        Program = builder.Build();
        Updater = Optimizers.Adam(1e-3).Compile(Layout, _parameters, _gradient);
        numbers.FillNormal(Program["x"], 0f, 1f);
        foreach (ref float label in Program["y"])
        {
            label = numbers.NextInt32(Classes);
        }
    }

    /// <summary>Multiplications and additions of convolutions and products: forward, by the parameters, and by the inputs except the first layer's.</summary>
    public static double Operations => 2.0 * Batch * ((2.0 * Size * Size * 9 * First) + (3.0 * Size * Size / 4 * 9 * First * Second) + (3.0 * Flat * Classes));

    /// <summary>Loss and gradient.</summary>
    public Program<float> Program { get; }

    /// <summary>Adam.</summary>
    public Updater<float> Updater { get; }

    public void Run()
    {
        Program.Run();
        if (!Updater.Step().Applied)
        {
            throw new InvalidOperationException("A step was skipped. Its time means nothing.");
        }
    }

    /// <summary>Whether training did something sensible.</summary>
    public void Check()
    {
        Sink.CheckFinite(Program["loss"], "the loss");
        Sink.CheckFinite(_gradient.Span, "the gradient");
        if (_parameters.Span.SequenceEqual(_start.Span) || Program["loss"][0] > Math.Log(Classes))
        {
            throw new InvalidOperationException($"The loss is {Program["loss"][0]} after training, or the parameters did not move.");
        }
    }
}
