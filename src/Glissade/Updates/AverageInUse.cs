namespace Glissade.Updates;

/// <summary>The average stands in the place of the parameters until this is disposed of.</summary>
public sealed class AverageInUse : IDisposable
{
    private Action? _end;

    internal AverageInUse(Action end) => _end = end;

    /// <summary>Swaps back; a second time does nothing.</summary>
    public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
}
