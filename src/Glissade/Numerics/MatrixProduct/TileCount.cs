using System.Runtime.InteropServices;

namespace Glissade.Numerics;

/// <summary>A count known when the machine code is made, so that code for rows and vectors a tile does not have is dropped.</summary>
/// <remarks>
/// Of all but 0 the size of the type is the count, too. Tiles ask for that: the compiler knows it before it looks at what to inline, so it never sees the code
/// that is dropped, while a property is one more method to inline at each of hundreds of places, on both sides of which it goes on inlining.
/// </remarks>
internal interface ITileCount
{
    static abstract int Value { get; }
}

/// <summary>0.</summary>
internal readonly struct TileNone : ITileCount
{
    public static int Value => 0;
}

/// <summary>1.</summary>
[StructLayout(LayoutKind.Sequential, Size = 1)]
internal readonly struct TileOne : ITileCount
{
    public static int Value => 1;
}

/// <summary>2.</summary>
[StructLayout(LayoutKind.Sequential, Size = 2)]
internal readonly struct TileTwo : ITileCount
{
    public static int Value => 2;
}

/// <summary>3.</summary>
[StructLayout(LayoutKind.Sequential, Size = 3)]
internal readonly struct TileThree : ITileCount
{
    public static int Value => 3;
}

/// <summary>4.</summary>
[StructLayout(LayoutKind.Sequential, Size = 4)]
internal readonly struct TileFour : ITileCount
{
    public static int Value => 4;
}

/// <summary>5.</summary>
[StructLayout(LayoutKind.Sequential, Size = 5)]
internal readonly struct TileFive : ITileCount
{
    public static int Value => 5;
}

/// <summary>6.</summary>
[StructLayout(LayoutKind.Sequential, Size = 6)]
internal readonly struct TileSix : ITileCount
{
    public static int Value => 6;
}

/// <summary>7.</summary>
[StructLayout(LayoutKind.Sequential, Size = 7)]
internal readonly struct TileSeven : ITileCount
{
    public static int Value => 7;
}

/// <summary>8.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
internal readonly struct TileEight : ITileCount
{
    public static int Value => 8;
}

/// <summary>9.</summary>
[StructLayout(LayoutKind.Sequential, Size = 9)]
internal readonly struct TileNine : ITileCount
{
    public static int Value => 9;
}

/// <summary>10.</summary>
[StructLayout(LayoutKind.Sequential, Size = 10)]
internal readonly struct TileTen : ITileCount
{
    public static int Value => 10;
}

/// <summary>12.</summary>
[StructLayout(LayoutKind.Sequential, Size = 12)]
internal readonly struct TileTwelve : ITileCount
{
    public static int Value => 12;
}
