using System.Collections.Immutable;
using System.Numerics;
using Glissade.Compilation;
using Glissade.Numerics;

namespace Glissade.Updates;

/// <summary>Counts micro-batches towards a step and adds up the gradients of all but its last.</summary>
internal sealed class MicroBatches<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private const string CountCounter = "accumulate.micro-batches", LossCounter = "accumulate.loss";
    private readonly Program<T> _addition;
    private readonly int _perStep;
    private int _count;
    private double _loss;

    private MicroBatches(int perStep, FlatVector<T> gradient, FlatVector<T> sum)
    {
        _perStep = perStep;
        var builder = new ProgramBuilder<T>();
        var shape = new Shape(gradient.Length);
        builder.Output(builder.View("sum", shape, sum, 0) + builder.View("gradient", shape, gradient, 0), sum, 0);
        _addition = builder.Build();
    }

    /// <summary>The micro-batches of a traced chain, or null where each step takes one batch.</summary>
    /// <exception cref="ArgumentException"><see cref="Accumulate"/> stands where it cannot work.</exception>
    public static MicroBatches<T>? Of(Chain chain, FlatVector<T> gradient, CompiledScope<T> scope)
    {
        if (chain.Rules.Skip(1).Any(r => r is Accumulate) || chain.Rules.Any(r => r is RestrictedRule restricted && restricted.Innermost is Accumulate))
        {
            throw new ArgumentException($"Accumulation gathers whole gradients: it must stand first in its chain, once and for all parameters, not as in {chain}.", nameof(chain));
        }

        return chain.Rules.FirstOrDefault() is Accumulate { Count: > 1 } rule
            ? new MicroBatches<T>(rule.Count, gradient, scope.States.First(s => s.Key == "accumulate.sum").Value)
            : null;
    }

    /// <summary>Whether the next micro-batch is the last of a step.</summary>
    public bool IsLast => _count + 1 == _perStep;

    /// <summary>Whether this micro-batch is the last of a step; if not, its gradient is added to the sum.</summary>
    /// <param name="loss">The micro-batch's loss; of the last one, the mean of all comes back.</param>
    public bool IsStepDue(ref double loss)
    {
        _loss += loss;
        if (++_count < _perStep)
        {
            _addition.Run();
            return false;
        }

        loss = _loss / _perStep;
        (_count, _loss) = (0, 0);
        return true;
    }

    public ImmutableSortedDictionary<string, double> AddTo(ImmutableSortedDictionary<string, double> counters) =>
        counters.Add(CountCounter, _count).Add(LossCounter, _loss);

    public void Restore(IReadOnlyDictionary<string, double> counters)
    {
        double count = counters[CountCounter], loss = counters[LossCounter];
        if (!(count >= 0 && count < _perStep && double.IsInteger(count)) || !double.IsFinite(loss))
        {
            throw new ArgumentException($"The saved counters '{CountCounter}' and '{LossCounter}' are {count} and {loss}; they must be a whole number below {_perStep} and a finite number.", nameof(counters));
        }

        (_count, _loss) = ((int)count, loss);
    }
}
