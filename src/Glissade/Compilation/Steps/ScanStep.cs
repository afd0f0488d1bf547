using System.Numerics;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>A loop: the program of one step, run once for each index of the sequences.</summary>
/// <remarks>Constants are read where they stand; elements, carried values and results pass through buffers of the step's own.</remarks>
internal sealed class ScanStep<T> : Step<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Scan _scan;
    private readonly Program<T> _program;
    private readonly (FlatVector<T> Buffer, Place<T> First, Place<T> Last)[] _carries;
    private readonly (FlatVector<T> Buffer, Place<T> Sequence)[] _elements, _results;

    public ScanStep(Tensor node, Scan scan, CompilerPasses passes, Func<Tensor, Place<T>> placeOf)
    {
        _scan = scan;
        ScanBody body = scan.Body;
        var trace = new Trace();
        var builder = new ProgramBuilder<T>(trace) { Passes = passes };
        Tensor[] inputs = body.NewInputs(trace);
        FlatVector<T>[] buffers = [.. inputs.Take(body.Carries + body.Elements).Select(i => new FlatVector<T>(i.Shape.Count))];
        for (int i = 0; i < inputs.Length; i++)
        {
            if (i < buffers.Length)
            {
                builder.Place(inputs[i], buffers[i], 0);
            }
            else
            {
                Place<T> place = placeOf(node.Inputs[i]);
                builder.Place(inputs[i], place.Vector, place.Offset);
            }
        }

        Tensor[] outputs = body.Apply(trace, inputs);
        Place<T> whole = placeOf(node);
        _carries = [.. buffers[..body.Carries].Select((b, i) => (b, placeOf(node.Inputs[i]), whole.Shift(scan.Offset(i))))];
        _elements = [.. buffers[body.Carries..].Select((b, i) => (b, placeOf(node.Inputs[body.Carries + i])))];
        _results = [.. outputs[body.Carries..].Select((o, i) => (new FlatVector<T>(o.Shape.Count), whole.Shift(scan.Offset(body.Carries + i))))];
        for (int i = 0; i < outputs.Length; i++)
        {
            builder.Output(outputs[i], i < body.Carries ? buffers[i] : _results[i - body.Carries].Buffer, 0);
        }

        _program = builder.Build();
    }

    public override Program<T> Inner => _program;

    public override double Flops => _scan.Length * _program.Steps.SelectMany(s => s).Sum(s => s.Flops);

    public override unsafe long WorkspaceBytes =>
        _program.PeakBytes + (sizeof(T) * (_carries.Sum(c => (long)c.Buffer.Length) + _elements.Concat(_results).Sum(b => (long)b.Buffer.Length)));

    /// <summary>How often its step runs, and what of.</summary>
    public string Detail => $"{_scan.Length} times{(_scan.Reverse ? ", backwards," : "")} a program of {_program.Steps.Sum(s => s.Length)} steps";

    public override void Run()
    {
        foreach ((FlatVector<T> buffer, Place<T> first, _) in _carries)
        {
            Range(first, 0, buffer.Length).CopyTo(buffer.Span);
        }

        for (int step = 0; step < _scan.Length; step++)
        {
            int index = _scan.Reverse ? _scan.Length - 1 - step : step;
            foreach ((FlatVector<T> buffer, Place<T> sequence) in _elements)
            {
                Range(sequence, index, buffer.Length).CopyTo(buffer.Span);
            }

            _program.RunWithin();
            foreach ((FlatVector<T> buffer, Place<T> sequence) in _results)
            {
                buffer.Span.CopyTo(Range(sequence, index, buffer.Length));
            }
        }

        foreach ((FlatVector<T> buffer, _, Place<T> last) in _carries)
        {
            buffer.Span.CopyTo(Range(last, 0, buffer.Length));
        }
    }

    public override string ToString() => $"scan {Detail}";

    private static Span<T> Range(Place<T> place, int index, int length) => place.Vector.Span.Slice(place.Offset + (index * length), length);
}
