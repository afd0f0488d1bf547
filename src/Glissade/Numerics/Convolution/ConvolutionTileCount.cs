namespace Glissade.Numerics;

/// <summary>3.</summary>
internal readonly struct TileThree : ITileCount
{
    public static int Value => 3;
}

/// <summary>5.</summary>
internal readonly struct TileFive : ITileCount
{
    public static int Value => 5;
}

/// <summary>7.</summary>
internal readonly struct TileSeven : ITileCount
{
    public static int Value => 7;
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
