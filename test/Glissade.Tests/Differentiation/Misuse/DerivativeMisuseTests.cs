using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using Glissade.Updates;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Differentiation;

/// <summary>Derivatives, loops and clamps that cannot be: the message names what was called, what was given, and what would be right.</summary>
public sealed class DerivativeMisuseTests
{
    [Fact]
    public void VectorsOfOtherShapesAreRefused()
    {
        AssertSays(v => HessianVectorProduct(Sum(Exp(v[0])), v[0], v[1]), "'Hessian-vector product'", "[3]", "[2, 3]");
        AssertSays(v => JacobianVectorProduct(Exp(v[0]), v[0], v[1]), "'Jacobian-vector product'", "[3]", "[2, 3]");
        AssertSays(v => VectorJacobianProduct(Exp(v[0]), v[0], v[1]), "'vector-Jacobian product'", "[3]", "[2, 3]");
        AssertSays(v => HessianVectorProduct(Sum(v[0]), [v[0], v[1]], [v[0], v[0]])[0], "'Hessian-vector product'", "[3]", "[2, 3]", "vector 1");
        AssertSays(v => HessianVectorProduct(Sum(v[0]), [v[0], v[1]], [v[0]])[0], "'Hessian-vector product'", "2 variables", "1 were given");
        AssertSays(v => JacobianVectorProduct(v[0], [v[0]], []), "'Jacobian-vector product'", "1 variables", "0 were given");
        AssertSays(v => VectorJacobianProduct([], [v[0]], [])[0], "'vector-Jacobian product'", "needs an output");
        AssertSays(v => HessianVectorProduct(v[0], v[0], v[0]), "'Hessian-vector product'", "[3]", "scalar");
        AssertSays(v => Hessian(v[0], v[0]), "'Hessian'", "[3]", "scalar");
    }

    [Fact]
    public void NullIsNamedByItsParameter()
    {
        AssertNull("by", v => GradientOf(Sum(v[0]), [null!])[0]);
        AssertNull("by", v => GradientOf(Sum(v[0]), (IReadOnlyList<Tensor>)null!)[0]);
        AssertNull("x", v => Hessian(Sum(v[0]), (Tensor)null!));
        AssertNull("x", v => HessianVectorProduct(Sum(v[0]), null!, v[0]));
        AssertNull("v", v => HessianVectorProduct(Sum(v[0]), v[0], null!));
        AssertNull("output", v => HessianVectorProduct(null!, v[0], v[0]));
        AssertNull("x", v => Jacobian(v[0], (Tensor)null!));
        AssertNull("v", v => JacobianVectorProduct(v[0], [v[0]], [null!]));
        AssertNull("outputs", v => VectorJacobianProduct([null!], [v[0]], [v[0]])[0]);
        AssertNull("initial", v => Scan([null!], [v[0]], (c, _) => new ScanStepResult(c)).Final[0]);
        AssertNull("sequences", v => Scan([v[0]], [null!], (c, _) => new ScanStepResult(c)).Final[0]);
        AssertNull("batches", v => VectorizedMap(e => e, [null!])[0]);
        AssertNull("x", v => Exp(null!));
        AssertNull("x", v => Not(null!));
        AssertNull("y", v => Add(v[0], null!));
        AssertNull("y", v => Power(2.0, null!));
        AssertNull("x", v => Greater(null!, 1));
        AssertNull("condition", v => Select(null!, v[0], 1));
        AssertNull("x", v => (Tensor)null! + 1);
        AssertSays(v => Select(v[0], v[0], (Tensor)null!), "Operand 2 of 'select'");
        AssertNull("low", v => Clamp(v[0], null!, v[0]));
        AssertSays(_ => null!, "null", "result 0");
        Assert.Equal("function", Assert.Throws<ArgumentException>(() => TracedFunction.Of([new Shape(3)], _ => null!)).ParamName);
    }

    [Fact]
    public void TensorsOfOtherFunctionsAreRefusedAlike()
    {
        Tensor foreign = TracedFunction.Of(new Shape(3), x => Exp(x)).Outputs[0];
        (string Operation, Func<Tensor, Tensor> Function)[] uses =
        [
            ("'gradient'", x => GradientOf(Sum(x), foreign)[0]), ("'Jacobian-vector product'", x => JacobianVectorProduct(x, foreign, x)), ("'Jacobian-vector product'", x => JacobianVectorProduct(x, x, foreign)),
            ("'vector-Jacobian product'", x => VectorJacobianProduct(x, foreign, x)), ("'vector-Jacobian product'", x => VectorJacobianProduct(Sum(x), x, Sum(foreign))),
            ("'Hessian-vector product'", x => HessianVectorProduct(Sum(x), foreign, x)), ("'Jacobian'", x => Jacobian(x, foreign)), ("'Hessian'", x => Hessian(Sum(x), foreign)),
            ("'vectorized-map'", x => VectorizedMap(e => [e[0]], [x, foreign])[0]), ("'vectorized-map'", x => VectorizedMap(_ => foreign, x)), ("'checkpointed'", x => Checkpointed(_ => foreign, x)),
            ("'scan'", x => Scan([foreign], [x], (c, _) => new ScanStepResult(c)).Final[0]), ("Result 0", _ => foreign),
        ];
        foreach ((string operation, Func<Tensor, Tensor> function) in uses)
        {
            string message = Assert.Throws<ArgumentException>(() => TracedFunction.Of(new Shape(3), function)).Message;
            Assert.Contains(operation, message, StringComparison.Ordinal);
            Assert.Contains("traced function", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void LoopsNameWhatWasGiven()
    {
        static ScanStepResult Same(IReadOnlyList<Tensor> c, IReadOnlyList<Tensor> e) => new(c);
        AssertSays(v => Scan([v[0]], [v[1]], Same, length: 5).Final[0], "'scan'", "[2, 3]", "2 steps", "length 5");
        AssertSays(v => Scan([v[0]], [v[1], v[0]], Same).Final[0], "'scan'", "[2, 3]", "[3]", "equally long");
        AssertSays(v => Scan([v[0]], [Sum(v[0])], Same).Final[0], "'scan'", "sequence 0", "scalar");
        AssertSays(v => Scan([v[0]], [v[1]], Same, checkpointEvery: -1).Final[0], "'scan'", "'checkpointEvery' must be 0 or more, not -1");
        AssertSays(v => Checkpointed(_ => null!, v[0]), "'checkpointed'", "null");
        AssertSays(v => VectorizedMap(e => e, Sum(v[0])), "'vectorized-map'", "[]", "scalar");
    }

    [Fact]
    public void ClampNamesItselfAndItsBounds()
    {
        AssertSays(v => Clamp(v[0], Slice(v[0], 0, 0, 2), v[0]), "'clamp'", "[3]", "[2]");
        AssertSays(v => Clamp(v[0], 0, Slice(v[0], 0, 0, 2)), "'clamp'", "[3]", "[2]");
        AssertSays(v => Clamp(v[0], v[0].Trace.Constant(2), v[0].Trace.Constant(1)), "'clamp'", "2 and 1");
        AssertSays(v => Clamp(v[0], BroadcastTo(v[0].Trace.Constant(2), new(3)), 1), "'clamp'", "2 and 1");
        AssertSays(v => Clamp(v[0], v[0], double.NaN), "'clamp'", "a tensor and NaN");
        TracedFunction function = TracedFunction.Of([new Shape(3), new Shape(2, 3)], v => [Clamp(v[0], v[1], 2), Clamp(v[0], -1, v[1]), Clamp(v[0], v[1], v[1] - 1)]);
        double[][] found = FunctionCheck.Run(function, [-5, 0.5, 5], [0, 1, 2, 3, 0, 1]);
        Assert.Equal([0, 1, 2, 2, 0.5, 2], found[0]);
        Assert.Equal([-1, 0.5, 2, -1, 0, 1], found[1]);
        Assert.Equal([-1, 0, 1, 2, -1, 0], found[2]);
    }

    [Fact]
    public void ChoicesOfNumbers()
    {
        TracedFunction function = TracedFunction.Of(new Shape(4), x => Concatenate(0, Select(Greater(x, 0), 1, x), Select(Greater(x, 0), 2, -3), Select(x, 5, 7)));
        Assert.Equal([-2, 0, 1, double.NaN, -3, -3, 2, -3, 5, 7, 5, 5], FunctionCheck.Run(function, [-2, 0, 4, double.NaN])[0]);
    }

    [Fact]
    public void OtherTypesThanFloatAndDoubleAreRefused()
    {
        TracedFunction function = TracedFunction.Of(new Shape(3), x => Exp(x));
        var layout = new Layout(("w", new Shape(3)));
        Action[] compilations =
        [
            () => function.Compile<Half>(), () => _ = new ProgramBuilder<Half>(), () => Chain.Of().Compile(layout, new FlatVector<Half>(layout.Length), new FlatVector<Half>(layout.Length)),
        ];
        Assert.All(compilations, c => Assert.Contains("float or double, not in Half", Assert.Throws<NotSupportedException>(c).Message));
    }

    [Fact]
    public void ArraysOfOtherLengthsAreNamedByTheirInput()
    {
        CompiledFunction<float> function = TracedFunction.Of([new Shape(2), new Shape(2, 2)], v => [MatrixProduct(v[1], v[0]), Sum(v[0])]).Compile<float>();
        Assert.Equal([[5, 11], [3]], function.Invoke([1, 2], [1, 2, 3, 4]));
        float[][] first = function.Invoke([1, 2], [1, 2, 3, 4]);
        function.Invoke([0, 0], [0, 0, 0, 0]);
        Assert.Equal([5, 11], first[0]);
        string length = Assert.Throws<ArgumentException>(() => function.Invoke([1, 2], [1, 2, 3])).Message;
        Assert.All(["'x1'", "[2, 2]", "4 numbers", "3 were given"], part => Assert.Contains(part, length, StringComparison.Ordinal));
        Assert.Contains("2 inputs, x0[2], x1[2, 2], but 1 arrays", Assert.Throws<ArgumentException>(() => function.Invoke([1, 2])).Message);
        Assert.Contains("null was given", Assert.Throws<ArgumentException>(() => function.Invoke([1, 2], null!)).Message);
    }

    private static void AssertNull(string parameter, Func<IReadOnlyList<Tensor>, Tensor> function) =>
        Assert.Equal(parameter, Assert.Throws<ArgumentNullException>(() => Trace(function)).ParamName);

    private static void AssertSays(Func<IReadOnlyList<Tensor>, Tensor> function, params string[] parts)
    {
        string message = Assert.ThrowsAny<ArgumentException>(() => Trace(function)).Message;
        Assert.All(parts, p => Assert.Contains(p, message, StringComparison.Ordinal));
    }

    private static TracedFunction Trace(Func<IReadOnlyList<Tensor>, Tensor> function) => TracedFunction.Of([new Shape(3), new Shape(2, 3)], v => [function(v)]);
}
