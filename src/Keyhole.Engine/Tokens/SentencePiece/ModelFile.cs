using Keyhole.Engine.Tokens.Models;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.SentencePiece;

/// <summary>What a SentencePiece model file says (sentencepiece_model.proto: ModelProto, TrainerSpec, NormalizerSpec).</summary>
internal sealed class ModelFile
{
    private readonly List<float> _scores = [];
    private readonly List<PieceType> _types = [];
    private readonly Vocabulary _vocabulary = new(4096);

    public ScoredPieces Pieces { get; private set; } = null!;

    public ModelType Type { get; private set; } = ModelType.Unigram;

    public bool ByteFallback { get; private set; }

    public bool SpaceIsSuffix { get; private set; }

    public int BosId { get; private set; } = 1;

    public int EosId { get; private set; } = 2;

    /// <summary>What an unknown token decodes to.</summary>
    public string UnknownSurface { get; private set; } = " \u2047 ";

    public byte[] CharacterMap { get; private set; } = [];

    public bool AddDummyPrefix { get; private set; } = true;

    public bool RemoveExtraSpaces { get; private set; } = true;

    public bool EscapeSpaces { get; private set; } = true;

    public static ModelFile Read(string file, ReadOnlySpan<byte> content)
    {
        var model = new ModelFile();
        var reader = new ProtoReader(content, file);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1:
                    model.ReadPiece(new ProtoReader(reader.Bytes, file), file);
                    break;
                case 2:
                    model.ReadTrainer(new ProtoReader(reader.Bytes, file), file);
                    break;
                case 3:
                    model.ReadNormalizer(new ProtoReader(reader.Bytes, file));
                    break;
            }
        }

        if (model._types.Count == 0)
        {
            throw TokenErrors.Unreadable(file, "it is no SentencePiece model: it has no pieces.");
        }

        model.Pieces = new ScoredPieces(model._vocabulary, [.. model._scores], [.. model._types]);
        return model;
    }

    private void ReadPiece(ProtoReader reader, string file)
    {
        ReadOnlySpan<byte> piece = default;
        float score = 0;
        long type = (long)PieceType.Normal;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: piece = reader.Bytes; break;
                case 2: score = reader.Single; break;
                case 3: type = reader.Number; break;
            }
        }

        int id = _types.Count;
        if (id > Vocabulary.MaximumId || !float.IsFinite(score) || type is < 1 or > 6 || piece.IsEmpty || !System.Text.Unicode.Utf8.IsValid(piece))
        {
            throw TokenErrors.Field(file, $"piece {id}", $"'{CodePoints.String(piece)}' with score {score} and type {type}", "a text, a finite score and a type from 1 to 6");
        }

        _vocabulary.Add(piece, id);
        _scores.Add(score);
        _types.Add((PieceType)type);
    }

    private void ReadTrainer(ProtoReader reader, string file)
    {
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 3:
                    Type = reader.Number is >= 1 and <= 4
                        ? (ModelType)reader.Number : throw TokenErrors.UnknownPart(file, "trainer_spec.model_type", $"{reader.Number}", "1 (unigram), 2 (bpe), 3 (word), 4 (char)");
                    break;
                case 24: SpaceIsSuffix = reader.Number != 0; break;
                case 35: ByteFallback = reader.Number != 0; break;
                case 41: BosId = (int)Math.Clamp(reader.Number, -1, int.MaxValue); break;
                case 42: EosId = (int)Math.Clamp(reader.Number, -1, int.MaxValue); break;
                case 44: UnknownSurface = CodePoints.String(reader.Bytes); break;
            }
        }
    }

    private void ReadNormalizer(ProtoReader reader)
    {
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 2: CharacterMap = reader.Bytes.ToArray(); break;
                case 3: AddDummyPrefix = reader.Number != 0; break;
                case 4: RemoveExtraSpaces = reader.Number != 0; break;
                case 5: EscapeSpaces = reader.Number != 0; break;
            }
        }
    }
}
