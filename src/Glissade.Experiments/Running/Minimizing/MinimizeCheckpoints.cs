using System.Collections.Immutable;
using System.Diagnostics;
using Glissade.Experiments.Problems;
using Glissade.Input;
using Glissade.Learning.Checkpoints;
using Glissade.Numerics;

namespace Glissade.Experiments.Running;

/// <summary>Where a minimisation keeps its last state: parameters under their names and the vectors of rules and averages in double precision, numbers as metadata.</summary>
/// <remarks>Vectors may hold what is not finite, such as a mean of squares that were too great; the file's digest tells a damage.</remarks>
/// <param name="folder">The folder; made when the file is written.</param>
/// <param name="fingerprint">Tells runs apart: a state is only read into a run with the same one.</param>
internal sealed class MinimizeCheckpoints(string folder, string fingerprint)
{
    private const string Format = "glissade-minimization-1", StatePrefix = "state/", CounterPrefix = "counter/", LowestValue = "lowest-value";

    // It decides what a crash may cost, never the result.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private long _written;

    /// <summary>Whether the last state was written long enough ago to write the next; at first it is.</summary>
    public bool IsDue => _written == 0 || Stopwatch.GetElapsedTime(_written) >= Interval;

    private string LastFile => Path.Combine(folder, "last.safetensors");

    /// <summary>Writes a state, whole or not at all.</summary>
    /// <param name="search">The minimisation.</param>
    /// <param name="lowest">The lowest value so far.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(Minimization search, double lowest)
    {
        List<NamedTensor> tensors =
        [
            .. search.Layout.Entries.Select(e => NamedTensor.Of(e.Name, e.Shape, (ReadOnlySpan<double>)search.Parameters.Span.Slice(e.Offset, e.Length))),
            .. search.State.Select(s => NamedTensor.Of(StatePrefix + s.Key, new Shape(s.Value.Length), (ReadOnlySpan<double>)s.Value.Span)),
            NamedTensor.Of(LowestValue, Shape.Scalar, [lowest]),
        ];
        Dictionary<string, string> metadata = search.Counters.ToDictionary(c => CounterPrefix + c.Key, c => StateFile.Show(c.Value), StringComparer.Ordinal);
        metadata["steps"] = StateFile.Show(search.Steps);
        metadata["noise"] = StateFile.Show((long)search.NoisePosition);
        Directory.CreateDirectory(folder);
        StateFile.Write(LastFile, Format, fingerprint, tensors, metadata);
        _written = Stopwatch.GetTimestamp();
    }

    /// <summary>Puts a minimisation where the last state was written, if there is one.</summary>
    /// <param name="search">The minimisation, at its start.</param>
    /// <param name="lowest">The lowest value so far.</param>
    /// <exception cref="InputException">The file is damaged, or of another run.</exception>
    public bool TryRestore(Minimization search, out double lowest)
    {
        lowest = search.Value;
        // A folder of that name is no state that is lacking: reading it tells so.
        if (!Path.Exists(LastFile))
        {
            return false;
        }

        StateFile saved = StateFile.Read(LastFile, Format, fingerprint, "a minimisation");
        var parameters = new FlatVector<double>(search.Layout.Length);
        foreach (LayoutEntry entry in search.Layout.Entries)
        {
            Doubles(saved, entry.Name, entry.Shape).CopyTo(parameters.Span[entry.Offset..]);
        }

        ImmutableArray<double[]> states = [.. search.State.Select(s => Doubles(saved, StatePrefix + s.Key, new Shape(s.Value.Length)).ToArray())];
        lowest = Doubles(saved, LowestValue, Shape.Scalar)[0];
        try
        {
            search.Restore(
                parameters.Span, states, search.Counters.Keys.ToDictionary(k => k, k => saved.Number(CounterPrefix + k), StringComparer.Ordinal), saved.Count("steps"), (ulong)saved.Count("noise"));
        }
        catch (ArgumentException e)
        {
            throw new InputException(new InputProblem(LastFile, $"a state that does not fit: {e.Message}", "the state of this run"), e);
        }

        return true;
    }

    /// <summary>Takes the state away: a run that has diverged has none to go on from.</summary>
    public void Delete()
    {
        if (File.Exists(LastFile))
        {
            File.Delete(LastFile);
        }
    }

    private static ReadOnlySpan<double> Doubles(StateFile saved, string name, Shape shape) => StateFile.Tensor(saved.File, name, StoredType.F64, shape).Doubles;
}
