using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Glissade.Numerics;

namespace Glissade.Learning.WarmStarts;

/// <summary>What a saved thing is.</summary>
public enum WarmStartKind
{
    /// <summary>A parameter of the network.</summary>
    Parameter,

    /// <summary>What a layer keeps from batch to batch, such as a running mean.</summary>
    LayerState,

    /// <summary>A vector of the optimizer's state or of an average; where it has a number for each element of θ, the part of one parameter, named <c>adam.first-moment/dense1.weight</c>.</summary>
    State,

    /// <summary>A number kept beside the vectors, such as a product of decays or the count of steps.</summary>
    Number,
}

/// <summary>A thing of the run or of what was saved.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="Own">Its shape in this run; null where this run has no such thing.</param>
/// <param name="Saved">Its shape as saved; null where there is none.</param>
public sealed record WarmStartItem(WarmStartKind Kind, string Name, Shape? Own, Shape? Saved);

/// <summary>What fits between a run and what was saved, by name and shape, and what does not.</summary>
/// <param name="Matched">In both, with the same shape: taken.</param>
/// <param name="Missing">Of this run, but not saved: stays as in a fresh run.</param>
/// <param name="LeftOver">Saved, but of no use here.</param>
/// <param name="OtherShape">In both, but with different shapes: stays as in a fresh run.</param>
/// <param name="NotWanted">In both, but the policy leaves it out: stays as in a fresh run.</param>
public sealed record WarmStartReport(
    ImmutableArray<WarmStartItem> Matched,
    ImmutableArray<WarmStartItem> Missing,
    ImmutableArray<WarmStartItem> LeftOver,
    ImmutableArray<WarmStartItem> OtherShape,
    ImmutableArray<WarmStartItem> NotWanted)
{
    /// <summary>Whether all of the run was saved and all that was saved is of the run.</summary>
    public bool IsExact => Missing.IsEmpty && LeftOver.IsEmpty && OtherShape.IsEmpty;

    private (string What, ImmutableArray<WarmStartItem> Items)[] Parts =>
        [("matched", Matched), ("missing", Missing), ("left over", LeftOver), ("other shape", OtherShape), ("not wanted", NotWanted)];

    /// <summary>A table: a line for each thing with what became of it, what it is, its name and its shape, after a line with the counts.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendJoin(", ", Parts.Where(p => !p.Items.IsEmpty).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Items.Length} {p.What}"))).Append('\n');
        int kinds = Parts.SelectMany(p => p.Items).Select(i => Word(i.Kind).Length).Append("parameter".Length).Max();
        int width = Parts.SelectMany(p => p.Items).Select(i => i.Name.Length).DefaultIfEmpty().Max();
        foreach ((string what, ImmutableArray<WarmStartItem> items) in Parts)
        {
            foreach (WarmStartItem item in items)
            {
                string saved = item.Own is not null && item.Saved is not null && item.Own != item.Saved ? $", saved as {item.Saved}" : "";
                string kind = Word(item.Kind);
                text.Append(CultureInfo.InvariantCulture, $"{what,-11}  {kind.PadRight(kinds)}  {item.Name.PadRight(width)}  {item.Own ?? item.Saved}{saved}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>All of it on a line, by names.</summary>
    internal string OnOneLine() => string.Join("; ", Parts.Where(p => !p.Items.IsEmpty).Select(p =>
        $"{p.What}: {string.Join(", ", p.Items.Select(i => p.What == "other shape" ? $"{i.Name} (here {i.Own}, saved {i.Saved})" : i.Name))}"));

    private static string Word(WarmStartKind kind) => kind switch
    {
        WarmStartKind.Parameter => "parameter",
        WarmStartKind.LayerState => "layer state",
        WarmStartKind.State => "state",
        _ => "number",
    };
}
