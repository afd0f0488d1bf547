using System.Collections.Immutable;
using Glissade.Schedules;
using Glissade.Updates;

namespace Glissade.Learning.Training;

/// <summary>The learning-rate range test: trains for some steps while the rate rises exponentially, and sees where the loss falls and where it explodes.</summary>
/// <remarks>
/// Step k of n has the rate low·(high/low)^(k/(n − 1)), whatever the chain's schedule says; rates of groups of parameters keep the proportions that they have
/// where the schedule is highest. All other rules, schedules and the order of examples are those of training; a step of several micro-batches takes them all.
/// <para>
/// Smith (2017), Cyclical Learning Rates for Training Neural Networks, with a rate that rises linearly; the exponential sweep is usual since. The suggestion is a
/// place to begin: early in training, on a few batches, for this batch size.
/// </para>
/// </remarks>
public static class LearningRateRangeTest
{
    /// <summary>Sweeps, and leaves the session as it was found: parameters, states, counters and the place in the data.</summary>
    /// <param name="session">What to train, at its first step or later.</param>
    /// <param name="options">How to sweep.</param>
    /// <param name="cancellation">Ends the sweep after the current step; what was seen until then is judged.</param>
    /// <exception cref="ArgumentException">The chain has no learning rate, or its schedules give none above 0; or the highest rate is not above the lowest.</exception>
    public static LearningRateRangeResult Run(TrainingSession session, LearningRateRangeOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(session);
        options ??= new LearningRateRangeOptions();
        options.Check();
        Updater<float> updater = session.Updater;
        if (!updater.HasLearningRate)
        {
            throw new ArgumentException("The chain has no learning rate to sweep; put a rule 'learning-rate' at its end.", nameof(session));
        }

        TrainingState found = session.Save();
        long? heldAt = updater.LearningRateStep;
        try
        {
            double rate = Hold(updater, options.Steps);
            return Sweep(session, rate, options, cancellation);
        }
        finally
        {
            updater.LearningRateStep = heldAt;
            session.Restore(found);
        }
    }

    /// <summary>Holds the chain's rates where they are highest within so many steps, and gives that rate.</summary>
    private static double Hold(Updater<float> updater, int steps)
    {
        updater.LearningRateFactor = 1;
        long begin = updater.LearningRateStep ?? updater.AppliedSteps, best = begin;
        double highest = 0;
        for (long step = begin; step < begin + steps; step++)
        {
            updater.LearningRateStep = step;
            if (updater.NextLearningRate > highest)
            {
                (highest, best) = (updater.NextLearningRate, step);
            }
        }

        updater.LearningRateStep = best;
        return highest > 0 && double.IsFinite(highest) ? highest : throw new ArgumentException(
            FormattableString.Invariant($"The chain's learning rate is {highest} at its highest over {steps} steps; the sweep scales it, so it must be finite and above 0 somewhere."), nameof(updater));
    }

    private static LearningRateRangeResult Sweep(TrainingSession session, double ownRate, LearningRateRangeOptions options, CancellationToken cancellation)
    {
        Schedule sweep = Schedule.Geometric(options.Low, options.High, options.Steps - 1);
        var losses = new List<double>(options.Steps);
        var smooth = new RisingMean(options.Smoothing);
        double first = 0, best = double.PositiveInfinity, limit = double.PositiveInfinity;
        LearningRateRangeEnd end = LearningRateRangeEnd.Swept;
        for (int step = 0; step < options.Steps && end == LearningRateRangeEnd.Swept; step++)
        {
            session.Updater.LearningRateFactor = sweep.At(step) / ownRate;
            StepOutcome outcome = Step(session, out double loss);
            if (!double.IsFinite(loss))
            {
                end = LearningRateRangeEnd.NotFinite;
                break;
            }

            losses.Add(loss);
            double smoothed = smooth.Add(loss);
            first = step == 0 ? smoothed : first;
            best = Math.Min(best, smoothed);
            limit = Math.Max(first, best + ((options.Explosion - 1) * Math.Abs(best)));
            end = smoothed > limit ? LearningRateRangeEnd.Exploded
                : !outcome.Applied || !double.IsFinite(outcome.UpdateNorm) ? LearningRateRangeEnd.NotFinite
                : cancellation.IsCancellationRequested ? LearningRateRangeEnd.Cancelled
                : LearningRateRangeEnd.Swept;
        }

        return Judge([.. losses.Select((_, step) => sweep.At(step))], [.. losses], limit, end, options);
    }

    /// <summary>Takes a step with all of its micro-batches, and once more where an overflow has but reduced the loss scale, which says nothing about the rate.</summary>
    /// <param name="session">The session.</param>
    /// <param name="loss">The mean loss of the step's batches.</param>
    private static StepOutcome Step(TrainingSession session, out double loss)
    {
        double sum = 0;
        for (int batches = 0; ;)
        {
            if (session.Progress.Batch == session.StepsPerEpoch)
            {
                session.BeginNextEpoch();
            }

            int skipped = session.Progress.SkippedInARow;
            StepRecord record = session.Step();
            if (record.Outcome.IsLost && session.Progress.SkippedInARow == skipped)
            {
                continue;
            }

            sum += record.Loss;
            batches++;
            if (record.Outcome.Skipped != SkipReason.Accumulating)
            {
                loss = sum / batches;
                return record.Outcome;
            }
        }
    }

    /// <summary>What the losses say. Losses above the limit count as the limit, so that the explosion does not reach back through the smoothing.</summary>
    internal static LearningRateRangeResult Judge(double[] rates, double[] losses, double limit, LearningRateRangeEnd end, LearningRateRangeOptions options)
    {
        double[] bounded = [.. losses.Select(loss => Math.Min(loss, limit))];
        double[] smoothed = Smooth(bounded, options.Smoothing);
        ImmutableArray<LearningRateRangePoint> points = [.. rates.Select((rate, i) => new LearningRateRangePoint(rate, losses[i], smoothed[i]))];
        LearningRateRangeResult None(string why) => new(points, end, null, null, why);
        if (losses.Length < 5)
        {
            return None($"the sweep ended after {losses.Length} steps, too few to judge{(end is LearningRateRangeEnd.Exploded or LearningRateRangeEnd.NotFinite ? "; begin with a lower rate" : "")}");
        }

        int least = Array.IndexOf(smoothed, smoothed.Min()), steepest = 0;
        double greatestFall = 0;
        for (int i = 1; i < least; i++)
        {
            if (smoothed[i - 1] - smoothed[i + 1] > greatestFall)
            {
                (greatestFall, steepest) = (smoothed[i - 1] - smoothed[i + 1], i);
            }
        }

        if (steepest == 0 || smoothed[0] - smoothed[least] <= 4 * Noise(bounded, least, options.Smoothing))
        {
            return None(end is LearningRateRangeEnd.Swept or LearningRateRangeEnd.Cancelled
                ? "the loss did not clearly fall at any rate; sweep to a higher one, or with more steps"
                : "the loss did not clearly fall before it exploded; begin with a lower rate, or sweep with more steps");
        }

        string reason = FormattableString.Invariant($"the smoothed loss fell most steeply at {rates[steepest]:G3} and was least, {smoothed[least]:G3}, at {rates[least]:G3}");
        reason += end switch
        {
            LearningRateRangeEnd.Exploded => FormattableString.Invariant($"; it exploded at {rates[^1]:G3}"),
            LearningRateRangeEnd.NotFinite => FormattableString.Invariant($"; from {rates[^1]:G3} on it was not finite"),
            _ when least == losses.Length - 1 => "; it was still falling when the sweep ended, so a higher rate may be better",
            _ => "",
        };
        return new LearningRateRangeResult(points, end, rates[steepest], rates[least] / 10, reason);
    }

    /// <summary>The mean of all losses, each weighted with β to the power of its distance: two sums that run from both ends.</summary>
    private static double[] Smooth(double[] losses, double beta)
    {
        double[] sums = new double[losses.Length], weights = new double[losses.Length];
        for (int direction = 0; direction < 2; direction++)
        {
            (double sum, double weight) = (0, 0);
            for (int k = 0; k < losses.Length; k++)
            {
                int i = direction == 0 ? k : losses.Length - 1 - k;
                (sum, weight) = (losses[i] + (beta * sum), 1 + (beta * weight));

                // The loss itself is in both sums and counts once.
                (sums[i], weights[i]) = direction == 0 ? (sum, weight) : (sums[i] + sum - losses[i], weights[i] + weight - 1);
            }
        }

        return [.. sums.Zip(weights, (s, w) => s / w)];
    }

    /// <summary>The standard deviation that chance leaves in the difference between the first smoothed loss and another, from how far each loss lies off its neighbours.</summary>
    private static double Noise(double[] losses, int last, double beta)
    {
        double squares = 0;
        for (int i = 1; i < last; i++)
        {
            // What lies off the line through its neighbours is chance; what bends slowly is not.
            double off = losses[i] - ((losses[i - 1] + losses[i + 1]) / 2);
            squares += off * off / 1.5;
        }

        // The first smoothed loss is a mean over one side, the least one over two.
        double share = ((1 - beta) / (1 + beta)) + ((1 + (beta * beta)) * (1 - beta) / Math.Pow(1 + beta, 3));
        return last < 2 ? 0 : Math.Sqrt(squares / (last - 1) * share);
    }

    /// <summary>An exponential moving mean, freed of its bias, of what came so far.</summary>
    private sealed class RisingMean(double beta)
    {
        private double _sum, _weight;

        public double Add(double value)
        {
            (_sum, _weight) = (value + (beta * _sum), 1 + (beta * _weight));
            return _sum / _weight;
        }
    }
}
