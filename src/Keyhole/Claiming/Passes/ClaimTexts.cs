using Keyhole.Composition;
using Keyhole.Corpora;
using Keyhole.Mining;

namespace Keyhole.Claiming.Passes;

/// <summary>The texts that claims are tested on: those with a position, all or one half.</summary>
/// <param name="texts">The texts.</param>
/// <param name="rules">Which positions count.</param>
/// <param name="seed">Decides the halves: which half a text belongs to depends on nothing but the seed and its number.</param>
internal sealed class ClaimTexts(PrefixTexts texts, MiningRules rules, ulong seed)
{
    private const ulong HalfStream = 7;

    /// <summary>What they are called in messages.</summary>
    public string Name => texts.Name;

    /// <summary>Reads the texts.</summary>
    /// <param name="half">0 or 1; null for all.</param>
    /// <param name="progress">Told the share that was read, or null.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public IEnumerable<PrefixText> Read(int? half, IProgress<double>? progress, CancellationToken cancellation) => texts.Read(progress, cancellation).Where(text =>
    {
        (int first, int end) = Positions(text);
        return first < end && (half is null || half == HalfOf(text.Unit.Index, seed));
    });

    /// <summary>The positions of a text: the first, and one past the last.</summary>
    public (int First, int End) Positions(in PrefixText text) => rules.Candidates(text.Unit.Tokens.Length, text.StartsWithBos);

    /// <summary>Writes down what was read.</summary>
    public void Describe(IDictionary<string, string> options) => texts.Describe(options);

    /// <summary>The half that a text belongs to.</summary>
    public static int HalfOf(int unit, ulong seed) => (int)(CounterHash.Hash(seed, (ulong)unit, HalfStream) & 1);
}
