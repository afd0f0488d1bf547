using System.Numerics;
using System.Runtime.CompilerServices;

namespace Glissade.Numerics;

/// <summary>A row of tiles of a convolution, for one width of vector.</summary>
internal static unsafe class ConvolutionTileRow<TVector, TSimd, T>
    where TVector : struct
    where TSimd : ISimd<TVector, T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(
        ReadOnlySpan<byte> heights, int columns, ConvolutionSegment* segment, int segments, byte* a, byte* b, T* c, T* bias, in ConvolutionTileContext context)
    {
        ConvolutionTileContext tile = context;
        tile.Segments = segment;
        tile.SegmentCount = segments;
        int panel = columns <= TSimd.Count ? TSimd.Count : 2 * TSimd.Count;
        foreach (byte height in heights)
        {
            byte* panelB = b;
            for (int j = 0; j < columns; j += panel, panelB += context.PanelStepB)
            {
                int width = Math.Min(panel, columns - j);
                byte* place = (byte*)(c + j), panelBias = bias == null ? null : (byte*)(bias + j);
                if (width > TSimd.Count && context.AddsToC)
                {
                    Tile<TileTwo, TileOne>(height, a, panelB, place, width, panelBias, in tile);
                }
                else if (width > TSimd.Count)
                {
                    Tile<TileTwo, TileNone>(height, a, panelB, place, width, panelBias, in tile);
                }
                else if (context.AddsToC)
                {
                    Tile<TileOne, TileOne>(height, a, panelB, place, width, panelBias, in tile);
                }
                else
                {
                    Tile<TileOne, TileNone>(height, a, panelB, place, width, panelBias, in tile);
                }
            }

            a += height * context.RowStepA;
            c = (T*)((byte*)c + (height * context.RowStepC));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile<TVectors, TAdds>(
        int height, byte* a, byte* b, byte* c, int columns, byte* bias, in ConvolutionTileContext context)
        where TVectors : unmanaged, ITileCount
        where TAdds : unmanaged, ITileCount
    {
        switch (height)
        {
            case 12:
                ConvolutionTile<TVector, TSimd, T, TileTwelve, TVectors, TAdds>.Compute(a, b, c, columns, bias, in context);
                break;
            case 10:
                ConvolutionTile<TVector, TSimd, T, TileTen, TVectors, TAdds>.Compute(a, b, c, columns, bias, in context);
                break;
            case 9:
                ConvolutionTile<TVector, TSimd, T, TileNine, TVectors, TAdds>.Compute(a, b, c, columns, bias, in context);
                break;
            case 8:
                ConvolutionTile<TVector, TSimd, T, TileEight, TVectors, TAdds>.Compute(a, b, c, columns, bias, in context);
                break;
            case 7:
                ConvolutionTile<TVector, TSimd, T, TileSeven, TVectors, TAdds>.Compute(a, b, c, columns, bias, in context);
                break;
            case 6:
                ConvolutionTile<TVector, TSimd, T, TileSix, TVectors, TAdds>.Compute(a, b, c, columns, bias, in context);
                break;
            case 5:
                ConvolutionTile<TVector, TSimd, T, TileFive, TVectors, TAdds>.Compute(a, b, c, columns, bias, in context);
                break;
            case 4:
                ConvolutionTile<TVector, TSimd, T, TileFour, TVectors, TAdds>.Compute(a, b, c, columns, bias, in context);
                break;
            case 3:
                ConvolutionTile<TVector, TSimd, T, TileThree, TVectors, TAdds>.Compute(a, b, c, columns, bias, in context);
                break;
            case 2:
                ConvolutionTile<TVector, TSimd, T, TileTwo, TVectors, TAdds>.Compute(a, b, c, columns, bias, in context);
                break;
            default:
                ConvolutionTile<TVector, TSimd, T, TileOne, TVectors, TAdds>.Compute(a, b, c, columns, bias, in context);
                break;
        }
    }
}
