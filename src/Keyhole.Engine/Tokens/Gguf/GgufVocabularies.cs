using Keyhole.Engine.Tokens.Decoders;
using Keyhole.Engine.Tokens.Models;
using Keyhole.Engine.Tokens.Normalizers;
using Keyhole.Engine.Tokens.Patterns;
using Keyhole.Engine.Tokens.PreTokenizers;
using Keyhole.Engine.Tokens.Processors;
using Keyhole.Engine.Tokens.SentencePiece;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Gguf;

/// <summary>Puts the parts of GGUF vocabularies together.</summary>
internal static class GgufVocabularies
{
    /// <summary>Byte-level BPE.</summary>
    public static Tokenizer Gpt2(GgufMetadata file)
    {
        ScoredPieces pieces = file.Pieces();
        IReadOnlyList<string> lines = file.Texts("merges") ?? throw file.Refuse("tokenizer.ggml.merges", null, "the merges");
        var merges = new MergeList(file.Source, "tokenizer.ggml.merges", pieces.Vocabulary, prefixLength: 0, lines.Count);
        foreach (string line in lines)
        {
            merges.AddLine(CodePoints.Utf8(line));
        }

        PreTokenizerKind kind = PreTokenizerKinds.Find(file.Source, file.Text("tokenizer.ggml.pre") ?? "default");
        var steps = new List<IPreTokenizer>();
        foreach (string expression in kind.Expressions)
        {
            steps.Add(new PatternSplitter(PatternFactory.Create(file.Source, expression), SplitBehavior.Isolated));
        }

        steps.Add(new ByteLevelPreTokenizer(addPrefixSpace: false, useRegex: false));
        var model = new BpeModel(pieces.Vocabulary, merges.ToTable(), new BpeOptions(file.Source, IgnoreMerges: kind.IgnoresMerges));
        var parts = new TokenizerParts(file.Source, model, SpecialTokens(file, pieces))
        {
            PreTokenizer = new SequencePreTokenizer(steps),
            Decoder = new ByteLevelDecoder(),
            Special = new SpecialIds(Id(file, pieces, "bos_token_id", null), Id(file, pieces, "eos_token_id", null), Id(file, pieces, "unknown_token_id", null)),
        };
        return WithEnds(file, parts, kind.AddsBos, addsEos: false);
    }

    /// <summary>SentencePiece BPE, in which a missing character becomes its bytes.</summary>
    public static Tokenizer Llama(GgufMetadata file)
    {
        ScoredPieces pieces = file.Pieces();
        var special = new SpecialIds(Id(file, pieces, "bos_token_id", 1), Id(file, pieces, "eos_token_id", 2), Id(file, pieces, "unknown_token_id", 0));
        bool prefixed = file.Flag("add_space_prefix") ?? true;
        var escape = new ReplaceNormalizer(new LiteralPattern(" "), SpaceMark.Text);
        var decoders = new List<IDecoder> { new ReplaceDecoder(new LiteralPattern(SpaceMark.Text), " "), new ByteFallbackDecoder(), new FuseDecoder() };
        if (prefixed)
        {
            decoders.Add(new StripDecoder(new System.Text.Rune(' '), 1, 0));
        }

        var model = new ScoredBpeModel(file.Source, pieces, special.Unknown ?? -1, byteFallback: true, joinsAll: true);
        var parts = new TokenizerParts(file.Source, model, SpecialTokens(file, pieces))
        {
            Normalizer = prefixed ? new SequenceNormalizer([new PrependNormalizer(SpaceMark.Text), escape]) : escape,
            Decoder = new SequenceDecoder(decoders),
            Special = special,
        };
        return WithEnds(file, parts, addsBos: true, addsEos: false);
    }

    /// <summary>Unigram, as in T5.</summary>
    public static Tokenizer T5(GgufMetadata file)
    {
        ScoredPieces pieces = file.Pieces();
        int unknown = Id(file, pieces, "unknown_token_id", 2) ?? pieces.FirstOf(PieceType.Unknown);
        double[] scores = [.. pieces.Scores.Select((score, id) => pieces.Types[id] == PieceType.UserDefined ? 0.0 : score)];
        double least = pieces.Ids(PieceType.Normal).Select(id => (double)pieces.Scores[id]).DefaultIfEmpty(0).Min();
        var model = new UnigramModel(
            file.Source, pieces.Vocabulary, scores, least, unknown, byteFallback: false, singlePrecision: false,
            id => pieces.Types[id] is PieceType.Normal or PieceType.UserDefined or PieceType.Unused);
        byte[] map = file.Bytes("precompiled_charsmap");
        CharacterMap? characters = map.Length == 0 ? null
            : CharacterMap.Read(map) ?? throw file.Refuse("tokenizer.ggml.precompiled_charsmap", map, "a character map");
        var options = new NormalizerOptions(file.Flag("add_space_prefix") ?? true, file.Flag("remove_extra_whitespaces") ?? true, EscapeSpaces: true);
        var parts = new TokenizerParts(file.Source, model, SpecialTokens(file, pieces))
        {
            Normalizer = new SentencePieceNormalizer(options, characters, pieces.TrieOf(PieceType.UserDefined)),
            Decoder = new SequenceDecoder([new ReplaceDecoder(new LiteralPattern(SpaceMark.Text), " "), new FuseDecoder(), new StripDecoder(new System.Text.Rune(' '), 1, 0)]),
            Special = new SpecialIds(Id(file, pieces, "bos_token_id", null), Id(file, pieces, "eos_token_id", 1), unknown),
        };
        return WithEnds(file, parts, addsBos: false, addsEos: true);
    }

    private static int? Id(GgufMetadata file, ScoredPieces pieces, string name, int? whenMissing) =>
        file.Id(name, pieces.Types.Length) ?? (whenMissing < pieces.Types.Length ? whenMissing : null);

    private static PipelineTokenizer WithEnds(GgufMetadata file, TokenizerParts parts, bool addsBos, bool addsEos)
    {
        int[] before = (file.Flag("add_bos_token") ?? addsBos) && parts.Special.Bos is int bos ? [bos] : [];
        int[] after = (file.Flag("add_eos_token") ?? addsEos) && parts.Special.Eos is int eos ? [eos] : [];
        return new PipelineTokenizer(parts with { PostSteps = before.Length + after.Length > 0 ? [new WrapStep(before, after)] : [] });
    }

    /// <summary>Control, unknown and user-defined pieces, which are looked for in the text.</summary>
    private static AddedVocabulary SpecialTokens(GgufMetadata file, ScoredPieces pieces)
    {
        // llama.cpp knows by the model's name that Phi-3's special tokens take the spaces after them along.
        string name = file.Text("general.name") ?? "";
        bool strips = name.Contains("phi-3", StringComparison.OrdinalIgnoreCase) || name.Contains("phi3", StringComparison.OrdinalIgnoreCase);
        var tokens = new List<AddedToken>();
        for (int id = 0; id < pieces.Types.Length; id++)
        {
            PieceType type = pieces.Types[id];
            if (type is PieceType.Control or PieceType.Unknown or PieceType.UserDefined && pieces.Vocabulary.TryPiece(id, out ReadOnlySpan<byte> piece))
            {
                string content = CodePoints.String(piece);
                bool stripsRight = strips && content is not ("<unk>" or "<s>" or "<|endoftext|>");
                tokens.Add(new AddedToken(content, id, StripsRight: stripsRight, Special: type != PieceType.UserDefined));
            }
        }

        return new AddedVocabulary(tokens, null, longestFirst: true);
    }
}
