namespace Glissade.Learning.Data;

/// <summary>What the target of a data set is.</summary>
public enum TargetKind
{
    /// <summary>
    /// Judged by the column: classification if it holds text, or whole numbers of at most 20 different values, each 5 times on average or more;
    /// regression otherwise.
    /// </summary>
    Automatic,

    /// <summary>One of several classes.</summary>
    Classification,

    /// <summary>A number.</summary>
    Regression,
}
