using System.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>One step of a program; everything it touches was placed when it was made.</summary>
internal abstract class Step<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>What it is and what it costs; given by the compiler.</summary>
    public StepDescription? Description { get; set; }

    /// <summary>Additions and multiplications; 0 for a step that only moves numbers.</summary>
    public virtual double Flops => 0;

    /// <summary>Bytes of scratch that belong to the step alone, with the number of threads now set.</summary>
    public virtual long WorkspaceBytes => 0;

    /// <summary>The program that a loop runs again and again; null for any other step.</summary>
    public virtual Program<T>? Inner => null;

    public abstract void Run();

    /// <summary>Lets the step take its scratch from memory that all steps of a program use in turn; called before the first run.</summary>
    public virtual void Share(Workspaces<T> workspaces)
    {
    }
}

/// <summary>Copies a range.</summary>
internal sealed unsafe class CopyStep<T>(Place<T> source, Place<T> destination, int length) : Step<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public override long WorkspaceBytes => IsAside ? (long)length * sizeof(T) : 0;

    /// <summary>Whether the destination is a place of its own, only for what would else be overwritten too early.</summary>
    public bool IsAside { get; init; }

    public override void Run() =>
        source.Vector.Span.Slice(source.Offset, length).CopyTo(destination.Vector.Span[destination.Offset..]);

    public override string ToString() => $"copy [{length}]";
}
