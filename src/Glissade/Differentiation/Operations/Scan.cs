using Glissade.Numerics;

namespace Glissade.Differentiation.Operations;

/// <summary>A step repeated along sequences, with values carried from one to the next.</summary>
/// <remarks>
/// The inputs are the first carried values, the sequences, whose first axis is walked along, and the constants. The result is one flat vector: the last
/// carried values and after them the results of all steps, each stacked along a first axis; the public function takes it apart.
/// The adjoint is another loop, the other way round, over what the steps left behind.
/// </remarks>
/// <param name="Body">The step.</param>
/// <param name="Length">How many steps.</param>
/// <param name="Reverse">From the last index to the first.</param>
/// <param name="Recompute">Whether the adjoint computes a step's inner values again from its carried ones instead of keeping them.</param>
internal sealed record Scan(ScanBody Body, int Length, bool Reverse, bool Recompute) : Operation
{
    /// <summary>The loop whose results are the first of this one's: computing this one computes that one too.</summary>
    public Scan? Base { get; init; }

    public override string Name => "scan";

    public override Shape ShapeOf(ReadOnlySpan<Tensor> inputs)
    {
        for (int i = 0; i < inputs.Length; i++)
        {
            Shape one = Body.InputShape(i);
            Shape expected = IsSequence(i) ? new Shape([Length, .. one.Lengths]) : one;
            if (inputs[i].Shape != expected)
            {
                throw Misfit(Name, inputs[i].Shape, expected, "an input must have the shape for which its step was traced.");
            }
        }

        return new Shape(Offset(Body.Carries + Body.Results));
    }

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint) => Adjoints(node, adjoint, [.. node.Inputs.Select(_ => true)]);

    public override Tensor?[] Adjoints(Tensor node, Tensor adjoint, bool[] needed)
    {
        var trace = new Trace();
        Tensor[] inputs = Body.NewInputs(trace);
        Tensor[] outputs = Body.Apply(trace, inputs);
        Tensor[] seeds = [.. outputs.Select((o, i) => trace.Input($"adjoint{i}", o.Shape))];
        int[] carried = [.. Enumerable.Range(0, Body.Carries)];
        int[] elements = [.. Enumerable.Range(0, inputs.Length).Where(i => IsSequence(i) && needed[i])];
        int[] constants = [.. Enumerable.Range(0, inputs.Length).Where(i => i >= Body.Carries + Body.Elements && needed[i])];

        // Results that nobody used have adjoints of zero: they need no sequence of zeros to be read.
        Tensor[] outputAdjoints = Unpack(adjoint);
        int[] flowing = [.. Enumerable.Range(0, outputs.Length).Where(i => i < Body.Carries || !IsZero(outputAdjoints[i]))];
        Tensor[] pulled = Gradient.Pull([.. flowing.Select(i => outputs[i])], [.. flowing.Select(i => seeds[i])], [.. carried.Concat(elements).Concat(constants).Select(i => inputs[i])]);

        Tensor[] kept = Kept(inputs, outputs, pulled);
        Scan forward = this with { Body = new ScanBody(inputs, Body.Carries, Body.Elements, [.. outputs, .. kept]), Base = this };
        Tensor[] left = forward.Unpack(Functions.Node(forward, node.Inputs))[outputs.Length..];

        // The way back: adjoints of carried values go along, those of constants add up, those of elements come out.
        var back = new Trace();
        Tensor[] alongCarries = [.. carried.Select(i => back.Input($"adjoint-carry{i}", inputs[i].Shape))];
        Tensor[] sums = [.. constants.Select(i => back.Input($"adjoint-constant{i}", inputs[i].Shape))];
        Tensor[] backElements = [.. Enumerable.Range(Body.Carries, Body.Elements).Select(i => back.Input($"element{i}", inputs[i].Shape))];
        Tensor[] resultSeeds = [.. flowing[Body.Carries..].Select(i => seeds[i])];
        Tensor[] resultAdjoints = [.. resultSeeds.Select(s => back.Input(s.Operation.Name, s.Shape))];
        Tensor[] keptElements = [.. kept.Select((k, i) => back.Input($"kept{i}", k.Shape))];
        Tensor[] backConstants = [.. Enumerable.Range(Body.Carries + Body.Elements, Body.Constants).Select(i => back.Input($"constant{i}", inputs[i].Shape))];
        var given = new Dictionary<Tensor, Tensor>();
        Give(seeds[..Body.Carries], alongCarries);
        Give(resultSeeds, resultAdjoints);
        Give(inputs[Body.Carries..(Body.Carries + Body.Elements)], backElements);
        Give(inputs[(Body.Carries + Body.Elements)..], backConstants);
        Give(kept, keptElements);
        Tensor[] steps = Graph.Transplant(pulled, given, back);
        Tensor[] nextSums = [.. sums.Select((s, i) => s + steps[carried.Length + elements.Length + i])];
        var backBody = new ScanBody(
            [.. alongCarries, .. sums, .. backElements, .. resultAdjoints, .. keptElements, .. backConstants],
            alongCarries.Length + sums.Length,
            backElements.Length + resultAdjoints.Length + keptElements.Length,
            [.. steps[..carried.Length], .. nextSums, .. steps[carried.Length..(carried.Length + elements.Length)]]);

        var backward = new Scan(backBody, Length, !Reverse, Recompute);
        Tensor[] found = backward.Unpack(Functions.Node(backward,
        [
            .. outputAdjoints[..Body.Carries],
            .. sums.Select(s => Functions.BroadcastTo(node.Trace.Constant(0), s.Shape)),
            .. node.Inputs[Body.Carries..(Body.Carries + Body.Elements)],
            .. flowing[Body.Carries..].Select(i => outputAdjoints[i]),
            .. left,
            .. node.Inputs[(Body.Carries + Body.Elements)..],
        ]));

        var adjoints = new Tensor?[inputs.Length];
        int next = 0;
        foreach (int i in carried.Concat(constants).Concat(elements))
        {
            adjoints[i] = found[next++];
        }

        return adjoints;

        void Give(Tensor[] from, Tensor[] to)
        {
            for (int i = 0; i < from.Length; i++)
            {
                given[from[i]] = to[i];
            }
        }
    }

    public override Tensor? Tangent(Tensor node, Tensor?[] tangents)
    {
        var trace = new Trace();
        Tensor[] inputs = Body.NewInputs(trace);
        Tensor[] outputs = Body.Apply(trace, inputs);
        int[] moving = [.. Enumerable.Range(0, inputs.Length).Where(i => i < Body.Carries || tangents[i] is not null)];
        Tensor[] directions = [.. moving.Select(i => trace.Input($"tangent{i}", inputs[i].Shape))];
        Tensor?[] pushed = ForwardMode.Push(outputs, [.. moving.Select(i => inputs[i])], directions);
        Tensor[] changes = [.. outputs.Select((o, i) => pushed[i] ?? Functions.BroadcastTo(trace.Constant(0), o.Shape))];

        T[] Ordered<T>(T[] own, T[] moves) =>
        [
            .. own[..Body.Carries], .. Moving(moves, i => i < Body.Carries),
            .. own[Body.Carries..(Body.Carries + Body.Elements)], .. Moving(moves, IsSequence),
            .. own[(Body.Carries + Body.Elements)..], .. Moving(moves, i => i >= Body.Carries + Body.Elements),
        ];
        IEnumerable<T> Moving<T>(T[] moves, Func<int, bool> kind) => moves.Where((_, m) => kind(moving[m]));

        var body = new ScanBody(
            Ordered(inputs, directions),
            2 * Body.Carries,
            Body.Elements + moving.Count(IsSequence),
            [.. outputs[..Body.Carries], .. changes[..Body.Carries], .. changes[Body.Carries..]]);
        var both = new Scan(body, Length, Reverse, Recompute);
        Tensor[] given = [.. moving.Select(i => tangents[i] ?? Functions.BroadcastTo(node.Trace.Constant(0), node.Inputs[i].Shape))];
        Tensor[] found = both.Unpack(Functions.Node(both, Ordered(node.Inputs, given)));
        return Pack(found[Body.Carries..]);
    }

    public override Tensor Vectorize(Tensor node, Tensor[] inputs, bool[] mapped)
    {
        int batch = BatchOf(inputs, mapped);
        Scan whole = Vectorized(batch, mapped);
        Tensor[] found = whole.Unpack(Functions.Node(whole, [.. inputs.Select((x, i) =>
            i < Body.Carries ? WithBatch(x, mapped[i], batch)
            : IsSequence(i) && mapped[i] ? SwapFirstAxes(x)
            : x)]));
        return Functions.Concatenate(1, [.. found.Select((f, i) =>
            Functions.Reshape(i < Body.Carries ? f : SwapFirstAxes(f), new Shape(batch, Offset(i + 1) - Offset(i))))]);
    }

    /// <summary>The loop over a whole batch: of the loop that this one begins as, too, so that both stay one computation.</summary>
    private Scan Vectorized(int batch, bool[] mapped) => this with { Body = Body.Vectorized(batch, mapped), Base = Base?.Vectorized(batch, mapped) };

    /// <summary>The last carried values, then the stacked results, taken out of the flat vector where they stand.</summary>
    public Tensor[] Unpack(Tensor flat)
    {
        var parts = new Tensor[Body.Carries + Body.Results];
        for (int i = 0; i < parts.Length; i++)
        {
            Shape one = Body.OutputShape(i);
            Shape shape = i < Body.Carries ? one : new Shape([Length, .. one.Lengths]);
            parts[i] = Functions.Reshape(Functions.Slice(flat, 0, Offset(i), shape.Count), shape);
        }

        return parts;
    }

    /// <summary>Where an output begins in the flat vector; after the last, its length.</summary>
    public int Offset(int output)
    {
        long offset = 0;
        for (int i = 0; i < output; i++)
        {
            offset += (long)Body.OutputShape(i).Count * (i < Body.Carries ? 1 : Length);
        }

        return offset <= int.MaxValue
            ? (int)offset
            : throw new ArgumentException($"The results of {Length} steps of 'scan' have {offset} elements in all, more than {int.MaxValue}; recompute instead of keeping them.");
    }

    public bool IsSequence(int input) => input >= Body.Carries && input < Body.Carries + Body.Elements;

    private static bool IsZero(Tensor x)
    {
        while (x.Operation is BroadcastTo or Reshape)
        {
            x = x.Inputs[0];
        }

        return x.Operation is Constant { Value: 0 };
    }

    private static Tensor Pack(IReadOnlyList<Tensor> parts) => Functions.Concatenate(0, [.. parts.Select(p => Functions.Reshape(p, new Shape(p.Shape.Count)))]);

    private static Tensor SwapFirstAxes(Tensor x) => Functions.Transpose(x, [1, 0, .. Enumerable.Range(2, x.Shape.Rank - 2)]);

    /// <summary>What the way back needs of a step: the inner values that its adjoints read, or only its carried ones.</summary>
    private Tensor[] Kept(Tensor[] inputs, Tensor[] outputs, Tensor[] pulled)
    {
        var forward = new HashSet<Tensor>([.. Graph.Ancestors(outputs), .. inputs]);
        Tensor[] backward = [.. Graph.Ancestors(pulled)];
        IEnumerable<Tensor> read = backward.Where(n => !forward.Contains(n)).SelectMany(n => n.Inputs).Concat(pulled).Where(forward.Contains);
        var carries = new HashSet<Tensor>(inputs[..Body.Carries]);
        return Recompute
            ? [.. Graph.Ancestors(read).Where(carries.Contains)]
            : [.. read.Select(Source).Where(n => carries.Contains(n) || n.Operation is not Leaf).Distinct()];

        // What only rearranges is done again.
        static Tensor Source(Tensor node)
        {
            while (node.Operation is Reshape or BroadcastTo or StopGradient)
            {
                node = node.Inputs[0];
            }

            return node;
        }
    }
}
