namespace Glissade.Updates;

/// <content>The average of the parameters: copied, or used in their place.</content>
public sealed partial class Updater<T>
{
    /// <summary>Writes the parameters to evaluate and to keep: the average where one is kept and a step was applied, else θ.</summary>
    /// <param name="destination">A vector of the length of θ.</param>
    /// <exception cref="ArgumentException">The length differs.</exception>
    public void CopyAverage(Span<T> destination)
    {
        if (destination.Length != Parameters.Length)
        {
            throw new ArgumentException($"The destination has {destination.Length} elements, but there are {Parameters.Length} parameters.", nameof(destination));
        }

        // While the average is in use it stands in the place of θ.
        Parameters.Span.CopyTo(destination);
        if (AppliedSteps > 0 && !_isAverageInUse)
        {
            _scope.Evaluated.CopyTo(destination);
        }
    }

    /// <summary>Puts the average into θ until what is returned is disposed of: <c>using (updater.UseAverage()) { … }</c> evaluates it and swaps back, whatever happens.</summary>
    /// <remarks>
    /// No step may be taken meanwhile, nor anything saved or restored: the average's state holds θ. Where there is no average, or no step was applied, nothing is
    /// swapped.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The average is in use already.</exception>
    public AverageInUse UseAverage()
    {
        if (_isAverageInUse)
        {
            throw new InvalidOperationException("The average is in use already; dispose of the first use before the next.");
        }

        Swap();
        _isAverageInUse = true;
        return new AverageInUse(() =>
        {
            Swap();
            _isAverageInUse = false;
        });
    }

    private void Swap()
    {
        if (AppliedSteps > 0)
        {
            _scope.Evaluated.Swap(Parameters.Span);
        }
    }
}
