using System.Collections.Immutable;
using Glissade.Differentiation;
using Glissade.Numerics;

namespace Glissade.Experiments.Problems;

/// <summary>A small function to minimise that needs no data: it carries its start and, where they are known, its minimiser and its minimum.</summary>
/// <remarks>A recipe: immutable, free to share between threads.</remarks>
internal abstract record Problem
{
    /// <summary>Its keyword in an experiment file.</summary>
    public abstract string Name { get; }

    /// <summary>Its formula, on one line.</summary>
    public abstract string Formula { get; }

    /// <summary>Names and shapes of the parameters.</summary>
    public abstract Layout Layout { get; }

    /// <summary>Where the lowest value is taken, of the length of the layout; null where that is not known.</summary>
    public virtual ImmutableArray<double>? Minimiser => null;

    /// <summary>The standard deviation of the normal noise that is added to each element of each gradient; 0 for none.</summary>
    public virtual double GradientNoise => 0;

    /// <summary>Numbers that the formula takes beside the parameters; empty for none.</summary>
    public virtual ImmutableArray<double> Constants => [];

    /// <summary>Where the search begins, of the length of the layout.</summary>
    /// <param name="seed">Keys what is random in it.</param>
    public abstract ImmutableArray<double> Start(ulong seed);

    /// <summary>The value.</summary>
    /// <param name="parameters">The pieces of the layout, in order.</param>
    /// <param name="constants">The <see cref="Constants"/> as a vector; null where there are none.</param>
    public abstract Tensor Trace(IReadOnlyList<Tensor> parameters, Tensor? constants);
}
