using System.Collections.Immutable;
using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;

namespace Glissade.Experiments.Problems;

/// <summary>A problem compiled for one vector of parameters: its value there, and its gradient if there is a vector for it.</summary>
/// <remarks>Belongs to one thread at a time. Evaluating allocates nothing.</remarks>
internal sealed class ProblemValue
{
    private readonly Program<double> _program;
    private readonly FlatVector<double> _value;

    /// <summary>Compiles it.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="parameters">Where it is evaluated: read by each evaluation.</param>
    /// <param name="gradient">Where the gradient goes; null for none.</param>
    public ProblemValue(Problem problem, FlatVector<double> parameters, FlatVector<double>? gradient = null)
    {
        var builder = new ProgramBuilder<double>();
        IReadOnlyList<Tensor> pieces = builder.Views(problem.Layout, parameters);
        Tensor value = problem.Trace(pieces, ConstantsOf(problem, builder));
        builder.Output("value", value);
        if (gradient is not null)
        {
            builder.Gradient(value, pieces, problem.Layout, gradient);
        }

        _program = builder.Build();
        _value = _program.Buffer("value");
    }

    /// <summary>The numbers beside the parameters as an input of a program; null where there are none.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="builder">The program's.</param>
    public static Tensor? ConstantsOf(Problem problem, ProgramBuilder<double> builder)
    {
        ImmutableArray<double> numbers = problem.Constants;
        return numbers.IsEmpty ? null : builder.View("constants", new Shape(numbers.Length), new FlatVector<double>(numbers.AsSpan()), 0);
    }

    /// <summary>The value at the parameters as they are now; the gradient is written.</summary>
    public double Evaluate()
    {
        _program.Run();
        return _value[0];
    }
}
