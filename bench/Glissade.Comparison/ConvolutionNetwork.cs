using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Learning.Losses;
using Glissade.Numerics;

namespace Glissade.Comparison;

/// <summary>The training step of a small convolutional network: two convolutions of 3×3 with rectifier and pooling, and a dense layer.</summary>
internal sealed class ConvolutionNetwork : TrainingStep
{
    public const int Batch = 64;
    private const int Size = 28, First = 16, Second = 32, Classes = 10, Flat = Size / 4 * (Size / 4) * Second;

    private static readonly Layout Layout = new(
        ("kernel1", new Shape(3, 3, 1, First)), ("bias1", new Shape(First)), ("kernel2", new Shape(3, 3, First, Second)), ("bias2", new Shape(Second)),
        ("weights", new Shape(Flat, Classes)), ("bias3", new Shape(Classes)));

    public ConvolutionNetwork()
        : this(RandomStream.Of(1, "convolution-network"))
    {
    }

    private ConvolutionNetwork(RandomStream numbers)
        : base(Layout, Initial(numbers), Loss)
    {
        numbers.FillNormal(Program["x"], 0f, 1f);
        FillClasses(Program["y"], Classes, numbers);
    }

    /// <summary>Multiplications and additions of convolutions and products: forward, by the parameters, and by the inputs except the first layer's.</summary>
    public static double Operations => 2.0 * Batch * ((2.0 * Size * Size * 9 * First) + (3.0 * Size * Size / 4 * 9 * First * Second) + (3.0 * Flat * Classes));

    /// <summary>Whether training did something sensible, and learned.</summary>
    public override void Check()
    {
        base.Check();
        if (Program["loss"][0] > Math.Log(Classes))
        {
            throw new InvalidOperationException($"The loss is {Program["loss"][0]} after training.");
        }
    }

    private static FlatVector<float> Initial(RandomStream numbers)
    {
        var parameters = new FlatVector<float>(Layout.Length);
        foreach (LayoutEntry entry in Layout.Entries.Where(e => e.Shape.Rank > 1))
        {
            double inputs = entry.Shape.Count / entry.Shape[-1];
            numbers.FillNormal(parameters.Span.Slice(entry.Offset, entry.Shape.Count), 0f, (float)Math.Sqrt(1 / inputs));
        }

        return parameters;
    }

    private static Tensor Loss(ProgramBuilder<float> builder, IReadOnlyList<Tensor> p)
    {
        Tensor x = builder.Input("x", new Shape(Batch, Size, Size, 1)), y = builder.Input("y", new Shape(Batch));
        Tensor first = Functions.MaxPool2D(Functions.Relu(Functions.Convolution2D(x, p[0], padding: WindowPadding.Of(1)) + p[1]), [2]);
        Tensor second = Functions.MaxPool2D(Functions.Relu(Functions.Convolution2D(first, p[2], padding: WindowPadding.Of(1)) + p[3]), [2]);
        return new CrossEntropy().Trace(Functions.MatrixProduct(Functions.Reshape(second, new Shape(Batch, Flat)), p[4]) + p[5], y);
    }
}
