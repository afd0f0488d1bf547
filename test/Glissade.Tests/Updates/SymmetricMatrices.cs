namespace Glissade.Tests.Updates;

/// <summary>Powers of symmetric matrices by Jacobi's rotations: slow, plain and exact.</summary>
internal static class SymmetricMatrices
{
    /// <summary>V·diag(λ^p)·Vᵀ.</summary>
    public static double[,] Power(double[,] a, double power)
    {
        int n = a.GetLength(0);
        (double[] values, double[,] vectors) = Decompose(a);
        double[,] result = new double[n, n];
        for (int k = 0; k < n; k++)
        {
            double scale = Math.Pow(values[k], power);
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    result[i, j] += scale * vectors[i, k] * vectors[j, k];
                }
            }
        }

        return result;
    }

    /// <summary>Eigenvalues, and eigenvectors in the columns.</summary>
    public static (double[] Values, double[,] Vectors) Decompose(double[,] matrix)
    {
        double[,] a = (double[,])matrix.Clone();
        int n = a.GetLength(0);
        double[,] v = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            v[i, i] = 1;
        }

        for (int sweep = 0; sweep < 30; sweep++)
        {
            double rest = 0;
            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    rest += a[p, q] * a[p, q];
                    Rotate(a, v, p, q);
                }
            }

            if (rest == 0)
            {
                break;
            }
        }

        return ([.. Enumerable.Range(0, n).Select(i => a[i, i])], v);
    }

    private static void Rotate(double[,] a, double[,] v, int p, int q)
    {
        if (Math.Abs(a[p, q]) <= 1e-300)
        {
            a[p, q] = a[q, p] = 0;
            return;
        }

        double theta = (a[q, q] - a[p, p]) / (2 * a[p, q]);
        double t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
        double c = 1 / Math.Sqrt((t * t) + 1), s = t * c;
        for (int k = 0; k < a.GetLength(0); k++)
        {
            (a[k, p], a[k, q]) = ((c * a[k, p]) - (s * a[k, q]), (s * a[k, p]) + (c * a[k, q]));
            (v[k, p], v[k, q]) = ((c * v[k, p]) - (s * v[k, q]), (s * v[k, p]) + (c * v[k, q]));
        }

        for (int k = 0; k < a.GetLength(0); k++)
        {
            (a[p, k], a[q, k]) = ((c * a[p, k]) - (s * a[q, k]), (s * a[p, k]) + (c * a[q, k]));
        }
    }
}
