using Glissade.Constraints;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Constraints;

/// <summary>Every name that was given finds its value and its multiplier, or a message says why it does not.</summary>
public sealed class NamedValuesTests
{
    [Fact]
    public void ASharedValueIsFoundByEachOfItsNames()
    {
        var lagrangian = ComputationLagrangian.Of(TracedFunction.Of(new Shape(2), x =>
        {
            Tensor a = Named(Exp(x), "a"), b = Named(Exp(x), "b");
            return Sum(Named(Named(a * b, "inner"), "outer"));
        }));
        Assert.Equal(["a", "inner"], lagrangian.Constraints.Take(2).Select(c => c.Name));
        Assert.Equal(["b"], lagrangian.Constraints[0].OtherNames);
        Assert.Equal(["outer"], lagrangian.Constraints[1].OtherNames);
        Assert.Empty(lagrangian.Constraints[2].OtherNames);
        LagrangianPoint point = lagrangian.At([0, 1]);
        foreach (string name in new[] { "a", "b" })
        {
            Assert.Equal(1, point.Value(name)[0]);
            Assert.Equal(Math.E, point.Value(name)[1], 1e-15);
            Assert.Equal(2, point.Multiplier(name)[0]);
        }

        Assert.Equal([1, 1], point.Multiplier("inner").ToArray());
        Assert.Equal([1, 1], point.Multiplier("outer").ToArray());
    }

    [Fact]
    public void AnInputIsFoundByItsNamesToo()
    {
        LagrangianPoint point = ComputationLagrangian.Of(TracedFunction.Of([new Shape(2), new Shape(2)], x => [Sum(Square(Named(x[0], "input")) * x[1])])).At([1, 2], [3, 4]);
        Assert.Equal([1, 2], point.Value("input").ToArray());
        Assert.Equal([6, 16], point.Multiplier("input").ToArray());
        Assert.Equal([6, 16], point.Multiplier("x0").ToArray());
        Assert.Equal([1, 4], point.Multiplier("x1").ToArray());
        Assert.Contains("x1", point.Names);
    }

    [Fact]
    public void ANameWithinAMapIsThatOfTheBatch()
    {
        // Per example: h = tanh(x·w), loss Σ h²: λ_h = 2h.
        LagrangianPoint point = ComputationLagrangian.Of(TracedFunction.Of([new Shape(3, 2), new Shape(2)], x =>
            [Sum(VectorizedMap(e => Square(Named(Tanh(Dot(Named(e, "example"), x[1])), "h")), x[0]))])).At([1, 2, 3, 4, 5, 6], [0.1, -0.2]);
        double[] h = [Math.Tanh(-0.3), Math.Tanh(-0.5), Math.Tanh(-0.7)];
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(h[i], point.Value("h")[i], 1e-15);
            Assert.Equal(2 * h[i], point.Multiplier("h")[i], 1e-15);
        }

        Assert.Equal([1, 2, 3, 4, 5, 6], point.Value("example").ToArray());
    }

    [Fact]
    public void WhatNoNameFindsIsExplained()
    {
        LagrangianPoint point = ComputationLagrangian.Of(TracedFunction.Of([Shape.Scalar, new Shape(5)], x =>
        {
            Named(Exp(x[0]), "aside");
            Tensor constant = Named(Exp(x[0].Trace.Constant(1)), "constant");
            ScanResult run = Scan([x[0]], [x[1]], (c, e) => new ScanStepResult(Named(Tanh(c[0] + (e[0] * Named(Sin(x[0]), "outside"))), "state")), checkpointEvery: 2);
            return [Named(run.Final[0] * constant * Checkpointed(y => Named(Cos(y), "again"), x[0]), "loss")];
        })).At([0.5], [1, 2, 3, 4, 5]);
        AssertSays("state", "'scan'", "result of the step");
        AssertSays("again", "'checkpointed'");
        AssertSays("aside", "loss is not computed from");
        AssertSays("constant", "none of the inputs");
        AssertSays("nothing", "it has ");
        Assert.Equal(Math.Sin(0.5), point.Value("outside")[0], 1e-15);
        Assert.Equal(1, point.Multiplier("loss")[0]);

        void AssertSays(string name, params string[] parts)
        {
            string message = Assert.Throws<KeyNotFoundException>(() => point.Multiplier(name).ToArray()).Message;
            Assert.All([$"'{name}'", .. parts], p => Assert.Contains(p, message, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void NullNumbersAreNamedByTheirInput()
    {
        var lagrangian = ComputationLagrangian.Of(TracedFunction.Of(new Shape(2), x => Sum(Exp(x))));
        ArgumentNullException wrong = Assert.Throws<ArgumentNullException>(() => lagrangian.At([null!]));
        Assert.Equal("inputs", wrong.ParamName);
        Assert.Contains("'x0'", wrong.Message);
    }
}
