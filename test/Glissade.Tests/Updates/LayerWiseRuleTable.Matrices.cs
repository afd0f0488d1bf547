using Glissade.Numerics;

namespace Glissade.Tests.Updates;

/// <content>Rules that see each parameter as a matrix.</content>
internal static partial class LayerWiseRuleTable
{
    private static double[,] Matrix(LayoutEntry entry, double[] x)
    {
        int rows = entry.Shape[0], columns = entry.Length / rows;
        double[,] result = new double[rows, columns];
        for (int i = 0; i < x.Length; i++)
        {
            result[i / columns, i % columns] = x[i];
        }

        return result;
    }

    private static double[] Flat(double[,] x) => [.. x.Cast<double>()];

    private static double[,] Product(double[,] a, double[,] b)
    {
        double[,] result = new double[a.GetLength(0), b.GetLength(1)];
        for (int i = 0; i < a.GetLength(0); i++)
        {
            for (int k = 0; k < a.GetLength(1); k++)
            {
                for (int j = 0; j < b.GetLength(1); j++)
                {
                    result[i, j] += a[i, k] * b[k, j];
                }
            }
        }

        return result;
    }

    private static double[,] Transposed(double[,] a)
    {
        double[,] result = new double[a.GetLength(1), a.GetLength(0)];
        for (int i = 0; i < a.GetLength(0); i++)
        {
            for (int j = 0; j < a.GetLength(1); j++)
            {
                result[j, i] = a[i, j];
            }
        }

        return result;
    }

    private static Func<double[], int, double[]> AdafactorUpdate(LayoutEntry entry)
    {
        bool isMatrix = entry.Shape.Rank >= 2;
        int rows = isMatrix ? entry.Shape[0] : 1, columns = entry.Length / rows;
        double[] row = new double[rows], column = new double[columns], v = new double[entry.Length];
        return (g, t) =>
        {
            double beta = 1 - Math.Pow(t, -0.8);
            if (isMatrix)
            {
                for (int i = 0; i < rows; i++)
                {
                    row[i] = (beta * row[i]) + ((1 - beta) * Enumerable.Range(0, columns).Sum(j => (g[(i * columns) + j] * g[(i * columns) + j]) + 1e-30));
                }

                for (int j = 0; j < columns; j++)
                {
                    column[j] = (beta * column[j]) + ((1 - beta) * Enumerable.Range(0, rows).Sum(i => (g[(i * columns) + j] * g[(i * columns) + j]) + 1e-30));
                }

                v = Each(v, i => row[i / columns] * column[i % columns] / row.Sum());
            }
            else
            {
                v = Each(v, i => (beta * v[i]) + ((1 - beta) * ((g[i] * g[i]) + 1e-30)));
            }

            double[] u = Each(g, i => g[i] / Math.Sqrt(v[i]));
            return Each(u, i => u[i] / Math.Max(1, RootMeanSquare(u)));
        };
    }

    private static Func<double[], int, double[]> MuonUpdate(LayoutEntry entry, double momentum)
    {
        double[] v = new double[entry.Length];
        return (g, t) =>
        {
            v = Each(g, i => (momentum * v[i]) + g[i]);
            double[] u = Each(g, i => g[i] + (momentum * v[i]));
            if (entry.Shape.Rank < 2)
            {
                return u;
            }

            // As its authors have it, with outputs along the rows.
            double[,] m = entry.Shape.Rank == 2 ? Transposed(Matrix(entry, u)) : Matrix(entry, u);
            int outputs = m.GetLength(0), inputs = m.GetLength(1);
            double[,] x = outputs > inputs ? Transposed(m) : m;
            double norm = Norm(Flat(x)) + 1e-7;
            for (int i = 0; i < x.GetLength(0); i++)
            {
                for (int j = 0; j < x.GetLength(1); j++)
                {
                    x[i, j] /= norm;
                }
            }

            for (int k = 0; k < 5; k++)
            {
                double[,] a = Product(x, Transposed(x)), aa = Product(a, a), b = new double[a.GetLength(0), a.GetLength(0)];
                for (int i = 0; i < a.GetLength(0); i++)
                {
                    for (int j = 0; j < a.GetLength(0); j++)
                    {
                        b[i, j] = (-4.7750 * a[i, j]) + (2.0315 * aa[i, j]);
                    }
                }

                double[,] bx = Product(b, x);
                for (int i = 0; i < x.GetLength(0); i++)
                {
                    for (int j = 0; j < x.GetLength(1); j++)
                    {
                        x[i, j] = (3.4445 * x[i, j]) + bx[i, j];
                    }
                }
            }

            double[,] back = outputs > inputs ? Transposed(x) : x;
            double[] flat = Flat(entry.Shape.Rank == 2 ? Transposed(back) : back);
            return Each(flat, i => flat[i] * Math.Sqrt(Math.Max(1, outputs / (double)inputs)));
        };
    }

    private static ReferenceStep ShampooSteps(LayoutEntry entry, double epsilon, double? decay, int longest, double rate)
    {
        if (entry.Shape.Rank < 2)
        {
            double[] s = new double[entry.Length];
            return (w, g, t) =>
            {
                s = Each(w, i => decay is { } b ? (b * s[i]) + ((1 - b) * g[i] * g[i]) : s[i] + (g[i] * g[i]));
                return Each(w, i => w[i] - (rate * g[i] / Math.Sqrt(s[i] + epsilon)));
            };
        }

        int rows = entry.Shape[0], columns = entry.Length / rows;
        double[,] left = new double[rows, rows], right = new double[columns, columns];
        return (w, g, t) =>
        {
            double[,] m = Matrix(entry, g);
            Add(left, Product(m, Transposed(m)));
            Add(right, Product(Transposed(m), m));
            double[] u = Flat(Product(Product(SymmetricMatrices.Power(Damped(left), -0.25), m), SymmetricMatrices.Power(Damped(right), -0.25)));
            return Each(w, i => w[i] - (rate * u[i]));
        };

        void Add(double[,] sum, double[,] product)
        {
            for (int i = 0; i < sum.GetLength(0); i++)
            {
                for (int j = 0; j < sum.GetLength(0); j++)
                {
                    sum[i, j] = decay is { } b ? (b * sum[i, j]) + ((1 - b) * product[i, j]) : sum[i, j] + product[i, j];
                }
            }
        }

        double[,] Damped(double[,] sum)
        {
            double[,] result = (double[,])sum.Clone();
            for (int i = 0; i < sum.GetLength(0); i++)
            {
                for (int j = 0; j < sum.GetLength(0); j++)
                {
                    result[i, j] = i == j ? sum[i, j] + epsilon : sum.GetLength(0) > longest ? 0 : sum[i, j];
                }
            }

            return result;
        }
    }
}
