using System.Collections.Immutable;
using System.Numerics;
using Glissade.Compilation.Steps;
using Glissade.Numerics;

namespace Glissade.Compilation;

/// <summary>A compiled function: steps over buffers that were all placed beforehand. Running it allocates nothing.</summary>
/// <remarks>Belongs to one thread at a time. Work inside may use the threads of <see cref="ComputePool"/>; the results do not depend on how many.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Program<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Dictionary<string, FlatVector<T>> _buffers;
    private readonly ImmutableArray<Step<T>[]> _stages;

    private readonly Workspaces<T> _workspaces;

    private int _isRunning;

    internal Program(Dictionary<string, FlatVector<T>> buffers, ImmutableArray<Step<T>[]> stages, long arenaBytes, long constantBytes, Workspaces<T> workspaces)
    {
        _buffers = buffers;
        _stages = stages;
        _workspaces = workspaces;
        ArenaBytes = arenaBytes;
        ConstantBytes = constantBytes;
    }

    /// <summary>Bytes of the one block that holds all intermediate values.</summary>
    public long ArenaBytes { get; }

    /// <summary>Bytes of constants, those that were computed when the program was built included.</summary>
    public long ConstantBytes { get; }

    /// <summary>Bytes of scratch memory of the steps with as many threads as <see cref="ComputePool.Threads"/> says now: packed operands, blocks, partial sums.</summary>
    public long WorkspaceBytes => _workspaces.Bytes + _stages.Sum(stage => stage.Sum(step => step.WorkspaceBytes));

    /// <summary>Bytes of everything a run needs beside inputs and outputs: <see cref="ArenaBytes"/>, <see cref="WorkspaceBytes"/> and <see cref="ConstantBytes"/>.</summary>
    public long PeakBytes => ArenaBytes + WorkspaceBytes + ConstantBytes;

    /// <summary>The steps of each stage, for a profile.</summary>
    internal ImmutableArray<Step<T>[]> Steps => _stages;

    /// <summary>Number of stages.</summary>
    public int Stages => _stages.Length;

    /// <summary>The buffer of an input or output, to fill before a run or to read after it.</summary>
    /// <param name="name">The name given to the builder.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name; the message lists those there are.</exception>
    public Span<T> this[string name] => Buffer(name).Span;

    /// <summary>The buffer behind <see cref="this[string]"/>, to keep instead of looking it up again.</summary>
    /// <param name="name">The name given to the builder.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public FlatVector<T> Buffer(string name) => _buffers.TryGetValue(name, out FlatVector<T>? vector)
        ? vector
        : throw new KeyNotFoundException($"The program has no buffer '{name}'; it has {string.Join(", ", _buffers.Keys)}.");

    /// <summary>Computes all outputs.</summary>
    /// <exception cref="InvalidOperationException">Another thread runs the program.</exception>
    public void Run() => RunAlone(_stages.AsSpan());

    /// <summary>Computes the outputs of one stage; the stages before it must have run, on the same inputs.</summary>
    /// <remarks>So a caller can look at the first outputs, such as a norm, before it lets the others, such as new parameters, be written.</remarks>
    /// <param name="stage">From 0 to <see cref="Stages"/>−1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such stage.</exception>
    /// <exception cref="InvalidOperationException">Another thread runs the program.</exception>
    public void RunStage(int stage)
    {
        if ((uint)stage >= (uint)_stages.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(stage), stage, $"The program has {_stages.Length} stages, so a stage must be from 0 to {_stages.Length - 1}, not {stage}.");
        }

        RunAlone(_stages.AsSpan(stage, 1));
    }

    /// <summary>The plan as a table: the steps of each stage with their shapes, bytes and floating-point operations, totals, memory and executor.</summary>
    /// <remarks>
    /// Bytes count every element of an operand or a stored result once. Products of matrices, convolutions, Cholesky factors and triangular solves count their
    /// multiplications and additions; what only moves numbers counts nothing; any other operation counts as 1 for each element, whatever it costs, as does a
    /// reduction for each element it reads. The steps of a loop stand below it with what one of its turns costs.
    /// </remarks>
    public string Describe() => ProgramListing.Of(this);

    /// <summary>Computes all outputs as part of a program that has made sure of its thread.</summary>
    internal void RunWithin() => Run(_stages.AsSpan());

    /// <summary>Runs stages unless another thread does: two in one program would write over each other's numbers and scratch.</summary>
    private void RunAlone(ReadOnlySpan<Step<T>[]> stages)
    {
        if (Interlocked.Exchange(ref _isRunning, 1) != 0)
        {
            throw new InvalidOperationException("The program is being run by another thread. It belongs to one thread at a time, since its buffers are its own: build one for each thread.");
        }

        try
        {
            Run(stages);
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    }

    private static void Run(ReadOnlySpan<Step<T>[]> stages)
    {
        foreach (Step<T>[] steps in stages)
        {
            foreach (Step<T> step in steps)
            {
                step.Run();
            }
        }
    }
}
