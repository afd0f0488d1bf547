using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Glissade.Numerics;

/// <summary>Windows of one row that have the same elements within an image, and what is done with them, each channel by itself.</summary>
internal unsafe struct PoolingRow<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The first of these elements of the first window, and the same of a second tensor like the image, or null.</summary>
    public T* Image, Second;

    /// <summary>The number of the first window.</summary>
    public T* Window;

    /// <summary>Rows and columns of these elements.</summary>
    public int Rows, Columns;

    /// <summary>From one of their rows, and of their columns, to the next; from one window to the next; all in elements of the image.</summary>
    public nint RowStep, ColumnStep, WindowStep;

    /// <summary>Rows that an adjoint adds to; it compares with all.</summary>
    public int FirstRow, EndRow;

    /// <summary>Whether an adjoint adds to what is there, or puts itself in its place.</summary>
    public bool Adds;

    /// <summary>How many windows and channels.</summary>
    public int Windows, Channels;

    /// <summary>Goes over all windows and channels; vectors run along the channels.</summary>
    public readonly void Run<TKernel>()
        where TKernel : struct, IPoolingKernel
    {
        // The windows of nearly all networks are two or three pixels wide and high.
        bool isSquare = Rows == Columns && FirstRow == 0 && EndRow == Rows;
        if (isSquare && Rows == 2)
        {
            Run<TKernel, TileTwo>(in this);
        }
        else if (isSquare && Rows == 3)
        {
            Run<TKernel, TileThree>(in this);
        }
        else
        {
            Run<TKernel, TileNone>(in this);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<TKernel, TSide>(in PoolingRow<T> row)
        where TKernel : struct, IPoolingKernel
        where TSide : unmanaged, ITileCount
    {
        if (VectorWidth.Is512 && row.Channels > Vector256<T>.Count)
        {
            Run<TKernel, TSide, Vector512<T>, Simd512<T>>(in row);
        }
        else if (VectorWidth.Has256)
        {
            Run<TKernel, TSide, Vector256<T>, Simd256<T>>(in row);
        }
        else
        {
            Run<TKernel, TSide, Vector128<T>, Simd128<T>>(in row);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TKernel, TSide, TVector, TSimd>(in PoolingRow<T> row)
        where TKernel : struct, IPoolingKernel
        where TSide : unmanaged, ITileCount
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>
    {
        T* image = row.Image, second = row.Second, window = row.Window;
        nint step = row.WindowStep;
        int channels = row.Channels, whole = channels - TSimd.Count;
        for (int left = row.Windows; left > 0; left--)
        {
            int channel = 0;
            for (; channel <= whole; channel += TSimd.Count)
            {
                TKernel.Invoke<TVector, TSimd, T, TSide>(in row, image + channel, second + channel, window + channel, TSimd.Count);
            }

            if (channel < channels)
            {
                TKernel.Invoke<TVector, TSimd, T, TSide>(in row, image + channel, second + channel, window + channel, channels - channel);
            }

            image += step;
            second += step;
            window += channels;
        }
    }
}
