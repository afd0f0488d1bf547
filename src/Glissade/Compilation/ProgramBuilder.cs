using System.Numerics;
using Glissade.Compilation.Storage;
using Glissade.Differentiation;
using Glissade.Differentiation.Operations;
using Glissade.Numerics;

namespace Glissade.Compilation;

/// <summary>Says what a program reads and writes and where, and compiles it.</summary>
/// <remarks>
/// Inputs and outputs either have buffers of the program's own, or stand in a caller's flat vector at a fixed offset: parameters are read from θ
/// where they stand, gradients are written where they belong, and an output may overlie the input it replaces. Belongs to one thread.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ProgramBuilder<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Trace _trace;
    private readonly Dictionary<Tensor, Place<T>> _inputs = [];
    private readonly Dictionary<string, FlatVector<T>> _buffers = new(StringComparer.Ordinal);
    private readonly List<ProgramOutput<T>> _outputs = [];
    private readonly Dictionary<FlatVector<T>, OccupiedRanges> _written = [];

    /// <summary>A builder with nothing in it.</summary>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> is neither <see cref="float"/> nor <see cref="double"/>.</exception>
    public ProgramBuilder()
        : this(new Trace())
    {
    }

    internal ProgramBuilder(Trace trace)
    {
        ElementType.Check<T>();
        _trace = trace;
    }

    /// <summary>The last stage that there can be: a program has all stages up to that of its last output.</summary>
    private const int LastStage = 999;

    internal CompilerPasses Passes { get; init; } = CompilerPasses.All;

    /// <summary>A number that does not change.</summary>
    /// <param name="value">The number; rounded to <typeparamref name="T"/> when the program is built.</param>
    public Tensor Constant(double value) => _trace.Constant(value);

    /// <summary>An input with a buffer of its own, filled through <see cref="Program{T}.this[string]"/>.</summary>
    /// <param name="name">Its name in the program.</param>
    /// <param name="shape">Its shape.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public Tensor Input(string name, Shape shape)
    {
        var vector = new FlatVector<T>(shape.Count);
        AddBuffer(name, vector);
        return View(name, shape, vector, 0);
    }

    /// <summary>An input read from a caller's vector, where it stands.</summary>
    /// <param name="name">What to call it in listings and errors.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="vector">The vector; must live as long as the program.</param>
    /// <param name="offset">Index of its first element.</param>
    /// <exception cref="ArgumentException">It does not fit into the vector.</exception>
    public Tensor View(string name, Shape shape, FlatVector<T> vector, int offset)
    {
        Check(name, shape, vector, offset);
        Tensor input = _trace.Input(name, shape);
        Place(input, vector, offset);
        return input;
    }

    /// <summary>Every piece of a layout as an input, read from a caller's vector.</summary>
    /// <param name="layout">Names, shapes and offsets.</param>
    /// <param name="vector">The vector of the layout's length.</param>
    /// <returns>The inputs, in the layout's order.</returns>
    /// <exception cref="ArgumentException">The vector has another length.</exception>
    public IReadOnlyList<Tensor> Views(Layout layout, FlatVector<T> vector)
    {
        CheckLayout(layout, vector);
        return [.. layout.Entries.Select(e => View(e.Name, e.Shape, vector, e.Offset))];
    }

    /// <summary>An output with a buffer of its own, read through <see cref="Program{T}.this[string]"/>.</summary>
    /// <param name="name">Its name in the program.</param>
    /// <param name="value">What to compute.</param>
    /// <param name="stage">When: see <see cref="Program{T}.RunStage"/>; from 0 to 999.</param>
    /// <exception cref="ArgumentException">The name is empty or taken, or the value comes from another builder.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There can be no such stage.</exception>
    public void Output(string name, Tensor value, int stage = 0)
    {
        ArgumentNullException.ThrowIfNull(value);
        _trace.CheckOwns(value, "The output", nameof(value));
        var vector = new FlatVector<T>(value.Shape.Count);
        AddBuffer(name, vector);
        Output(value, vector, 0, stage);
    }

    /// <summary>An output written into a caller's vector; it may overlie an input.</summary>
    /// <param name="value">What to compute.</param>
    /// <param name="vector">Where; must live as long as the program.</param>
    /// <param name="offset">Index of its first element.</param>
    /// <param name="stage">When: see <see cref="Program{T}.RunStage"/>; from 0 to 999.</param>
    /// <exception cref="ArgumentException">It does not fit into the vector, overlaps another output, or comes from another builder.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There can be no such stage.</exception>
    public void Output(Tensor value, FlatVector<T> vector, int offset, int stage = 0)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (stage is < 0 or > LastStage)
        {
            throw new ArgumentOutOfRangeException(nameof(stage), stage, $"The stage of an output must be from 0 to {LastStage}, not {stage}.");
        }

        _trace.CheckOwns(value, "The output", nameof(value));
        Check(value.ToString(), value.Shape, vector, offset);
        var place = new Place<T>(vector, offset);
        if (place.IsTaken(value.Shape.Count, _written))
        {
            ProgramOutput<T> other = _outputs.Find(o => Place<T>.Overlap(o.Place, o.Value.Shape.Count, place, value.Shape.Count))!;
            throw new ArgumentException($"The output {value} at offset {offset} overlaps the output {other.Value} at offset {other.Place.Offset} of the same vector.", nameof(offset));
        }

        place.Take(value.Shape.Count, _written);
        _outputs.Add(new ProgramOutput<T>(value, place, stage));
    }

    /// <summary>The gradient of a loss, each piece written to its place in a flat vector.</summary>
    /// <param name="loss">A scalar.</param>
    /// <param name="parameters">The inputs to differentiate by, in the layout's order.</param>
    /// <param name="layout">Where each piece belongs.</param>
    /// <param name="gradient">The vector of the layout's length.</param>
    /// <exception cref="ArgumentException">The loss is no scalar, or a length differs.</exception>
    public void Gradient(Tensor loss, IReadOnlyList<Tensor> parameters, Layout layout, FlatVector<T> gradient) => Adjoints(loss, parameters, layout, gradient);

    /// <summary>The gradient of a loss, each piece written to its place in a flat vector, and its length, which the program measures where it computes the pieces.</summary>
    /// <remarks>See <see cref="MeasuredGradient{T}"/> for who may use it.</remarks>
    /// <param name="loss">A scalar.</param>
    /// <param name="parameters">The inputs to differentiate by, in the layout's order.</param>
    /// <param name="layout">Where each piece belongs.</param>
    /// <param name="gradient">The gradient of the layout's length.</param>
    /// <exception cref="ArgumentException">The loss is no scalar, or a length differs.</exception>
    public void Gradient(Tensor loss, IReadOnlyList<Tensor> parameters, Layout layout, MeasuredGradient<T> gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        Tensor[] adjoints = Adjoints(loss, parameters, layout, gradient.Vector);
        Output(_trace.Add(new SumOfSquares(), adjoints), gradient.SumOfSquares, 0);
    }

    private Tensor[] Adjoints(Tensor loss, IReadOnlyList<Tensor> parameters, Layout layout, FlatVector<T> gradient)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(parameters);
        CheckLayout(layout, gradient);
        if (parameters.Count != layout.Entries.Length)
        {
            throw new ArgumentException($"There are {parameters.Count} parameters, but the layout has {layout.Entries.Length} pieces.", nameof(parameters));
        }

        for (int i = 0; i < parameters.Count; i++)
        {
            if (parameters[i].Shape != layout.Entries[i].Shape)
            {
                throw new ArgumentException($"Parameter {i} has the shape {parameters[i].Shape}, but the layout's piece '{layout.Entries[i].Name}' {layout.Entries[i].Shape}.", nameof(parameters));
            }
        }

        Tensor[] adjoints = Differentiation.Gradient.Of(loss, parameters);
        for (int i = 0; i < adjoints.Length; i++)
        {
            Output(adjoints[i], gradient, layout.Entries[i].Offset);
        }

        return adjoints;
    }

    /// <summary>Compiles what has been declared.</summary>
    /// <exception cref="InvalidOperationException">An output overwrites an input that a later stage reads.</exception>
    public Program<T> Build() => ProgramCompiler<T>.Compile(_inputs, _outputs, _buffers, Passes);

    /// <summary>A flat vector that is constant on each segment.</summary>
    /// <param name="name">What to call it in listings.</param>
    /// <param name="ends">Exclusive end of each segment.</param>
    /// <param name="table">The number of each segment, to be filled.</param>
    internal Tensor Segments(string name, ReadOnlySpan<int> ends, out FlatVector<T> table)
    {
        Tensor input = _trace.Add(new SegmentInput(name, _inputs.Count, new IntegerSequence(ends)));
        table = new FlatVector<T>(ends.Length);
        Place(input, table, 0);
        return input;
    }

    internal void Place(Tensor input, FlatVector<T> vector, int offset) => _inputs.Add(input, new Place<T>(vector, offset));

    private void AddBuffer(string name, FlatVector<T> vector)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!_buffers.TryAdd(name, vector))
        {
            throw new ArgumentException($"The program already has a buffer called '{name}'.", nameof(name));
        }
    }

    private static void Check(string name, Shape shape, FlatVector<T> vector, int offset)
    {
        ArgumentNullException.ThrowIfNull(vector);
        if (offset < 0 || offset > vector.Length - shape.Count)
        {
            throw new ArgumentException($"'{name}' of shape {shape} at offset {offset} does not fit into a vector of {vector.Length} elements.", nameof(offset));
        }
    }

    private static void CheckLayout(Layout layout, FlatVector<T> vector)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(vector);
        if (vector.Length != layout.Length)
        {
            throw new ArgumentException($"The vector has {vector.Length} elements, but the layout {layout.Length}.", nameof(vector));
        }
    }
}

/// <summary>A range that begins at an offset of a vector.</summary>
/// <param name="Vector">The vector.</param>
/// <param name="Offset">Index of its first element.</param>
/// <param name="Format">The format of 16 bits in which numbers are kept from there on; null where they are elements as they are.</param>
internal readonly record struct Place<T>(FlatVector<T> Vector, int Offset, StorageFormat? Format = null)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    // Not public, because the text of a record has all that is, and a pointer has none.
    internal unsafe T* Pointer => Vector.Pointer + Offset;

    /// <summary>The first of the numbers of 16 bits.</summary>
    internal unsafe ushort* Compact => (ushort*)Pointer;

    public Place<T> Shift(int elements) => this with { Offset = Offset + elements };

    /// <summary>Whether two ranges share an element.</summary>
    public static bool Overlap(Place<T> a, int lengthA, Place<T> b, int lengthB) =>
        lengthA > 0 && lengthB > 0 && a.Vector == b.Vector && a.Offset < b.Offset + b.Room(lengthB) && b.Offset < a.Offset + a.Room(lengthA);

    /// <summary>Notes that so many numbers stand here.</summary>
    public void Take(int length, Dictionary<FlatVector<T>, OccupiedRanges> taken)
    {
        if (length > 0)
        {
            if (!taken.TryGetValue(Vector, out OccupiedRanges? ranges))
            {
                taken[Vector] = ranges = new OccupiedRanges();
            }

            ranges.Add(Offset, (long)Offset + Room(length));
        }
    }

    /// <summary>Whether so many numbers here share an element with any of those noted.</summary>
    public bool IsTaken(int length, Dictionary<FlatVector<T>, OccupiedRanges> taken) =>
        length > 0 && taken.TryGetValue(Vector, out OccupiedRanges? ranges) && ranges.LowestFree(Offset, Room(length)) != Offset;

    /// <summary>Elements of the vector that so many numbers take up.</summary>
    public int Room(int length) => Format is null ? length : Compactness.Room(length);
}

internal sealed record ProgramOutput<T>(Tensor Value, Place<T> Place, int Stage)
    where T : unmanaged, IFloatingPointIeee754<T>;
