using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Claiming.Files;
using Keyhole.Engine;
using Keyhole.Engine.Tokens;
using Keyhole.Studies;

namespace Keyhole.Claiming.Predicates;

/// <summary>The texts of the vocabulary, and the tokens that a claim names by them.</summary>
internal sealed class TokenTexts
{
    private const char SentencePieceSpace = '\u2581';

    private readonly Dictionary<int, string> _texts;
    private readonly Tokenizer _tokenizer;
    private readonly Lazy<ILookup<string, int>> _exact;
    private readonly Lazy<ILookup<string, int>> _folded;

    /// <param name="study">Has the texts.</param>
    /// <param name="tokenizer">Of its model.</param>
    public TokenTexts(Study study, Tokenizer tokenizer)
    {
        _tokenizer = tokenizer;
        _texts = study.Query("SELECT id, text FROM token", row => (Id: row.GetInt32(0), Text: row.GetString(1))).ToDictionary(token => token.Id, token => token.Text);
        _exact = new Lazy<ILookup<string, int>>(() => _texts.ToLookup(token => token.Value, token => token.Key, StringComparer.Ordinal));
        _folded = new Lazy<ILookup<string, int>>(() => _texts.ToLookup(token => token.Value, token => token.Key, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The text of a token; empty where the study does not have it.</summary>
    public string Of(int token) => _texts.GetValueOrDefault(token, string.Empty);

    /// <summary>The tokens that an entry names: by id, or those whose text is the entry, or a space and the entry.</summary>
    /// <param name="claim">Name of the claim, for messages.</param>
    /// <param name="field">Its field.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="ignoreCase">Whether capitals and small letters are the same.</param>
    /// <exception cref="InputRefusedException">KH7805: the vocabulary has no such token.</exception>
    public IEnumerable<int> Named(string claim, string field, PredicateEntry entry, bool ignoreCase)
    {
        if (entry.Text is not { } text)
        {
            return entry.Id < _tokenizer.VocabularySize
                ? [entry.Id]
                : throw new InputRefusedException("KH7805", string.Create(CultureInfo.InvariantCulture, $"claim '{claim}': the field '{field}' names token {entry.Id}, but ids of this vocabulary go from 0 to {_tokenizer.VocabularySize - 1}. Put a number that is meant as a text in quotes."));
        }

        ILookup<string, int> lookup = (ignoreCase ? _folded : _exact).Value;
        int[] found = [.. lookup[text].Concat(lookup[" " + text])];
        if (found.Length == 0 && text.StartsWith(' ') && _tokenizer.IdOf(SentencePieceSpace + text[1..]) is { } spaced)
        {
            found = [spaced];   // a SentencePiece token alone decodes without its space
        }

        return found.Length > 0
            ? found
            : throw new InputRefusedException("KH7805", $"claim '{claim}': the field '{field}' names '{ClaimFields.Shortened(text)}', which is no single token of this vocabulary. 'keyhole tokenize' shows how a text is cut; 'ngram' takes several tokens, 'words' whole words.");
    }

    /// <summary>The tokens that any of some entries names.</summary>
    public FrozenSet<int> Named(string claim, string field, IEnumerable<PredicateEntry> entries, bool ignoreCase)
        => entries.SelectMany(entry => Named(claim, field, entry, ignoreCase)).ToFrozenSet();

    /// <summary>The token sequences of a text: as it stands, and after a space.</summary>
    public ImmutableArray<FrozenSet<int>>[] Sequences(string text, bool ignoreCase)
    {
        int[][] encodings = [_tokenizer.Encode(text, addSpecialTokens: false).Ids, _tokenizer.Encode(" " + text, addSpecialTokens: false).Ids];
        return [.. encodings.Where(ids => ids.Length > 0).Select(ids => ids.Select(id => ignoreCase ? Alike(id) : [id]).Select(set => set.ToFrozenSet()).ToImmutableArray())];
    }

    private int[] Alike(int token) => [token, .. _folded.Value[Of(token)]];
}
