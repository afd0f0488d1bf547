using System.Runtime.InteropServices;

namespace Glissade.Numerics;

/// <summary>A count known when the machine code is made, so that code for rows and vectors a tile does not have is dropped: the size of the type, but for none.</summary>
/// <remarks>
/// The compiler knows a size before it looks at what to inline, so it never sees the code that is dropped. A property would be one more method to inline at
/// each of hundreds of places, on both sides of which it goes on inlining.
/// </remarks>
internal interface ITileCount;

/// <summary>None. No type has that size: it is asked for by name.</summary>
internal readonly struct TileNone : ITileCount;

/// <summary>1.</summary>
[StructLayout(LayoutKind.Sequential, Size = 1)]
internal readonly struct TileOne : ITileCount;

/// <summary>2.</summary>
[StructLayout(LayoutKind.Sequential, Size = 2)]
internal readonly struct TileTwo : ITileCount;

/// <summary>3.</summary>
[StructLayout(LayoutKind.Sequential, Size = 3)]
internal readonly struct TileThree : ITileCount;

/// <summary>4.</summary>
[StructLayout(LayoutKind.Sequential, Size = 4)]
internal readonly struct TileFour : ITileCount;

/// <summary>5.</summary>
[StructLayout(LayoutKind.Sequential, Size = 5)]
internal readonly struct TileFive : ITileCount;

/// <summary>6.</summary>
[StructLayout(LayoutKind.Sequential, Size = 6)]
internal readonly struct TileSix : ITileCount;

/// <summary>7.</summary>
[StructLayout(LayoutKind.Sequential, Size = 7)]
internal readonly struct TileSeven : ITileCount;

/// <summary>8.</summary>
[StructLayout(LayoutKind.Sequential, Size = 8)]
internal readonly struct TileEight : ITileCount;

/// <summary>9.</summary>
[StructLayout(LayoutKind.Sequential, Size = 9)]
internal readonly struct TileNine : ITileCount;

/// <summary>10.</summary>
[StructLayout(LayoutKind.Sequential, Size = 10)]
internal readonly struct TileTen : ITileCount;

/// <summary>12.</summary>
[StructLayout(LayoutKind.Sequential, Size = 12)]
internal readonly struct TileTwelve : ITileCount;
