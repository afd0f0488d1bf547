using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Glissade.Numerics;

namespace Glissade.Comparison.Measuring;

/// <summary>What the machine itself can do: the limits beside which figures stand.</summary>
internal static unsafe class MachineLimits
{
    /// <summary>Multiply-adds in flight at once: more than latency times units of any present processor, fewer than its registers.</summary>
    private const int Chains = 12;

    private const int Rounds = 100_000;
    private const int StreamLength = 1 << 24;
    private static readonly double[] Sums = new double[ComputePool.MaximumThreads];

    /// <summary>Floating-point operations in a second, of the widest vectors that pay, on threads at once.</summary>
    public static double Peak(int threads, int repeats = 30)
    {
        double peak = Peak<Vector256<float>, Simd256<float>>(threads, repeats);
        return Vector512.IsHardwareAccelerated ? Math.Max(peak, Peak<Vector512<float>, Simd512<float>>(threads, repeats)) : peak;
    }

    /// <summary>Floating-point operations in a second from independent multiply-adds, of one vector width.</summary>
    public static double Peak<TVector, TSimd>(int threads, int repeats)
        where TVector : struct
        where TSimd : ISimd<TVector, float>
    {
        double seconds = OfThreads(threads, repeats, index => Sums[index] = MultiplyAdds<TVector, TSimd>(Rounds));
        return 2.0 * threads * TSimd.Count * Chains * Rounds / seconds;
    }

    /// <summary>Bytes in a second from a copy of 64 MiB: bytes read and bytes written.</summary>
    public static double CopyBandwidth(int repeats)
    {
        var from = new FlatVector<float>(StreamLength);
        var to = new FlatVector<float>(StreamLength);
        from.Span.Fill(1);
        double seconds = BestTime.OfCall(() => from.Span.CopyTo(to.Span), 1, repeats);
        Sink.CheckFinite(to.Span, "the copy");
        return 2.0 * sizeof(float) * StreamLength / seconds;
    }

    /// <summary>Bytes in a second from a = b + s·c over 64 MiB each: bytes read and bytes written, not those fetched only to be overwritten.</summary>
    public static double TriadBandwidth(int repeats)
    {
        var a = new FlatVector<float>(StreamLength);
        var b = new FlatVector<float>(StreamLength);
        var c = new FlatVector<float>(StreamLength);
        b.Span.Fill(1);
        c.Span.Fill(2);
        double seconds = BestTime.OfCall(() => Triad(a.Pointer, b.Pointer, c.Pointer, 3, StreamLength), 1, repeats);
        Sink.CheckFinite(a.Span, "the triad");
        return 3.0 * sizeof(float) * StreamLength / seconds;
    }

    /// <summary>Bytes in a second from a = a + s·c over 64 MiB each: as a triad, but what is written was read before, as an optimizer does.</summary>
    public static double UpdateBandwidth(int repeats)
    {
        var a = new FlatVector<float>(StreamLength);
        var c = new FlatVector<float>(StreamLength);
        c.Span.Fill(1);
        double seconds = BestTime.OfCall(() => Triad(a.Pointer, a.Pointer, c.Pointer, 3, StreamLength), 1, repeats);
        Sink.CheckFinite(a.Span, "the update");
        return 3.0 * sizeof(float) * StreamLength / seconds;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float MultiplyAdds<TVector, TSimd>(int rounds)
        where TVector : struct
        where TSimd : ISimd<TVector, float>
    {
        TVector x = TSimd.Create(0.999f), y = TSimd.Create(1e-3f);
        TVector c0 = x, c1 = x, c2 = x, c3 = x, c4 = x, c5 = x, c6 = x, c7 = x, c8 = x, c9 = x, c10 = x, c11 = x;
        for (int i = 0; i < rounds; i++)
        {
            c0 = TSimd.FusedMultiplyAdd(x, y, c0);
            c1 = TSimd.FusedMultiplyAdd(x, y, c1);
            c2 = TSimd.FusedMultiplyAdd(x, y, c2);
            c3 = TSimd.FusedMultiplyAdd(x, y, c3);
            c4 = TSimd.FusedMultiplyAdd(x, y, c4);
            c5 = TSimd.FusedMultiplyAdd(x, y, c5);
            c6 = TSimd.FusedMultiplyAdd(x, y, c6);
            c7 = TSimd.FusedMultiplyAdd(x, y, c7);
            c8 = TSimd.FusedMultiplyAdd(x, y, c8);
            c9 = TSimd.FusedMultiplyAdd(x, y, c9);
            c10 = TSimd.FusedMultiplyAdd(x, y, c10);
            c11 = TSimd.FusedMultiplyAdd(x, y, c11);
        }

        TVector sum = TSimd.Add(TSimd.Add(TSimd.Add(c0, c1), TSimd.Add(c2, c3)), TSimd.Add(TSimd.Add(c4, c5), TSimd.Add(c6, c7)));
        sum = TSimd.Add(sum, TSimd.Add(TSimd.Add(c8, c9), TSimd.Add(c10, c11)));
        float* lanes = stackalloc float[16];
        TSimd.Store(sum, lanes);
        return lanes[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Triad(float* a, float* b, float* c, float scale, int length)
    {
        Vector256<float> s = Vector256.Create(scale);
        for (int i = 0; i < length; i += Vector256<float>.Count)
        {
            Vector256.Store(Vector256.Load(b + i) + (s * Vector256.Load(c + i)), a + i);
        }
    }

    /// <summary>Best time in which all threads do the work, each its own share, begun together.</summary>
    private static double OfThreads(int threads, int repeats, Action<int> work)
    {
        double best = double.PositiveInfinity;
        using var gate = new Barrier(threads);
        void Run(int index)
        {
            for (int repeat = 0; repeat < repeats; repeat++)
            {
                gate.SignalAndWait();
                long start = Stopwatch.GetTimestamp();
                work(index);
                gate.SignalAndWait();
                if (index == 0)
                {
                    best = Math.Min(best, BestTime.SecondsSince(start));
                }
            }
        }

        Thread[] others = [.. Enumerable.Range(1, threads - 1).Select(index => new Thread(() => Run(index)))];
        Array.ForEach(others, t => t.Start());
        Run(0);
        Array.ForEach(others, t => t.Join());
        return best;
    }
}
