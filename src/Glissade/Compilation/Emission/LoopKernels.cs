using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Glissade.Compilation.Loops;
using Glissade.Numerics;

namespace Glissade.Compilation.Emission;

/// <summary>Emitted kernels by structure: loops that differ only in shape or place share one, and so do equal parts of loops.</summary>
internal static class LoopKernels
{
    /// <summary>Elements below which making machine code costs more than it will save.</summary>
    private const int LeastElements = 64;

    /// <summary>Elements below which a loop that takes more than one method is interpreted: making machine code of one transcendental function takes some milliseconds.</summary>
    private const int LeastElementsOfSeveral = 1024;

    private static readonly ConcurrentDictionary<string, BlockKernel> Blocks = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, ColumnKernel> Columns = new(StringComparer.Ordinal);

    /// <summary>Kernels of each kind that are remembered at most. Beyond that all are forgotten, so that a process that compiles ever other loops does not grow; those in use stay with their programs.</summary>
    private const int MostKernels = 2048;

    private const string Setting = "GLISSADE_EXECUTOR", Interpreted = "interpreted", EmittedCode = "emitted";

    private static readonly string Chosen = Environment.GetEnvironmentVariable(Setting)?.Trim() ?? "";

    /// <summary>Which executor runs fused loops: emitted where the runtime can make code, unless GLISSADE_EXECUTOR says <c>interpreted</c>.</summary>
    public static bool IsEmitting { get; set; } = !Chosen.Equals(Interpreted, StringComparison.OrdinalIgnoreCase);

    /// <summary>What is wrong with the value of GLISSADE_EXECUTOR; null if nothing is.</summary>
    public static string? Problem => Chosen.Length == 0 || Chosen.Equals(Interpreted, StringComparison.OrdinalIgnoreCase) || Chosen.Equals(EmittedCode, StringComparison.OrdinalIgnoreCase)
        ? null
        : $"{Setting} is '{Chosen}'; it can be {EmittedCode} or {Interpreted}, and is taken as {EmittedCode}";

    /// <summary>The executor in use, in a word or two, for those who report a fault.</summary>
    public static string Description => !RuntimeFeature.IsDynamicCodeSupported ? $"{Interpreted}: no code can be made here"
        : !IsEmitting ? $"{Interpreted}, as {Setting} says"
        : Problem is { } problem ? $"{EmittedCode}; {problem}"
        : EmittedCode;

    /// <summary>The kernels that run blocks of a loop, one after another on each; null where it is to be interpreted.</summary>
    public static EmittedBody[]? ForBlocks<T>(LoopPlan<T> plan)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!RuntimeFeature.IsDynamicCodeSupported || !IsWorthwhile(plan, LeastElements) || plan.Instructions.Length == 0)
        {
            return null;
        }

        if (!IsWorthwhile(plan, LeastElementsOfSeveral))
        {
            return LoopCuts.Fits(plan.Instructions, plan.Inputs.Length, plan.InnerSums.Length > 0 ? 2 : 1) ? [Emit(plan, 0, plan.Instructions.Length)] : null;
        }

        List<EmittedBody> bodies = [];
        foreach ((int first, int end) in LoopCuts.Of(plan))
        {
            bodies.Add(Emit(plan, first, end));
        }

        return bodies.Exists(b => b.Kernel is not null) ? [.. bodies] : null;
    }

    /// <summary>The kernel that runs a loop down its columns; null where it is to be run block by block.</summary>
    public static ColumnKernel? ForColumns<T>(LoopPlan<T> plan)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!RuntimeFeature.IsDynamicCodeSupported || !IsWorthwhile(plan, LeastElements) || !plan.IsColumnar
            || !LoopCuts.Fits(plan.Instructions, plan.Inputs.Length, ColumnEmitter<T, Vector512<T>, Simd512<T>>.Copies))
        {
            return null;
        }

        return Kept<ColumnKernel, T>(Columns, LoopBody.OfColumns(plan), VectorWidth.Is512 ? ColumnEmitter<T, Vector512<T>, Simd512<T>>.Emit
            : VectorWidth.Has256 ? ColumnEmitter<T, Vector256<T>, Simd256<T>>.Emit
            : ColumnEmitter<T, Vector128<T>, Simd128<T>>.Emit);
    }

    [RequiresDynamicCode("Writes IL at run time.")]
    private static EmittedBody Emit<T>(LoopPlan<T> plan, int first, int end)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        LoopBody body = LoopBody.OfBlocks(plan, first, end);
        if (end == first + 1 && LoopCuts.IsCalled(plan.Instructions[first].Operation) && !body.Inputs.Contains(Access.Scalar) && IsWorthwhile(plan, LeastElementsOfSeveral))
        {
            return new EmittedBody(body, null, []);
        }

        BlockKernel kernel = Kept<BlockKernel, T>(Blocks, body, VectorWidth.Is512 ? BlockEmitter<T, Vector512<T>, Simd512<T>>.Emit
            : VectorWidth.Has256 ? BlockEmitter<T, Vector256<T>, Simd256<T>>.Emit
            : BlockEmitter<T, Vector128<T>, Simd128<T>>.Emit);
        return new EmittedBody(body, kernel, [.. LoopBody.SumsWithin(plan, first, end)]);
    }

    private static TKernel Kept<TKernel, T>(ConcurrentDictionary<string, TKernel> kernels, LoopBody body, Func<LoopBody, TKernel> emit)
    {
        string key = body.KeyFor<T>();
        if (kernels.TryGetValue(key, out TKernel? kernel))
        {
            return kernel;
        }

        if (kernels.Count >= MostKernels)
        {
            kernels.Clear();
        }

        return kernels.GetOrAdd(key, emit(body));
    }

    private static bool IsWorthwhile<T>(LoopPlan<T> plan, int elements)
        where T : unmanaged, IFloatingPointIeee754<T> => IsEmitting && (long)plan.Loop.Rows * plan.Loop.Columns >= elements;
}
