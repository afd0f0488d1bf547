using Glissade.Compilation;
using Glissade.Differentiation;
using Glissade.Numerics;
using static Glissade.Differentiation.Functions;

namespace Glissade.Tests.Compilation;

[Collection(RunsAlone.Name)]
public sealed class CompileTimeTests
{
    [Fact]
    public void CompilingAFunctionOfThousandsOfNumbersTakesNearlyLinearTime()
    {
        // Four times the numbers: sixteen times the work if anything were quadratic. The first call warms up.
        Compile(500);
        double small = Enumerable.Range(0, 3).Min(_ => Compile(1000)), large = Enumerable.Range(0, 3).Min(_ => Compile(4000));
        Assert.True(large < 10 * small, $"1,000 numbers took {small:0.000} s, 4,000 numbers {large:0.000} s");

        static double Compile(int n)
        {
            TracedFunction function = TracedFunction.Of(new Shape(n), x =>
            {
                Tensor sum = Square(1 - x[0]);
                for (int i = 0; i < n - 1; i++)
                {
                    sum += Square(1 - x[i]) + (100 * Square(x[i + 1] - Square(x[i])));
                }

                return sum;
            }).WithGradient();

            // The processor's time: on a busy machine the clock says little.
            TimeSpan start = Environment.CpuUsage.TotalTime;
            function.Compile<double>();
            return (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        }
    }
}
