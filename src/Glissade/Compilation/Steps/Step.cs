using System.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>One step of a program; everything it touches was placed when it was made.</summary>
internal abstract class Step<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public abstract void Run();
}

/// <summary>Copies a range.</summary>
internal sealed class CopyStep<T>(Place<T> source, Place<T> destination, int length) : Step<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public override void Run() =>
        source.Vector.Span.Slice(source.Offset, length).CopyTo(destination.Vector.Span[destination.Offset..]);

    public override string ToString() => $"copy [{length}]";
}
