using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Windows over axes without elements: ⌈0/stride⌉ = 0 of them with the padding 'same', whose gradients are empty or 0; and what windows refuse.</summary>
public sealed class EmptyWindowTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void SamePaddingOfNothingHasNoWindows(int stride)
    {
        WindowPadding same = WindowPadding.Same;
        Expect([new(2, 0, 3), new(3, 3, 4)], new(2, 0, 4), v => Convolution1D(v[0], v[1], [stride], same));
        Expect([new(2, 0, 4), new(3, 2, 2)], new(2, 0, 2), v => Convolution1D(v[0], v[1], [stride], same, [2], 2));
        Expect([new(2, 0, 3), new(3, 4, 3)], new(2, 0, 4), v => TransposedConvolution1D(v[0], v[1], [stride], same));
        Expect([new(0, 5, 3), new(3, 2, 3, 4)], new(0, (5 + stride - 1) / stride, 4), v => Convolution2D(v[0], v[1], [stride], same));
        Expect([new(2, 5, 0, 3), new(3, 2, 3, 4)], new(2, (5 + stride - 1) / stride, 0, 4), v => Convolution2D(v[0], v[1], [stride], same));
        Expect([new(2, 5, 0, 3), new(3, 2, 1, 3)], new(2, (5 + stride - 1) / stride, 0, 3), v => Convolution2D(v[0], v[1], [stride], same, groups: 3));
        Expect([new(2, 5, 0, 3), new(3, 2, 4, 3)], new(2, 5 * stride, 0, 4), v => TransposedConvolution2D(v[0], v[1], [stride], same));
        Expect([new(2, 0, 3)], new(2, 0, 3), v => MaxPool1D(v[0], 3, stride, same));
        Expect([new(2, 0, 3)], new(2, 0, 3), v => AveragePool1D(v[0], 3, stride, same));
        Expect([new(0, 5, 3)], new(0, (5 + stride - 1) / stride, 3), v => MaxPool2D(v[0], [3, 2], [stride], same));
        Expect([new(4, 5, 0, 3)], new(4, (5 + stride - 1) / stride, 0, 3), v => AveragePool2D(v[0], [3, 2], [stride], same));
    }

    [Fact]
    public void WhatDoesNotFitIsRefusedInTheShapesGiven()
    {
        (string Name, Shape[] Shapes, Func<IReadOnlyList<Tensor>, Tensor> Function)[] mistakes =
        [
            ("convolution-1d", [new(2, 0, 3), new(3, 3, 4)], v => Convolution1D(v[0], v[1])), ("convolution-1d", [new(2, 0, 3), new(3, 3, 4)], v => Convolution1D(v[0], v[1], padding: WindowPadding.Of(1))),
            ("transposed-convolution-1d", [new(2, 0, 3), new(3, 4, 3)], v => TransposedConvolution1D(v[0], v[1])),
            ("transposed-convolution-1d", [new(2, 0, 3), new(9, 4, 3)], v => TransposedConvolution1D(v[0], v[1], [2], WindowPadding.Of(1))),
            ("transposed-convolution-2d", [new(2, 3, 0, 3), new(3, 3, 4, 3)], v => TransposedConvolution2D(v[0], v[1])),
            ("transposed-convolution-1d", [new(2, 5, 3), new(0, 4, 3)], v => TransposedConvolution1D(v[0], v[1])), ("convolution-1d", [new(2, 5, 3), new(0, 3, 4)], v => Convolution1D(v[0], v[1])),
            ("transposed-convolution-1d", [new(2, 5, 3), new(3, 4, 3)], v => TransposedConvolution1D(v[0], v[1], padding: WindowPadding.Of((1, 1), (1, 1)))),
            ("transposed-convolution-1d", [new(1, 1 << 30, 1), new(3, 1, 1)], v => TransposedConvolution1D(v[0], v[1], [2], WindowPadding.Of(2))),
            ("transposed-convolution-1d", [new(2, 5, 1), new(1, 1 << 30, 1)], v => TransposedConvolution1D(v[0], v[1])), ("convolution-1d", [new(2, 5, 1), new(1, 1, 1 << 30)], v => Convolution1D(v[0], v[1])),
            ("convolution-2d", [new(2, 5, 5, 1), new(2, 2, 1, 1 << 28)], v => Convolution2D(v[0], v[1])), ("max-pool-2d", [new(2, 5, 5, 3)], v => MaxPool2D(v[0], [1 << 16])),
            ("max-pool-1d", [new(2, 0, 3)], v => MaxPool1D(v[0], 3)), ("average-pool-1d", [new(2, 0, 3)], v => AveragePool1D(v[0], 3, 1, WindowPadding.Of(1))),
        ];
        foreach ((string name, Shape[] shapes, Func<IReadOnlyList<Tensor>, Tensor> function) in mistakes)
        {
            string message = Assert.Throws<ArgumentException>(() => TracedFunction.Of(shapes, v => [function(v)])).Message;
            Assert.Contains($"'{name}'", message, StringComparison.Ordinal);
            Assert.Contains(shapes[0].ToString(), message, StringComparison.Ordinal);
        }
    }

    /// <summary>Shape, value and gradients by the plain evaluator too, and for a batch; the gradient by a kernel is 0, whatever stood in its place before.</summary>
    private static void Expect(Shape[] shapes, Shape expected, Func<IReadOnlyList<Tensor>, Tensor> function)
    {
        Assert.Equal(expected, TracedFunction.Of(shapes, v => [function(v)]).Outputs[0].Shape);
        FunctionCheck.Check(shapes, v => Square(function(v)));
        double[][] arguments = [.. shapes.Select((s, i) => FunctionCheck.Numbers(s.Count, i, -1, 1))];
        double[][] result = TracedFunction.Of(shapes, v => [Sum(Square(function(v)))]).WithGradient().Compile<double>().RunTwice(arguments);
        Assert.All(result.SelectMany(r => r), v => Assert.Equal(0, v));
    }
}
