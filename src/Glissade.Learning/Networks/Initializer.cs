using Glissade.Numerics;

namespace Glissade.Learning.Networks;

/// <summary>How the numbers of a parameter begin.</summary>
/// <remarks>Immutable; free to share between threads. Numbers come from a random stream of the parameter's own, keyed by the run's seed and the parameter's name.</remarks>
public abstract record Initializer
{
    /// <summary>The name, as in listings.</summary>
    public abstract string Name { get; }

    /// <summary>The formula, on one line.</summary>
    public abstract string Formula { get; }

    /// <summary>All zeros.</summary>
    public static Initializer Zeros { get; } = new ZerosInitializer();

    /// <summary>All ones.</summary>
    public static Initializer Ones { get; } = new OnesInitializer();

    /// <summary>Uniform on ±√(6/(fan-in + fan-out)). Glorot and Bengio (2010), Understanding the Difficulty of Training Deep Feedforward Neural Networks.</summary>
    public static Initializer Glorot { get; } = new GlorotInitializer();

    /// <summary>Normal with variance 2/fan-in, for rectifiers. He, Zhang, Ren and Sun (2015), Delving Deep into Rectifiers.</summary>
    public static Initializer He { get; } = new HeInitializer();

    /// <summary>Writes the first numbers of a parameter.</summary>
    /// <param name="values">The parameter.</param>
    /// <param name="fanIn">Inputs that each output sums over.</param>
    /// <param name="fanOut">Outputs that each input reaches.</param>
    /// <param name="random">The parameter's own stream.</param>
    protected internal abstract void Fill(Span<float> values, int fanIn, int fanOut, RandomStream random);

    private sealed record ZerosInitializer : Initializer
    {
        public override string Name => "zeros";

        public override string Formula => "w = 0";

        protected internal override void Fill(Span<float> values, int fanIn, int fanOut, RandomStream random) => values.Clear();
    }

    private sealed record OnesInitializer : Initializer
    {
        public override string Name => "ones";

        public override string Formula => "w = 1";

        protected internal override void Fill(Span<float> values, int fanIn, int fanOut, RandomStream random) => values.Fill(1);
    }

    private sealed record GlorotInitializer : Initializer
    {
        public override string Name => "glorot";

        public override string Formula => "w ~ U(−a, a), a = √(6/(fan-in + fan-out))";

        protected internal override void Fill(Span<float> values, int fanIn, int fanOut, RandomStream random)
        {
            float bound = (float)Math.Sqrt(6.0 / Math.Max(1, fanIn + fanOut));
            random.FillUniform(values, -bound, bound);
        }
    }

    private sealed record HeInitializer : Initializer
    {
        public override string Name => "he";

        public override string Formula => "w ~ N(0, 2/fan-in)";

        protected internal override void Fill(Span<float> values, int fanIn, int fanOut, RandomStream random) =>
            random.FillNormal(values, 0f, (float)Math.Sqrt(2.0 / Math.Max(1, fanIn)));
    }
}
