namespace Glissade.Updates;

/// <summary>A number of a rule that is kept from step to step, such as the product of its decays; made by <see cref="RuleScope.Keep"/>.</summary>
public sealed class KeptNumber
{
    private readonly Func<long, double, double> _next;

    internal KeptNumber(string name, double start, Func<long, double, double> next, bool isShare = false)
    {
        Name = name;
        Value = start;
        _next = next;
        IsShare = isShare;
    }

    /// <summary>Its name, with that of its rule before it: <c>adam.decay-product-1</c>.</summary>
    public string Name { get; }

    /// <summary>Its value after the last step.</summary>
    internal double Value { get; set; }

    /// <summary>Whether it can only be in [0, 1].</summary>
    internal bool IsShare { get; }

    internal void Advance(long step) => Value = _next(step, Value);
}
