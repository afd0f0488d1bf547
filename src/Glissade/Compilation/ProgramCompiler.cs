using System.Collections.Immutable;
using System.Numerics;
using Glissade.Compilation.Loops;
using Glissade.Compilation.Rewriting;
using Glissade.Compilation.Steps;
using Glissade.Compilation.Storage;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation;

/// <summary>From graph to program: lower, fuse, order, place buffers, make steps.</summary>
internal sealed partial class ProgramCompiler<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly CompilerPasses _passes;
    private readonly Dictionary<Tensor, Place<T>> _places;
    private readonly List<ProgramOutput<T>> _outputs;
    private readonly List<Group> _groups;
    private readonly Compactness _compactness;
    private readonly Dictionary<Tensor, (int Defined, int LastRead)> _lives = [];
    private readonly List<ProgramOutput<T>> _copies = [];
    private readonly HashSet<Tensor> _copied = [];
    private readonly Dictionary<Tensor, MatrixProductStep<T>> _products = [];
    private long _constantBytes;

    private ProgramCompiler(IReadOnlyDictionary<Tensor, Place<T>> inputs, IReadOnlyList<ProgramOutput<T>> outputs, CompilerPasses passes)
    {
        // Only floats have a format of 16 bits to be kept in.
        _passes = passes = passes with { StoreCompactly = passes.StoreCompactly && typeof(T) == typeof(float) };
        _places = new Dictionary<Tensor, Place<T>>(inputs);
        Tensor[] lowered = Lowering.Apply([.. outputs.Select(o => o.Value)], passes);
        _outputs = [.. outputs.Select((o, i) => o with { Value = lowered[i] })];
        Tensor[] nodes = Graph.Ancestors(lowered);
        CheckInputs(nodes, inputs);
        _groups = Fusion.Plan(nodes, Stages(nodes), passes.FuseLoops);
        if (passes.FuseProducts)
        {
            _groups = MaskedProducts.Join(nodes, _groups, lowered, MatrixProductStep<T>.IsMadeInOneGo);
        }

        _compactness = passes.StoreCompactly ? Compactness.Of(nodes, _groups) : Compactness.None;
        PlaceConstants(nodes);
        CheckStages(inputs);
    }

    public static Program<T> Compile(
        IReadOnlyDictionary<Tensor, Place<T>> inputs, IReadOnlyList<ProgramOutput<T>> outputs, Dictionary<string, FlatVector<T>> buffers, CompilerPasses passes)
    {
        var compiler = new ProgramCompiler<T>(inputs, outputs, passes);
        compiler.FindLives();
        compiler.PlaceOutputs();
        long bytes = compiler.PlaceIntermediates();
        return new Program<T>(new Dictionary<string, FlatVector<T>>(buffers, StringComparer.Ordinal), compiler.MakeSteps(out Workspaces<T> workspaces), bytes, compiler._constantBytes, workspaces);
    }

    /// <summary>A value from inside a loop or a map has no place outside.</summary>
    private static void CheckInputs(Tensor[] nodes, IReadOnlyDictionary<Tensor, Place<T>> inputs)
    {
        if (Array.Find(nodes, n => n.Operation is Differentiation.Operations.Input or Differentiation.Operations.SegmentInput && !inputs.ContainsKey(n)) is { } stranger)
        {
            throw new ArgumentException(
                $"The program uses '{stranger.Operation.Name}' {stranger.Shape}, which is none of its inputs; a value that the function of 'scan' or 'vectorized-map' was given exists only inside, so return it from there to use it outside.");
        }
    }

    /// <summary>Where a value stands; views stand in what they view.</summary>
    private Place<T> PlaceOf(Tensor value)
    {
        Tensor root = Root(value, out int offset);
        return _places[root].Shift(offset);
    }

    private static Tensor Root(Tensor value, out int offset)
    {
        offset = 0;
        while (Fusion.IsView(value))
        {
            if (value.Operation is Slice slice)
            {
                offset += slice.Start * (value.Shape.Count / Math.Max(1, slice.Length));
            }

            value = value.Inputs[0];
        }

        return value;
    }

    private Dictionary<Tensor, int> Stages(Tensor[] nodes)
    {
        var stages = new Dictionary<Tensor, int>();
        foreach (ProgramOutput<T> output in _outputs)
        {
            stages[output.Value] = Math.Min(output.Stage, stages.GetValueOrDefault(output.Value, int.MaxValue));
        }

        for (int n = nodes.Length - 1; n >= 0; n--)
        {
            foreach (Tensor input in nodes[n].Inputs)
            {
                stages[input] = Math.Min(stages[nodes[n]], stages.GetValueOrDefault(input, int.MaxValue));
            }
        }

        return stages;
    }

    private void PlaceConstants(Tensor[] nodes)
    {
        var folded = new List<ProgramOutput<T>>();
        foreach (Tensor node in nodes)
        {
            if (node.Operation is RangeConstant range)
            {
                AxisIndex.CheckRange<T>(range.Name, range.Shape, 0);
            }

            double[]? values = node.Operation switch
            {
                Constant constant => [constant.Value],
                ArrayConstant array => array.Values,
                _ => null,
            };
            if (values is not null)
            {
                _places[node] = new Place<T>(new FlatVector<T>([.. values.Select(T.CreateTruncating)]), 0);
            }
            else if (node.Operation is FoldedConstant { Source: var source })
            {
                _places[node] = new Place<T>(new FlatVector<T>(node.Shape.Count), 0);
                folded.Add(new ProgramOutput<T>(source, _places[node], 0));
            }
        }

        _constantBytes = nodes.Where(n => n.Operation is Constant or ArrayConstant or FoldedConstant).Sum(n => (long)n.Shape.Count * Size);
        if (folded.Count > 0)
        {
            // A program of their own, run once: machine code would cost more than it saves.
            Compile(new Dictionary<Tensor, Place<T>>(), folded, [], _passes with { Fold = false, Emit = false }).Run();
        }
    }

    private void FindLives()
    {
        for (int step = 0; step < _groups.Count; step++)
        {
            foreach (Tensor member in _groups[step].Members)
            {
                _lives.TryAdd(member, (step, step));
                foreach (Tensor input in member.Inputs)
                {
                    Read(input, step);
                }
            }
        }
    }

    private void Read(Tensor value, int step)
    {
        Tensor root = Root(value, out _);
        _lives[root] = _lives.TryGetValue(root, out (int Defined, int LastRead) life)
            ? (life.Defined, Math.Max(life.LastRead, step))
            : (-1, step);
    }

    private long PlaceIntermediates()
    {
        var values = new List<Tensor>();
        var lives = new List<(int, int, int)>();
        foreach ((Tensor value, (int defined, int lastRead)) in _lives)
        {
            if (defined >= 0 && !_places.ContainsKey(value) && !Fusion.IsView(value) && NeedsStorage(value))
            {
                values.Add(value);
                lives.Add((FormatOf(value) is null ? value.Shape.Count : Compactness.Room(value.Shape.Count), defined, lastRead));
            }
        }

        int granule = FlatVector<T>.Alignment / Size;
        int[] offsets = _passes.ReuseMemory ? Arena.Place(lives, granule, out int length) : Arena.PlaceApart(lives, granule, out length);
        var arena = new FlatVector<T>(length);
        for (int i = 0; i < offsets.Length; i++)
        {
            _places[values[i]] = new Place<T>(arena, offsets[i], FormatOf(values[i]));
        }

        return (long)length * Size;
    }

    private static unsafe int Size => sizeof(T);

    /// <summary>The format of 16 bits in which a value is kept in the arena; null for none. A copy of an output reads elements as they are.</summary>
    private StorageFormat? FormatOf(Tensor value) => _copied.Contains(value) ? null : _compactness.FormatOf(value);

    /// <summary>A member of a loop is stored only if another step or an output copy reads it.</summary>
    private bool NeedsStorage(Tensor value)
    {
        (int defined, int lastRead) = _lives[value];
        return _groups[defined].Iteration is null || value.Operation is Reduce || lastRead > defined
            || _copied.Contains(value);
    }

    private ImmutableArray<Step<T>[]> MakeSteps(out Workspaces<T> workspaces)
    {
        workspaces = new Workspaces<T>();
        int stages = 1 + _outputs.Select(o => o.Stage).DefaultIfEmpty(0).Max();
        var steps = ImmutableArray.CreateBuilder<Step<T>[]>(stages);
        for (int stage = 0; stage < stages; stage++)
        {
            var list = new List<Step<T>>();
            foreach (Group group in _groups.Where(g => g.Stage == stage && (g.Iteration is not null || !Fusion.IsView(g.Members[0]))))
            {
                list.Add(StepOf(group));
                list[^1].Share(workspaces);
            }

            AddCopies(list, [.. _copies.Where(c => c.Stage == stage)]);
            steps.Add([.. list]);
        }

        return steps.MoveToImmutable();
    }

    private Step<T> StepOf(Group group)
    {
        if (group.MaskedEnd is { } end)
        {
            var product = new MatrixProductStep<T>(group.Members[0], end, PlaceOf);
            product.Description = StepDescriptions.Of(product, group.Members[0], end, PlaceOf);
            return product;
        }

        if (group.Iteration is { } iteration)
        {
            FusedLoop loop = LoopOf(group, iteration);
            BlockedLoop<T> executor = LoopExecutor.Create(loop, PlaceOf, _passes.Emit);
            executor.Description = StepDescriptions.Of(executor, loop, PlaceOf);
            return executor;
        }

        Tensor node = group.Members[0];
        if (node.Operation is SumOfSquares)
        {
            return new SumOfSquaresStep<T>(
                node, value => _passes.FuseProducts && SumOfSquares.ProductOf(value) is { } product ? _products.GetValueOrDefault(product) : null, PlaceOf);
        }

        Step<T> step = OperationSteps.Create(node, _passes, PlaceOf);
        step.Description = StepDescriptions.Of(step, node, PlaceOf);
        if (step is MatrixProductStep<T> made)
        {
            _products.Add(node, made);
        }

        return step;
    }

    private FusedLoop LoopOf(Group group, Shape iteration)
    {
        int split = Fusion.ChooseSplit(group);
        int rows = 1, columns = 1;
        for (int axis = 0; axis < iteration.Rank; axis++)
        {
            (rows, columns) = axis < split ? (rows * iteration[axis], columns) : (rows, columns * iteration[axis]);
        }

        var members = new HashSet<Tensor>(group.Members);
        var slots = new Dictionary<Tensor, int>();
        var inputs = new List<(Tensor, Access)>();
        foreach (Tensor input in group.Members.SelectMany(m => m.Inputs))
        {
            if ((!members.Contains(input) || input.Operation is Reduce) && slots.TryAdd(input, slots.Count))
            {
                inputs.Add((input, Splits.Choose(input, iteration, split)));
            }
        }

        var instructions = new List<LoopInstruction>();
        var reductions = new List<LoopReduction>();
        var stores = new List<(int, Tensor)>();
        foreach (Tensor member in group.Members)
        {
            if (member.Operation is Reduce reduce)
            {
                Access over = reduce.Axes == iteration.Rank || member.Shape.Count == 1 ? Access.Scalar : reduce.Leading ? Access.PerColumn : Access.PerRow;
                int reduced = slots[member.Inputs[0]];
                if (reduced < inputs.Count && inputs[reduced].Item2 != Access.Full)
                {
                    instructions.Add(new LoopInstruction(new Identity(), reduced, reduced, reduced));
                    reduced = inputs.Count + instructions.Count - 1;
                }

                reductions.Add(new LoopReduction(reduced, reduce.Kind, over, member));
                continue;
            }

            int Slot(int i) => i < member.Inputs.Length ? slots[member.Inputs[i]] : slots[member.Inputs[0]];
            var operation = member.Operation as ElementwiseOperation ?? new Identity();
            instructions.Add(new LoopInstruction(operation, Slot(0), Slot(1), Slot(2)));
            slots.Add(member, inputs.Count + instructions.Count - 1);
            if (_places.ContainsKey(member))
            {
                stores.Add((slots[member], member));
            }
        }

        return new FusedLoop(rows, columns, inputs, instructions, stores, reductions);
    }
}
