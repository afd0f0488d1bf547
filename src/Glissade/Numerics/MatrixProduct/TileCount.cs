namespace Glissade.Numerics;

/// <summary>A count known when the machine code is made, so that code for rows and vectors a tile does not have is dropped.</summary>
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
internal readonly struct TileOne : ITileCount
{
    public static int Value => 1;
}

/// <summary>2.</summary>
internal readonly struct TileTwo : ITileCount
{
    public static int Value => 2;
}

/// <summary>3.</summary>
internal readonly struct TileThree : ITileCount
{
    public static int Value => 3;
}

/// <summary>4.</summary>
internal readonly struct TileFour : ITileCount
{
    public static int Value => 4;
}

/// <summary>5.</summary>
internal readonly struct TileFive : ITileCount
{
    public static int Value => 5;
}

/// <summary>6.</summary>
internal readonly struct TileSix : ITileCount
{
    public static int Value => 6;
}

/// <summary>7.</summary>
internal readonly struct TileSeven : ITileCount
{
    public static int Value => 7;
}

/// <summary>8.</summary>
internal readonly struct TileEight : ITileCount
{
    public static int Value => 8;
}

/// <summary>9.</summary>
internal readonly struct TileNine : ITileCount
{
    public static int Value => 9;
}

/// <summary>10.</summary>
internal readonly struct TileTen : ITileCount
{
    public static int Value => 10;
}

/// <summary>12.</summary>
internal readonly struct TileTwelve : ITileCount
{
    public static int Value => 12;
}
