using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace Glissade.Numerics;

/// <summary>Work that was cut into chunks by its size; any thread may run any chunk.</summary>
internal interface IChunkedWork
{
    /// <summary>Runs one chunk.</summary>
    /// <param name="chunk">Which chunk.</param>
    /// <param name="worker">Which worker runs it, from 0 to <see cref="ComputePool.Threads"/>−1: for scratch memory.</param>
    void RunChunk(int chunk, int worker);
}

/// <summary>The persistent threads that run compiled programs.</summary>
/// <remarks>
/// Work is cut by its size and never by the number of threads, and chunks write to places of their own, so results do not depend on
/// <see cref="Threads"/>. One job runs at a time; a job started while another runs stays on its own thread.
/// </remarks>
public static class ComputePool
{
    private static readonly Lock Gate = new();
    private static readonly List<Worker> Workers = [];
    private static volatile IChunkedWork? _work;
    private static Exception? _failure;
    private static int _failedChunk;
    private static int _threads = Environment.ProcessorCount;
    private static int _chunks;
    private static int _next;
    private static int _running;
    private static int _busy;

    /// <summary>Threads that may compute at once, the caller's included; the number of processors unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 1 or more than 1024.</exception>
    public static int Threads
    {
        get => _threads;
        set
        {
            if (value is < 1 or > MaximumThreads)
            {
                throw new ArgumentOutOfRangeException(nameof(value), value, $"The number of threads must be from 1 to {MaximumThreads}, not {value}.");
            }

            _threads = value;
        }
    }

    internal const int MaximumThreads = 1024;

    internal static void Run(IChunkedWork work, int chunks)
    {
        int helpers = Math.Min(_threads, chunks) - 1;
        if (helpers <= 0 || Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
        {
            for (int chunk = 0; chunk < chunks; chunk++)
            {
                work.RunChunk(chunk, 0);
            }

            return;
        }

        try
        {
            EnsureWorkers(helpers);
            _work = work;
            _chunks = chunks;
            _failure = null;
            Volatile.Write(ref _next, 0);
            Volatile.Write(ref _running, helpers);
            for (int i = 0; i < helpers; i++)
            {
                Workers[i].Wake();
            }

            TakeChunks(work, 0);
            SpinWait wait = default;
            while (Volatile.Read(ref _running) != 0)
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }

            _work = null;
            if (_failure is { } failure)
            {
                // As it would come out of a single thread.
                ExceptionDispatchInfo.Throw(failure);
            }
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    private static void TakeChunks(IChunkedWork work, int worker)
    {
        int chunk = 0;
        try
        {
            for (chunk = Interlocked.Increment(ref _next) - 1; chunk < _chunks; chunk = Interlocked.Increment(ref _next) - 1)
            {
                work.RunChunk(chunk, worker);
            }
        }
        catch (Exception e)
        {
            Volatile.Write(ref _next, _chunks);

            // Chunks are taken in order, so whenever one fails those before it have been taken too: the first that fails always does, and is the one told of.
            lock (Gate)
            {
                if (_failure is null || chunk < _failedChunk)
                {
                    (_failure, _failedChunk) = (e, chunk);
                }
            }
        }
    }

    private static void EnsureWorkers(int count)
    {
        lock (Gate)
        {
            while (Workers.Count < count)
            {
                Workers.Add(new Worker(Workers.Count + 1));
            }
        }
    }

    /// <summary>A thread that lives as long as the process, and so does what it waits on.</summary>
    [SuppressMessage("Design", "CA1001", Justification = "Workers are never disposed of.")]
    private sealed class Worker
    {
        private readonly ManualResetEventSlim _wake = new(false, spinCount: 200);
        private readonly int _index;

        public Worker(int index)
        {
            _index = index;
            new Thread(Loop) { IsBackground = true, Name = $"Glissade compute {index}" }.Start();
        }

        public void Wake() => _wake.Set();

        private void Loop()
        {
            while (true)
            {
                _wake.Wait();
                _wake.Reset();
                if (_work is { } work)
                {
                    TakeChunks(work, _index);
                }

                Interlocked.Decrement(ref _running);
            }
        }
    }
}
