using Keyhole.Engine.Numerics;
using Keyhole.Statistics;

namespace Keyhole.Features;

/// <summary>Logistic regressions on all dimensions of vectors, for many questions about the same vectors.</summary>
/// <remarks>
/// Dimensions are brought to mean 0 and variance 1. A probe minimises <c>|w|^2 / 2 + sum over vectors of s ln(1 + exp(-l (w . x + b)))</c>, l = 1 for a yes and -1 for a no; s makes the
/// classes weigh alike: n / 2 over the size of its class (scikit-learn's objective with C = 1 and balanced classes). Newton's method, each step by conjugate gradients, as the Hessian
/// has no room where vectors are wide; it ends where the gradient is a ten-thousandth of the first one. Sums have a fixed order, so every machine gives the same bits.
/// </remarks>
internal sealed class LogisticProbes
{
    private const int MostSteps = 50;
    private const int MostDirections = 100;   // of conjugate gradients, for a step
    private const double Converged = 1e-4;
    private const double ShortestStep = 1e-4;

    private readonly float[][] _rows;     // standardised, then 1, [n][D + 1]
    private readonly double[] _means;     // [D]
    private readonly double[] _scales;    // [D]

    /// <param name="vectors">The vectors, at least one, all of one length.</param>
    public LogisticProbes(IReadOnlyList<float[]> vectors)
    {
        int width = vectors[0].Length;
        _means = new double[width];
        _scales = new double[width];
        foreach (float[] vector in vectors)
        {
            for (int d = 0; d < width; d++)
            {
                _means[d] += (double)vector[d] / vectors.Count;
            }
        }

        foreach (float[] vector in vectors)
        {
            for (int d = 0; d < width; d++)
            {
                _scales[d] += Math.Pow(vector[d] - _means[d], 2) / vectors.Count;
            }
        }

        for (int d = 0; d < width; d++)
        {
            _scales[d] = _scales[d] > 0 ? Math.Sqrt(_scales[d]) : 1;
        }

        _rows = [.. vectors.Select(vector => (float[])[.. vector.Select((value, d) => (float)((value - _means[d]) / _scales[d])), 1])];
    }

    /// <summary>The probe of a question.</summary>
    /// <param name="labels">The answer of each vector; both answers must be there.</param>
    public LinearProbe Fit(ReadOnlySpan<bool> labels)
    {
        int positives = labels.Count(true);
        var weights = new double[labels.Length];   // s
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = labels.Length / 2.0 / (labels[i] ? positives : labels.Length - positives);
        }

        var w = new float[_means.Length + 1];
        double loss = Loss(w, labels, weights);
        double first = 0;
        for (int step = 0; step < MostSteps; step++)
        {
            (float[] gradient, double[] curvatures) = Derivatives(w, labels, weights);
            double size = Reductions.L2Norm(gradient);
            first = step == 0 ? size : first;
            if (size <= Converged * first)
            {
                break;
            }

            float[] direction = Solve(gradient, curvatures);
            double length = 1;
            float[] tried = Moved(w, direction, length);
            double next = Loss(tried, labels, weights);
            while (!(next < loss) && length > ShortestStep)
            {
                length /= 2;
                tried = Moved(w, direction, length);
                next = Loss(tried, labels, weights);
            }

            if (!(next < loss))
            {
                break;   // what is left to gain is less than rounding
            }

            (w, loss) = (tried, next);
        }

        double threshold = -w[^1];
        var raw = new double[_means.Length];
        for (int d = 0; d < raw.Length; d++)
        {
            raw[d] = w[d] / _scales[d];
            threshold += raw[d] * _means[d];
        }

        return new LinearProbe(raw, threshold);
    }

    private double Loss(float[] w, ReadOnlySpan<bool> labels, double[] weights)
    {
        double loss = Reductions.SumOfSquares(w.AsSpan(0, w.Length - 1)) / 2.0;
        for (int i = 0; i < labels.Length; i++)
        {
            double margin = Reductions.Dot(_rows[i], w) * (labels[i] ? 1 : -1);
            loss += weights[i] * (Math.Max(0, -margin) + LogOnePlus.Of(Math.Exp(-Math.Abs(margin))));
        }

        return loss;
    }

    private (float[] Gradient, double[] Curvatures) Derivatives(float[] w, ReadOnlySpan<bool> labels, double[] weights)
    {
        float[] gradient = Penalised(w);
        var curvatures = new double[labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            double p = 1 / (1 + Math.Exp(-Reductions.Dot(_rows[i], w)));
            curvatures[i] = weights[i] * p * (1 - p);
            Elementwise.MultiplyAdd(gradient, _rows[i], (float)(weights[i] * (p - (labels[i] ? 1 : 0))));
        }

        return (gradient, curvatures);
    }

    // H s = g by conjugate gradients, as near as a step needs it.
    private float[] Solve(float[] gradient, double[] curvatures)
    {
        var solution = new float[gradient.Length];
        float[] residual = [.. gradient];
        float[] direction = [.. gradient];
        double squared = Reductions.SumOfSquares(residual);
        double enough = squared * Math.Min(0.01, Math.Sqrt(squared));
        for (int i = 0; i < MostDirections && squared > enough; i++)
        {
            float[] curved = Penalised(direction);
            for (int row = 0; row < curvatures.Length; row++)
            {
                Elementwise.MultiplyAdd(curved, _rows[row], (float)(curvatures[row] * Reductions.Dot(_rows[row], direction)));
            }

            double curvature = Reductions.Dot(direction, curved);
            if (!(curvature > 0))
            {
                break;
            }

            float length = (float)(squared / curvature);
            Elementwise.MultiplyAdd(solution, direction, length);
            Elementwise.MultiplyAdd(residual, curved, -length);
            double next = Reductions.SumOfSquares(residual);
            Elementwise.ScaleAndAdd(direction, (float)(next / squared), residual);
            squared = next;
        }

        return solution;
    }

    private static float[] Penalised(float[] vector)
    {
        float[] copy = [.. vector];
        copy[^1] = 0;   // the intercept is free
        return copy;
    }

    private static float[] Moved(float[] from, float[] direction, double length)
    {
        float[] moved = [.. from];
        Elementwise.MultiplyAdd(moved, direction, (float)-length);
        return moved;
    }
}
