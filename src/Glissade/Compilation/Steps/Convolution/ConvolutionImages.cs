using System.Numerics;

namespace Glissade.Compilation.Steps;

/// <summary>Images, pixel by pixel in rows, with the channels of a pixel adjacent.</summary>
internal readonly record struct ConvolutionImages<T>(Place<T> Place, int Height, int Width, int Channels)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public unsafe T* Pixel(int image, int row, int column) => Place.Pointer + (((((nint)image * Height) + row) * Width) + column) * Channels;
}

/// <summary>Some rows and columns of an image: where they stand, or a copy of them with zeros for what lies beside the image.</summary>
/// <remarks>Rows above and below the image are not there: sums leave them out.</remarks>
internal readonly unsafe struct ConvolutionBand<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int _firstRow, _firstColumn, _channels;

    private ConvolutionBand(T* start, nint rowLength, int firstRow, int firstColumn, int channels)
    {
        (RowLength, _firstRow, _firstColumn, _channels) = (rowLength, firstRow, firstColumn, channels);
        Start = start;
    }

    public T* Start { get; }

    /// <summary>Elements from one row to the next.</summary>
    public nint RowLength { get; }

    /// <summary>Elements of scratch that <see cref="Of"/> needs at most.</summary>
    public static int WorkspaceLength(int rows, int columns, int channels) => checked(rows * columns * channels);

    /// <summary>An image where it stands. What lies beside it must not be read.</summary>
    public static ConvolutionBand<T> Whole(ConvolutionImages<T> images, int image) =>
        new(images.Pixel(image, 0, 0), (nint)images.Width * images.Channels, 0, 0, images.Channels);

    /// <summary>Rows and columns of an image; columns may lie beside it.</summary>
    /// <param name="images">The images.</param>
    /// <param name="image">Which.</param>
    /// <param name="row">The first row.</param>
    /// <param name="endRow">The row after the last.</param>
    /// <param name="column">The first column.</param>
    /// <param name="endColumn">The column after the last.</param>
    /// <param name="workspace">Scratch for a copy.</param>
    public static ConvolutionBand<T> Of(ConvolutionImages<T> images, int image, int row, int endRow, int column, int endColumn, T* workspace)
    {
        (row, endRow) = (Math.Max(row, 0), Math.Min(endRow, images.Height));
        int channels = images.Channels;
        if (column >= 0 && endColumn <= images.Width)
        {
            return Whole(images, image);
        }

        int left = Math.Clamp(-column, 0, endColumn - column), inside = Math.Max(0, Math.Min(endColumn, images.Width) - column - left);
        int right = endColumn - column - left - inside;
        nint rowLength = (nint)(endColumn - column) * channels;
        T* copy = workspace;
        for (int y = row; y < endRow; y++)
        {
            new Span<T>(copy, left * channels).Clear();
            new ReadOnlySpan<T>(images.Pixel(image, y, column + left), inside * channels).CopyTo(new Span<T>(copy + ((nint)left * channels), inside * channels));
            new Span<T>(copy + ((nint)(left + inside) * channels), right * channels).Clear();
            copy += rowLength;
        }

        return new ConvolutionBand<T>(workspace, rowLength, row, column, channels);
    }

    /// <summary>Elements from the start to a pixel.</summary>
    public nint Offset(int row, int column) => ((row - _firstRow) * RowLength) + ((nint)(column - _firstColumn) * _channels);
}
