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
    private readonly ImmutableArray<(string Name, Shape Shape)> _arguments;

    internal CompiledFunction(ImmutableArray<(string Name, Shape Shape)> arguments, ImmutableArray<FlatVector<T>> inputs, ImmutableArray<FlatVector<T>> outputs, Program<T> program)
    {
        _arguments = arguments;
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
    /// <exception cref="ArgumentOutOfRangeException">An index that the function uses is outside of its axis; the message names it and its place.</exception>
    public void Run() => Program.Run();

    /// <summary>Copies arguments into <see cref="Inputs"/>, runs, and gives copies of <see cref="Outputs"/>.</summary>
    /// <remarks>For occasional calls: it allocates the arrays it gives. Who calls often fills <see cref="Inputs"/> and calls <see cref="Run"/>, which allocates nothing.</remarks>
    /// <param name="inputs">The numbers of each input, row by row, in the order of the inputs.</param>
    /// <returns>The numbers of each output, row by row, in new arrays.</returns>
    /// <exception cref="ArgumentException">There are more or fewer arrays than inputs, one is null, or has another number of elements than its input; then nothing has run.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index that the function uses is outside of its axis.</exception>
    public T[][] Invoke(params ReadOnlySpan<T[]> inputs)
    {
        if (inputs.Length != Inputs.Length)
        {
            throw new ArgumentException($"The function has {Inputs.Length} inputs, {string.Join(", ", _arguments.Select(a => $"{a.Name}{a.Shape}"))}, but {inputs.Length} arrays were given.", nameof(inputs));
        }

        for (int i = 0; i < inputs.Length; i++)
        {
            if (inputs[i] is null || inputs[i].Length != Inputs[i].Length)
            {
                throw new ArgumentException(
                    $"Input '{_arguments[i].Name}' has the shape {_arguments[i].Shape}, so {Inputs[i].Length} numbers, but {(inputs[i] is null ? "null was" : $"{inputs[i].Length} were")} given.", nameof(inputs));
            }
        }

        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i].CopyTo(Inputs[i].Span);
        }

        Run();
        return [.. Outputs.Select(o => o.Span.ToArray())];
    }
}

/// <summary>Compiling traced functions.</summary>
public static class CompilationExtensions
{
    /// <summary>Compiles a function for an element type.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="function">The function.</param>
    /// <exception cref="ArgumentException">An output depends on what stands for a value within a step of a loop or an example of a batch, outside of it.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither <see cref="float"/> nor <see cref="double"/>.</exception>
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

            return new CompiledFunction<T>([.. function.Inputs.Select(i => (i.Operation.Name, i.Shape))], inputs, outputs, builder.Build());
        });
    }
}
