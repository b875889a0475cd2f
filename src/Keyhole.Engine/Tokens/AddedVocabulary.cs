using Keyhole.Engine.Tokens.Normalizers;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens;

/// <summary>Finds added tokens in a text: those that are not normalised in the text itself, the others after normalisation.</summary>
internal sealed class AddedVocabulary
{
    private readonly Dictionary<int, AddedToken> _byId = [];
    private readonly Dictionary<string, int> _byContent = new(StringComparer.Ordinal);
    private readonly HashSet<int> _special = [];
    private readonly IAddedTokenMatcher _raw;
    private readonly AddedTokenMatcher _normalized = new();

    /// <param name="tokens">The tokens, in the order of the file.</param>
    /// <param name="normalizer">The tokenizer's normaliser.</param>
    /// <param name="longestFirst">Whether the longest token of all is looked for first, as llama.cpp does, and not the leftmost.</param>
    public AddedVocabulary(IEnumerable<AddedToken> tokens, INormalizer? normalizer, bool longestFirst = false)
    {
        _raw = longestFirst ? new LongestFirstMatcher() : new AddedTokenMatcher();
        var ordered = new List<AddedToken>();
        foreach (AddedToken token in tokens.Where(token => token.Content.Length > 0))
        {
            ordered.Add(token);
            _byContent[token.Content] = token.Id;
            if (token.Special)
            {
                _special.Add(token.Id);
            }

            Size = Math.Max(Size, token.Id + 1);
        }

        // Of two that match alike a special one is taken, else the last.
        foreach (AddedToken token in ordered.AsEnumerable().Reverse().OrderBy(token => token.Special ? 0 : 1))
        {
            byte[] content = CodePoints.Utf8(token.Content);
            if (!token.Normalized)
            {
                _raw.Add(content, token);
                _byId.TryAdd(token.Id, token);
                continue;
            }

            // The library knows such a token by its normalised content from then on, in decoding too.
            AlignedText text = AlignedText.Identity(content, 0);
            ReadOnlySpan<byte> normalized = (normalizer?.Apply(text) ?? text).Bytes;
            AddedToken known = token with { Content = CodePoints.String(normalized) };
            _normalized.Add(normalized, known);
            _byId.TryAdd(token.Id, known);
        }
    }

    /// <summary>Nothing is looked for in texts, but some ids are special.</summary>
    public static AddedVocabulary SpecialOnly(IEnumerable<int> ids)
    {
        var vocabulary = new AddedVocabulary([], null);
        vocabulary._special.UnionWith(ids);
        return vocabulary;
    }

    /// <summary>Largest id + 1, or 0.</summary>
    public int Size { get; }

    /// <summary>Whether tokens are looked for in the normalised text at all.</summary>
    public bool HasNormalized => !_normalized.IsEmpty;

    public AddedToken? ById(int id) => _byId.GetValueOrDefault(id);

    public int? IdOf(string content) => _byContent.TryGetValue(content, out int id) ? id : null;

    public bool IsSpecial(int id) => _special.Contains(id);

    /// <summary>Splits a text at the tokens that are looked for before normalisation.</summary>
    public void SplitRaw(ReadOnlySpan<byte> text, int start, int end, List<PieceRange> output) => _raw.Split(text, start, end, output);

    /// <summary>Splits a normalised text at the other tokens.</summary>
    public void SplitNormalized(ReadOnlySpan<byte> text, int start, int end, List<PieceRange> output) => _normalized.Split(text, start, end, output);
}
