using System.Runtime.InteropServices;

namespace Glissade.Cli.Running;

/// <summary>Turns Ctrl-C, SIGTERM and the end of the terminal (SIGHUP) into a cancellation; a second one ends the process at once, as it would without this.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action _onFirst, _onSecond;
    private readonly Lock _gate = new();
    private bool _isOver;
    private int _signals;

    /// <summary>Begins to listen.</summary>
    /// <param name="onFirst">Told of the first signal, on another thread.</param>
    /// <param name="onSecond">Told of the second, just before the process ends.</param>
    public Interruption(Action onFirst, Action onSecond)
    {
        (_onFirst, _onSecond) = (onFirst, onSecond);
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        // A signal handled just now may still be on its way to the source.
        lock (_gate)
        {
            _isOver = true;
            _source.Dispose();
        }
    }

    private void OnSignal(PosixSignalContext context)
    {
        if (Interlocked.Increment(ref _signals) > 1)
        {
            _onSecond();

            // Left to itself the runtime ends the process for the other signals, but not for this one while a thread computes.
            if (context.Signal == PosixSignal.SIGTERM)
            {
                Environment.Exit(ExitCode.Terminated);
            }

            return;
        }

        context.Cancel = true;
        lock (_gate)
        {
            if (_isOver)
            {
                return;
            }

            _source.Cancel();
        }

        _onFirst();
    }
}
