using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text;
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

    internal Program(Dictionary<string, FlatVector<T>> buffers, ImmutableArray<Step<T>[]> stages, long arenaBytes)
    {
        _buffers = buffers;
        _stages = stages;
        ArenaBytes = arenaBytes;
    }

    /// <summary>Bytes of the one block that holds all intermediate values.</summary>
    public long ArenaBytes { get; }

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
    public void Run()
    {
        for (int stage = 0; stage < _stages.Length; stage++)
        {
            RunStage(stage);
        }
    }

    /// <summary>Computes the outputs of one stage; the stages before it must have run, on the same inputs.</summary>
    /// <remarks>So a caller can look at the first outputs, such as a norm, before it lets the others, such as new parameters, be written.</remarks>
    /// <param name="stage">From 0 to <see cref="Stages"/>−1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such stage.</exception>
    public void RunStage(int stage)
    {
        if ((uint)stage >= (uint)_stages.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(stage), stage, $"The program has {_stages.Length} stages, so a stage must be from 0 to {_stages.Length - 1}, not {stage}.");
        }

        foreach (Step<T> step in _stages[stage])
        {
            step.Run();
        }
    }

    /// <summary>The plan as a listing: the steps of each stage with their shapes.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        for (int stage = 0; stage < _stages.Length; stage++)
        {
            text.Append(CultureInfo.InvariantCulture, $"stage {stage}\n");
            foreach (Step<T> step in _stages[stage])
            {
                text.Append(CultureInfo.InvariantCulture, $"  {step}\n");
            }
        }

        return text.Append(CultureInfo.InvariantCulture, $"arena {ArenaBytes:N0} bytes\n").ToString();
    }
}
