namespace Keyhole.Composition;

/// <summary>The memories of a layer by the top and by the bottom token of their values: who could agree with a token.</summary>
internal sealed class ValueTops(TracedLayer layer)
{
    private readonly Dictionary<int, int[]> _byTop = ByToken(layer.Argmax);
    private readonly Dictionary<int, int[]> _byBottom = ByToken(layer.Argmin);

    /// <summary>Whether an active memory, and whether any memory, has the token on top at the sign of its coefficient: its top token for m &gt;= 0, its bottom token for m &lt; 0.</summary>
    public (bool Active, bool Any) Agree(int token, CoefficientBits coefficients, int layer, int prefix)
    {
        (bool active, bool any) = (false, false);
        foreach (int memory in _byTop.GetValueOrDefault(token, []))
        {
            Meet(memory, negative: false);
        }

        foreach (int memory in _byBottom.GetValueOrDefault(token, []))
        {
            Meet(memory, negative: true);
        }

        return (active, any);

        void Meet(int memory, bool negative)
        {
            bool agrees = coefficients.IsNegative(layer, prefix, memory) == negative;
            any |= agrees;
            active |= agrees && coefficients.IsActive(layer, prefix, memory);
        }
    }

    private static Dictionary<int, int[]> ByToken(int[] tokens) => Enumerable.Range(0, tokens.Length)
        .Where(memory => tokens[memory] >= 0)
        .GroupBy(memory => tokens[memory])
        .ToDictionary(group => group.Key, group => group.ToArray());
}
