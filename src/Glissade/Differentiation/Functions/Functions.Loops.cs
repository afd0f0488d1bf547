using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Differentiation;

/// <content>Loops.</content>
public static partial class Functions
{
    /// <summary>A step repeated along sequences, with values carried from one to the next: a recurrence of any length, traced and compiled once.</summary>
    /// <remarks>
    /// The step may use tensors from outside: what in it does not depend on carried values or elements is computed once, before the loop.
    /// Names that <see cref="Named"/> gives in it to what does depend on them name nothing outside, since such a value is another one in every step.
    /// Derivatives are loops too. The gradient keeps, for each step, the inner values that its way back needs; with
    /// <paramref name="checkpointEvery"/> only the carried values of every so many steps are kept, and the steps between are computed again on the way
    /// back: about √length of them keep memory least, for one more forward pass. Griewank (1992), Achieving Logarithmic Growth of Temporal and Spatial
    /// Complexity in Reverse Automatic Differentiation; Chen, Xu, Zhang and Guestrin (2016), Training Deep Nets with Sublinear Memory Cost.
    /// </remarks>
    /// <param name="initial">The first carried values; may be none.</param>
    /// <param name="sequences">Tensors [length, ...], of which each step gets its part [...]; at least one unless <paramref name="length"/> is given.</param>
    /// <param name="step">From carried values and elements to the next carried values, of the same shapes, and any results. Called once, or twice where checkpoints leave steps over.</param>
    /// <param name="length">How many steps; only needed without sequences.</param>
    /// <param name="reverse">From the last index to the first; results still stand at the index of their elements.</param>
    /// <param name="checkpointEvery">Steps between kept values; 0, the default, keeps everything.</param>
    /// <returns>The last carried values, and the results of all steps, [length, ...] each.</returns>
    /// <exception cref="ArgumentException">
    /// Lengths differ, a sequence is a scalar, there is neither sequence nor length, or neither carried value nor sequence, the step gave null or another number of
    /// carried values, a carried value changes its shape, or a tensor belongs to another traced function; the message names it.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> or <paramref name="checkpointEvery"/> is negative.</exception>
    public static ScanResult Scan(
        IReadOnlyList<Tensor> initial,
        IReadOnlyList<Tensor> sequences,
        Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>, ScanStepResult> step,
        int? length = null,
        bool reverse = false,
        int checkpointEvery = 0)
    {
        ArgumentNullException.ThrowIfNull(initial);
        ArgumentNullException.ThrowIfNull(sequences);
        ArgumentNullException.ThrowIfNull(step);
        for (int i = 0; i < initial.Count; i++)
        {
            _ = initial[i] ?? throw new ArgumentNullException(nameof(initial), $"The carried value {i} of 'scan' is null.");
        }

        if (checkpointEvery < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(checkpointEvery), checkpointEvery, $"'scan' keeps carried values every so many steps, 0 to keep everything: 'checkpointEvery' must be 0 or more, not {checkpointEvery}.");
        }

        int steps = LengthOf(sequences, length);
        if (initial.Count + sequences.Count == 0)
        {
            throw new ArgumentException("'scan' needs a carried value or a sequence.", nameof(initial));
        }

        if (checkpointEvery > 0 && checkpointEvery < steps)
        {
            return ScanInSegments(initial, sequences, step, steps, reverse, checkpointEvery);
        }

        return ScanWhole(initial, sequences, step, steps, reverse, recompute: false);
    }

    /// <summary>A function whose inner values are not kept for its gradient: they are computed again on the way back.</summary>
    /// <remarks>Trades one more evaluation for the memory of its intermediate values. Chen, Xu, Zhang and Guestrin (2016), Training Deep Nets with Sublinear Memory Cost.</remarks>
    /// <param name="function">The function; may use tensors besides its argument. Names given in it to what depends on x name nothing outside.</param>
    /// <param name="x">Its argument.</param>
    /// <returns>The function's result.</returns>
    /// <exception cref="ArgumentException">The function gave null, or a tensor of another traced function.</exception>
    public static Tensor Checkpointed(Func<Tensor, Tensor> function, Tensor x)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(x);
        Tensor element = Reshape(x, new Shape([1, .. x.Shape.Lengths]));
        Tensor result = ScanWhole([], [element], (_, e) => new ScanStepResult([], [Result(e[0])]), 1, reverse: false, recompute: true).Results[0];
        return Reshape(result, new Shape(result.Shape.Lengths[1..]));

        Tensor Result(Tensor argument)
        {
            Tensor value = function(argument) ?? throw new ArgumentException("The function of 'checkpointed' gave null.", nameof(function));
            x.Trace.CheckOwns(value, "The result of the function of 'checkpointed'", nameof(function));
            return value;
        }
    }

    private static ScanResult ScanWhole(
        IReadOnlyList<Tensor> initial, IReadOnlyList<Tensor> sequences, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>, ScanStepResult> step, int length, bool reverse, bool recompute)
    {
        Trace trace = (initial.Count > 0 ? initial[0] : sequences[0]).Trace;
        Tensor[] carries = [.. initial.Select((c, i) => trace.Input($"carry{i}", c.Shape))];
        Tensor[] elements = [.. sequences.Select((s, i) => trace.Input($"element{i}", new Shape(s.Shape.Lengths[1..])))];
        (IReadOnlyList<Tensor> next, IReadOnlyList<Tensor> results) = step(carries, elements);
        trace.WithdrawNames([.. carries, .. elements]);
        if (next is null || results is null || next.Contains(null!) || results.Contains(null!))
        {
            throw new ArgumentException("The step of 'scan' gave null for its next values or results, or for one of them.", nameof(step));
        }

        if (next.Count != carries.Length)
        {
            throw new ArgumentException($"The step of 'scan' carries {carries.Length} values on, but gave {next.Count} next ones.", nameof(step));
        }

        for (int i = 0; i < carries.Length; i++)
        {
            if (next[i].Shape != carries[i].Shape)
            {
                throw new ArgumentException($"The shapes {carries[i].Shape} and {next[i].Shape} do not fit 'scan': carried value {i} must keep its shape from step to step.", nameof(step));
            }
        }

        ScanBody body = ScanBody.Capture([.. carries, .. elements], carries.Length, [.. next, .. results], out Tensor[] captured);
        var operation = new Scan(body, length, reverse, recompute);
        Tensor[] parts = operation.Unpack(Node(operation, [.. initial, .. sequences, .. captured]));
        return new ScanResult(parts[..carries.Length], parts[carries.Length..]);
    }

    /// <summary>A loop of loops, of which the outer keeps only what it carries; the steps that fill no segment come last.</summary>
    private static ScanResult ScanInSegments(
        IReadOnlyList<Tensor> initial, IReadOnlyList<Tensor> sequences, Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>, ScanStepResult> step, int length, bool reverse, int segment)
    {
        int whole = length / segment * segment, rest = length - whole;
        Tensor[] Part(int start, int count) => [.. sequences.Select(s => Slice(s, 0, start, count))];
        int wholeStart = reverse ? rest : 0, restStart = reverse ? 0 : whole;
        Tensor[] segments = [.. Part(wholeStart, whole).Select(s => Reshape(s, new Shape([whole / segment, segment, .. s.Shape.Lengths[1..]])))];
        ScanResult many = ScanWhole(
            initial,
            segments,
            (carry, elements) =>
            {
                ScanResult one = ScanWhole(carry, elements, step, segment, reverse, recompute: false);
                return new ScanStepResult(one.Final, one.Results);
            },
            whole / segment,
            reverse,
            recompute: true);
        Tensor[] results = [.. many.Results.Select(r => Reshape(r, new Shape([whole, .. r.Shape.Lengths[2..]])))];
        if (rest == 0)
        {
            return new ScanResult(many.Final, results);
        }

        ScanResult last = ScanWhole(many.Final, Part(restStart, rest), step, rest, reverse, recompute: false);
        return new ScanResult(last.Final, [.. results.Zip(last.Results, (a, b) => reverse ? Concatenate(0, b, a) : Concatenate(0, a, b))]);
    }

    private static int LengthOf(IReadOnlyList<Tensor> sequences, int? length)
    {
        for (int i = 0; i < sequences.Count; i++)
        {
            Tensor sequence = sequences[i] ?? throw new ArgumentNullException(nameof(sequences), $"The sequence {i} of 'scan' is null.");
            if (sequence.Shape.Rank == 0)
            {
                throw new ArgumentException($"The sequence {i} of 'scan' has the shape {sequence.Shape}: a scalar has no first axis to walk along.", nameof(sequences));
            }

            if (sequence.Shape[0] != (length ?? sequences[0].Shape[0]))
            {
                throw new ArgumentException(
                    length is { } steps
                        ? $"The sequence {i} of 'scan' has the shape {sequence.Shape}, so {sequence.Shape[0]} steps, but the length {steps} was given; leave it out, or give sequences of that length."
                        : $"The shapes {sequences[0].Shape} and {sequence.Shape} do not fit 'scan': the first axes of all sequences, along which it walks, must be equally long.",
                    nameof(sequences));
            }
        }

        length ??= sequences.Count > 0 ? sequences[0].Shape[0] : null;
        return length is >= 0 ? length.Value
            : length is null ? throw new ArgumentException("'scan' needs a sequence, or a length.", nameof(length))
            : throw new ArgumentOutOfRangeException(nameof(length), length, "The number of steps of 'scan' must be 0 or more.");
    }
}

/// <summary>What one step of <see cref="Functions.Scan"/> gives.</summary>
/// <param name="Next">The next carried values.</param>
/// <param name="Results">What is collected from every step; may be none.</param>
public readonly record struct ScanStepResult(IReadOnlyList<Tensor> Next, IReadOnlyList<Tensor> Results)
{
    /// <summary>A step without results.</summary>
    /// <param name="next">The next carried values.</param>
    public ScanStepResult(params IReadOnlyList<Tensor> next)
        : this(next, [])
    {
    }
}

/// <summary>What <see cref="Functions.Scan"/> gives.</summary>
/// <param name="Final">The last carried values.</param>
/// <param name="Results">The results of all steps, [length, ...] each.</param>
public readonly record struct ScanResult(IReadOnlyList<Tensor> Final, IReadOnlyList<Tensor> Results);
