using Glissade.Compilation.Steps;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation;

/// <content>Where outputs are computed: in their final place if nothing else is still to be read there, else elsewhere, and copied at the end of their stage.</content>
internal sealed partial class ProgramCompiler<T>
{
    /// <summary>A stage may not overwrite what a later one reads: the later one could not know the input any more.</summary>
    private void CheckStages(IReadOnlyDictionary<Tensor, Place<T>> inputs)
    {
        var lastRead = new Dictionary<Tensor, int>();
        IEnumerable<(Tensor Value, int Stage)> reads = _groups.SelectMany(g => g.Members.SelectMany(m => m.Inputs).Select(i => (i, g.Stage)));
        foreach ((Tensor value, int stage) in reads.Concat(_outputs.Select(o => (o.Value, o.Stage))))
        {
            Tensor root = Root(value, out _);
            lastRead[root] = Math.Max(stage, lastRead.GetValueOrDefault(root));
        }

        var readLater = new PlaceIndex<T, Tensor>(inputs.Where(i => lastRead.GetValueOrDefault(i.Key) > 0).Select(i => (i.Value, i.Key.Shape.Count, i.Key)));
        foreach (ProgramOutput<T> output in _outputs)
        {
            foreach (Tensor input in readLater.Overlapping(output.Place, output.Value.Shape.Count))
            {
                if (lastRead[input] > output.Stage)
                {
                    throw new InvalidOperationException($"The output {output.Value} of stage {output.Stage} overwrites the input '{input.Operation.Name}' {input.Shape}, which stage {lastRead[input]} reads; write it in that stage or later.");
                }
            }
        }
    }

    /// <summary>Lets values be computed where they are to end up, unless that would overwrite something still to be read.</summary>
    private void PlaceOutputs()
    {
        var standing = new PlaceIndex<T, Tensor>(_places.Select(p => (p.Value, p.Key.Shape.Count, p.Key)));
        var copied = new PlaceIndex<T, Tensor>(
            _outputs.Select(o => o.Value).Where(v => Fusion.IsView(v) || v.Operation is Leaf).Select(v => Root(v, out _)).Where(_places.ContainsKey).Distinct().Select(v => (_places[v], v.Shape.Count, v)));
        foreach (ProgramOutput<T> output in _outputs.Select(o => _passes.ReuseMemory ? Reshaped(o) : o))
        {
            Tensor value = output.Value;
            if (!_passes.ReuseMemory || _places.ContainsKey(value) || Fusion.IsView(value) || value.Operation is Leaf || _groups[_lives[value].Defined].Stage < output.Stage || !IsSafe(output, standing, copied))
            {
                _copies.Add(output);
                _copied.Add(Root(value, out _));

                // A copy is made after all steps of its stage.
                Read(value, _groups.FindLastIndex(g => g.Stage <= output.Stage) is >= 0 and int last ? last : 0);
            }
            else
            {
                _places[value] = output.Place;
            }
        }
    }

    /// <summary>The output as it was computed, where only its shape was changed: its elements are the same.</summary>
    private static ProgramOutput<T> Reshaped(ProgramOutput<T> output)
    {
        Tensor value = output.Value;
        while (value.Operation is Reshape)
        {
            value = value.Inputs[0];
        }

        return Fusion.IsView(value) || value.Operation is Leaf ? output : output with { Value = value };
    }

    /// <summary>Whether a value may be computed where it is to end up.</summary>
    /// <param name="output">The value and its place.</param>
    /// <param name="standing">What stands in vectors before the program runs.</param>
    /// <param name="copied">What other outputs are copied from.</param>
    private bool IsSafe(ProgramOutput<T> output, PlaceIndex<T, Tensor> standing, PlaceIndex<T, Tensor> copied)
    {
        int length = output.Value.Shape.Count;
        int defined = _lives[output.Value].Defined;
        foreach (Tensor other in standing.Overlapping(output.Place, length))
        {
            if (!_lives.TryGetValue(other, out (int Defined, int LastRead) life))
            {
                continue;
            }

            bool elementForElement = _groups[defined] is { Iteration: { } iteration, MaskedEnd: null }
                && other.Operation is Differentiation.Operations.Input
                && _places[other].Offset == output.Place.Offset
                && other.Shape.Count == length && iteration.Count == length
                && output.Value.Operation is ElementwiseOperation or BroadcastTo
                && _groups[defined].Members.SelectMany(m => m.Inputs).All(i => Root(i, out int shift) != other || (shift == 0 && i.Shape.Count == length));
            if (life.LastRead > defined || life.Defined >= 0 || (life.LastRead == defined && !elementForElement))
            {
                return false;
            }
        }

        // A copy of another output must not be overwritten before it is made, nor may two outputs share a place.
        return !copied.Overlapping(output.Place, length).Any();
    }

    /// <summary>What one copy would overwrite and another still reads is put aside first, so that two inputs can change places.</summary>
    private void AddCopies(List<Step<T>> steps, ProgramOutput<T>[] copies)
    {
        var last = new List<Step<T>>();
        var overwritten = new PlaceIndex<T, ProgramOutput<T>>(copies.Select(c => (c.Place, c.Value.Shape.Count, c)));
        foreach (ProgramOutput<T> copy in copies)
        {
            int length = copy.Value.Shape.Count;
            Place<T> source = PlaceOf(copy.Value);
            if (overwritten.Overlapping(source, length).Any(c => c != copy))
            {
                var aside = new Place<T>(new FlatVector<T>(length), 0);
                steps.Add(Copy(source, aside, length, isAside: true));
                source = aside;
            }

            last.Add(Copy(source, copy.Place, length));
        }

        steps.AddRange(last);
    }

    private static CopyStep<T> Copy(Place<T> source, Place<T> destination, int length, bool isAside = false) =>
        new(source, destination, length) { IsAside = isAside, Description = StepDescriptions.OfCopy<T>(length) };
}
