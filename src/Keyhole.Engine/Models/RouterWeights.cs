using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models;

/// <summary>A router with its weights: which experts a token uses, and how much.</summary>
internal sealed class RouterWeights(RouterSpec spec, WeightReader reader) : IDisposable
{
    private readonly PackedMatrix _map = reader.Pack(spec.Map);   // [experts, D]
    private readonly float[] _bias = reader.Biases(spec.Map);

    /// <summary>Number of experts.</summary>
    public int Experts => _map.Outputs;

    /// <summary>Weights of the experts of each row; 0 for those that were not chosen.</summary>
    /// <param name="input">Shape [rows, D].</param>
    /// <param name="weights">Receives them, shape [rows, experts].</param>
    public void Choose(MatrixView input, MatrixView weights)
    {
        Gemm.Multiply(input, _map, weights, _bias);
        Span<bool> chosen = stackalloc bool[Experts <= 1024 ? Experts : 0];
        chosen = chosen.IsEmpty ? new bool[Experts] : chosen;
        for (int row = 0; row < weights.Rows; row++)
        {
            Span<float> probabilities = weights.Row(row);
            Softmax.Row(probabilities);
            chosen.Clear();
            float sum = 0;
            for (int rank = 0; rank < spec.Chosen; rank++)
            {
                int best = Best(probabilities, chosen);
                chosen[best] = true;
                sum += probabilities[best];
            }

            for (int expert = 0; expert < probabilities.Length; expert++)
            {
                probabilities[expert] = !chosen[expert] ? 0 : spec.Renormalizes ? probabilities[expert] / sum : probabilities[expert];
            }
        }
    }

    public void Dispose() => _map.Dispose();

    // The largest that is not chosen yet, the first of equals.
    private static int Best(ReadOnlySpan<float> probabilities, ReadOnlySpan<bool> chosen)
    {
        int best = -1;
        for (int expert = 0; expert < probabilities.Length; expert++)
        {
            if (!chosen[expert] && (best < 0 || probabilities[expert] > probabilities[best]))
            {
                best = expert;
            }
        }

        return best;
    }
}
