using Keyhole.Engine.Tokens.HuggingFace;
using Keyhole.Engine.Tokens.Models;
using Keyhole.Engine.Tokens.Normalizers;
using Keyhole.Engine.Tokens.Processors;

namespace Keyhole.Engine.Tokens.SentencePiece;

/// <summary>Makes a tokenizer of a SentencePiece model file.</summary>
internal static class SentencePieceLoader
{
    /// <summary>C's FLT_MIN, from which SentencePiece starts to look for the highest score: with log-probabilities it stays.</summary>
    private const float SmallestNormal = 1.17549435E-38f;

    private const long LargestFile = 128L << 20;

    /// <param name="path">The file.</param>
    /// <param name="special">Special tokens named by the files beside it; they also say whether BOS and EOS are added, which the model file does not.</param>
    public static Tokenizer Load(string path, SpecialNames special)
    {
        ModelFile file = ModelFile.Read(path, TokenFiles.ReadAll(path, LargestFile));
        ScoredPieces pieces = file.Pieces;
        ByteTrie userDefined = pieces.TrieOf(PieceType.UserDefined);
        CharacterMap? map = file.CharacterMap.Length == 0 ? null
            : CharacterMap.Read(file.CharacterMap) ?? throw TokenErrors.Field(path, "normalizer_spec.precompiled_charsmap", $"{file.CharacterMap.Length} bytes that do not fit together", "a character map");
        var options = new NormalizerOptions(file.AddDummyPrefix, file.RemoveExtraSpaces, file.EscapeSpaces, file.SpaceIsSuffix);
        var parts = new TokenizerParts(path, CreateModel(path, file, userDefined), SpecialTokens(pieces))
        {
            Kind = file.Type == ModelType.Unigram ? "sentencepiece-unigram" : null,
            Normalizer = new SentencePieceNormalizer(options, map, userDefined),
            Decoder = new SentencePieceDecoder(file),
        };
        SpecialIds named = special.Resolve(parts);
        var ids = new SpecialIds(named.Bos ?? Known(file.BosId, pieces), named.Eos ?? Known(file.EosId, pieces), named.Unknown);
        int[] before = special.AddsBos && ids.Bos is int bos ? [bos] : [];
        int[] after = special.AddsEos && ids.Eos is int eos ? [eos] : [];
        return new PipelineTokenizer(parts with { Special = ids, PostSteps = before.Length + after.Length > 0 ? [new WrapStep(before, after)] : [] });
    }

    private static IModel CreateModel(string path, ModelFile file, ByteTrie userDefined)
    {
        ScoredPieces pieces = file.Pieces;
        int unknown = pieces.FirstOf(PieceType.Unknown);
        if (unknown < 0)
        {
            throw TokenErrors.Field(path, "the pieces", "without one of type 2 (unknown)", "one");
        }

        return file.Type switch
        {
            ModelType.Bpe => new ScoredBpeModel(path, pieces, unknown, file.ByteFallback, joinsAll: false),
            ModelType.Unigram => CreateUnigram(path, file, unknown),
            _ => new WordModel(pieces, unknown, userDefined, file.Type == ModelType.Character),
        };
    }

    /// <summary>A user-defined piece scores nearly 0, so that it wins over any log-probability.</summary>
    private static UnigramModel CreateUnigram(string path, ModelFile file, int unknown)
    {
        ScoredPieces pieces = file.Pieces;
        float[] normal = [.. pieces.Ids(PieceType.Normal).Select(id => pieces.Scores[id])];
        float least = normal.DefaultIfEmpty(0).Min();
        float most = normal.Append(SmallestNormal).Max();
        var scores = new double[pieces.Types.Length];
        for (int id = 0; id < scores.Length; id++)
        {
            _ = pieces.Vocabulary.TryPiece(id, out ReadOnlySpan<byte> piece);
            scores[id] = pieces.Types[id] == PieceType.UserDefined ? (double)(piece.Length * most) - 0.1 : pieces.Scores[id];
        }

        return new UnigramModel(
            path, pieces.Vocabulary, scores, least, unknown, file.ByteFallback, singlePrecision: true,
            id => pieces.Types[id] is PieceType.Normal or PieceType.UserDefined);
    }

    /// <summary>Control and unknown pieces are special, but are not looked for in a text.</summary>
    private static AddedVocabulary SpecialTokens(ScoredPieces pieces) =>
        AddedVocabulary.SpecialOnly(pieces.Ids(PieceType.Control).Concat(pieces.Ids(PieceType.Unknown)));

    private static int? Known(int id, ScoredPieces pieces) => id >= 0 && id < pieces.Types.Length ? id : null;
}
