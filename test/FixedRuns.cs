using FsCheck;
using Microsoft.FSharp.Core;

namespace Glissade.Tests;

/// <summary>Random tests that are the same in every run, so that a failure comes again; FsCheck's message of one tells the seed and the size of the step that failed.</summary>
internal static class FixedRuns
{
    /// <summary>So many tests of one seed.</summary>
    public static Config Of(int tests, ulong seed = 1) =>
        Config.QuickThrowOnFailure.WithMaxTest(tests).WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(seed, 2 * seed + 1), FSharpOption<int>.None)));
}
