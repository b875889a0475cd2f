using System.Text.Json;
using Keyhole.Engine.Tokens.Models;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.HuggingFace;

/// <summary>Reads vocabularies and merges straight from UTF-8 JSON.</summary>
internal static class TableReader
{
    private const int SmallVocabulary = 1 << 16;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 8, CommentHandling = JsonCommentHandling.Disallow };

    /// <summary>An object of piece: id.</summary>
    public static Vocabulary ReadVocabulary(string file, string field, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, Options);
        if (json.IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw TokenErrors.Field(file, field, json.IsEmpty ? "missing" : "something else", "an object of piece: id");
        }

        var vocabulary = new Vocabulary(json.Length / 16);
        long most = Math.Min(Vocabulary.MaximumId, SmallVocabulary + (4L * json.Length));   // ids may have holes, but what they take must be in proportion to the file
        var piece = new byte[256];
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int length = Copy(ref reader, ref piece, file, field);
            reader.Read();
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out int id) || id < 0 || id > most)
            {
                throw TokenErrors.Field(file, $"{field}['{CodePoints.String(piece.AsSpan(0, length))}']", "no such number", $"an id from 0 to {most} (a file of this size has no more)");
            }

            vocabulary.Add(piece.AsSpan(0, length), id);
        }

        return vocabulary;
    }

    /// <summary>An array of [piece, score], ids by place.</summary>
    public static (Vocabulary Vocabulary, double[] Scores) ReadScored(string file, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, Options);
        if (json.IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            throw TokenErrors.Field(file, "model.vocab", json.IsEmpty ? "missing" : "something else", "an array of [piece, score]");
        }

        var vocabulary = new Vocabulary(json.Length / 24);
        var scores = new List<double>();
        var piece = new byte[256];
        while (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
        {
            reader.Read();
            int length = reader.TokenType == JsonTokenType.String ? Copy(ref reader, ref piece, file, "model.vocab") : -1;
            double score = double.NaN;
            bool isNumber = length >= 0 && reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out score);
            if (!isNumber || !double.IsFinite(score) || !reader.Read() || reader.TokenType != JsonTokenType.EndArray || scores.Count > Vocabulary.MaximumId)
            {
                throw TokenErrors.Field(file, $"model.vocab[{scores.Count}]", "something else", "[piece, score]");
            }

            vocabulary.Add(piece.AsSpan(0, length), scores.Count);
            scores.Add(score);
        }

        return (vocabulary, [.. scores]);
    }

    /// <summary>Merges as "left right" or [left, right], by rank.</summary>
    public static MergeTable ReadMerges(string file, ReadOnlySpan<byte> json, Vocabulary vocabulary, int prefixLength)
    {
        var reader = new Utf8JsonReader(json, Options);
        if (json.IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            throw TokenErrors.Field(file, "model.merges", json.IsEmpty ? "missing" : "something else", "an array of merges");
        }

        var merges = new MergeList(file, "model.merges", vocabulary, prefixLength, json.Length / 16);
        var left = new byte[256];
        var right = new byte[256];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                int length = Copy(ref reader, ref left, file, "model.merges");
                merges.AddLine(left.AsSpan(0, length));
                continue;
            }

            int leftLength = -1;
            int rightLength = -1;
            if (reader.TokenType == JsonTokenType.StartArray && reader.Read() && reader.TokenType == JsonTokenType.String)
            {
                leftLength = Copy(ref reader, ref left, file, "model.merges");
                rightLength = reader.Read() && reader.TokenType == JsonTokenType.String ? Copy(ref reader, ref right, file, "model.merges") : -1;
            }

            if (rightLength < 0 || !reader.Read() || reader.TokenType != JsonTokenType.EndArray)
            {
                throw TokenErrors.Field(file, $"model.merges[{merges.Count}]", "something else", "\"left right\" or [left, right]");
            }

            merges.Add(left.AsSpan(0, leftLength), right.AsSpan(0, rightLength));
        }

        return merges.ToTable();
    }

    private static int Copy(ref Utf8JsonReader reader, ref byte[] target, string file, string field)
    {
        int most = reader.ValueSpan.Length;
        target = target.Length < most ? new byte[most] : target;
        try
        {
            return reader.CopyString(target);
        }
        catch (InvalidOperationException exception)
        {
            throw TokenErrors.Unreadable(file, $"{field} holds half a surrogate pair, which is no text.", exception);
        }
    }
}
