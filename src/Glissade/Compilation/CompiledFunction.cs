using System.Collections.Immutable;
using System.Numerics;
using Glissade.Differentiation;
using Glissade.Numerics;

namespace Glissade.Compilation;

/// <summary>A traced function ready to run on numbers.</summary>
/// <remarks>Belongs to one thread at a time. <see cref="Run"/> allocates nothing.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class CompiledFunction<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    internal CompiledFunction(ImmutableArray<FlatVector<T>> inputs, ImmutableArray<FlatVector<T>> outputs, Program<T> program)
    {
        Inputs = inputs;
        Outputs = outputs;
        Program = program;
    }

    /// <summary>The buffers of the arguments, to fill before a run.</summary>
    public ImmutableArray<FlatVector<T>> Inputs { get; }

    /// <summary>The buffers of the results, to read after a run.</summary>
    public ImmutableArray<FlatVector<T>> Outputs { get; }

    /// <summary>The program underneath.</summary>
    public Program<T> Program { get; }

    /// <summary>Computes the outputs from the inputs.</summary>
    public void Run() => Program.Run();
}

/// <summary>Compiling traced functions.</summary>
public static class CompilationExtensions
{
    /// <summary>Compiles a function for an element type.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="function">The function.</param>
    public static CompiledFunction<T> Compile<T>(this TracedFunction function)
        where T : unmanaged, IFloatingPointIeee754<T> => Compile<T>(function, CompilerPasses.All);

    internal static CompiledFunction<T> Compile<T>(this TracedFunction function, CompilerPasses passes)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(function);
        return function.Extend(trace =>
        {
            var builder = new ProgramBuilder<T>(trace) { Passes = passes };
            ImmutableArray<FlatVector<T>> inputs = [.. function.Inputs.Select(i => new FlatVector<T>(i.Shape.Count))];
            ImmutableArray<FlatVector<T>> outputs = [.. function.Outputs.Select(o => new FlatVector<T>(o.Shape.Count))];
            for (int i = 0; i < inputs.Length; i++)
            {
                builder.Place(function.Inputs[i], inputs[i], 0);
            }

            for (int i = 0; i < outputs.Length; i++)
            {
                builder.Output(function.Outputs[i], outputs[i], 0);
            }

            return new CompiledFunction<T>(inputs, outputs, builder.Build());
        });
    }
}
