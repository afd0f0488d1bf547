using System.Numerics;

namespace Glissade.Numerics;

/// <summary>A product of matrices of known places and sizes, with everything decided that does not depend on their numbers: for small ones the way to the first tile is a good part of the time.</summary>
internal abstract unsafe class PreparedProduct<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Computes it from what the matrices hold now.</summary>
    public abstract void Run();

    /// <summary>Computes the same product of other matrices, which may be at the same time as that of others yet.</summary>
    /// <param name="a">Elements from A to the A to be multiplied.</param>
    /// <param name="b">Elements from B to the B to be multiplied.</param>
    /// <param name="c">Elements from C to where the product goes.</param>
    /// <param name="workspace">Scratch, as large as that of <see cref="Run()"/>.</param>
    public abstract void Run(nint a, nint b, nint c, T* workspace);
}

/// <summary>A product that is one block.</summary>
internal sealed unsafe class PreparedBlock<TVector, TSimd, T>(in MatrixProductBlock<TVector, TSimd, T> block) : PreparedProduct<T>
    where TVector : struct
    where TSimd : ISimd<TVector, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly MatrixProductBlock<TVector, TSimd, T> _block = block;

    public override void Run() => _block.Run();

    public override void Run(nint a, nint b, nint c, T* workspace)
    {
        MatrixProductBlock<TVector, TSimd, T> moved = _block;
        moved.A += a;
        moved.B += b;
        moved.C += c;
        moved.Panels = workspace;
        moved.Run();
    }
}

/// <summary>A product of few columns whose transpose is one block, A and B in each other's place.</summary>
internal sealed unsafe class PreparedNarrowProduct<TVector, TSimd, T>(in MatrixProductBlock<TVector, TSimd, T> block, in NarrowEnd<T> end) : PreparedProduct<T>
    where TVector : struct
    where TSimd : ISimd<TVector, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly MatrixProductBlock<TVector, TSimd, T> _block = block;
    private readonly NarrowEnd<T> _end = end;

    public override void Run()
    {
        _block.Run();
        MatrixProductNarrow<TVector, TSimd, T>.Finish(in _end);
    }

    public override void Run(nint a, nint b, nint c, T* workspace)
    {
        MatrixProductBlock<TVector, TSimd, T> moved = _block;
        moved.A += b;
        moved.B += a;
        moved.C = workspace;
        moved.Panels = workspace + (_block.Panels - _block.C);
        moved.Run();
        NarrowEnd<T> end = _end.MovedTo(workspace, _end.C + c);
        MatrixProductNarrow<TVector, TSimd, T>.Finish(in end);
    }
}
