using System.Numerics;
using Glissade.Compilation;

namespace Glissade.Tests.Differentiation;

/// <summary>Runs a compiled function on numbers.</summary>
internal static class FunctionRun
{
    /// <summary>The outputs for the arguments, which are rounded to the element type.</summary>
    public static T[][] Run<T>(this CompiledFunction<T> compiled, double[][] arguments)
        where T : unmanaged, IFloatingPointIeee754<T> => compiled.Invoke([.. arguments.Select(a => Array.ConvertAll(a, T.CreateTruncating))]);

    /// <summary>The same of the second run, which finds what the first left behind.</summary>
    public static T[][] RunTwice<T>(this CompiledFunction<T> compiled, double[][] arguments)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        compiled.Run(arguments);
        return compiled.Run(arguments);
    }
}
