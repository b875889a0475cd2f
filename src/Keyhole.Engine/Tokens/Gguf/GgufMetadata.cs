using System.Globalization;
using Keyhole.Engine.Tokens.Models;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Gguf;

/// <summary>The tokenizer's keys of a GGUF file, whatever numeric type they were written with.</summary>
internal sealed class GgufMetadata(IReadOnlyDictionary<string, object> values, string source)
{
    private const string Prefix = "tokenizer.ggml.";

    public string Source => source;

    /// <summary>A text under its full key, or null.</summary>
    public string? Text(string key) =>
        !values.TryGetValue(key, out object? value) ? null : value as string ?? throw Refuse(key, value, "a string");

    public bool? Flag(string name) =>
        !values.TryGetValue(Prefix + name, out object? value) ? null
        : value is bool flag ? flag
        : TryInteger(value, out long number) && number is 0 or 1 ? number == 1 : throw Refuse(Prefix + name, value, "true or false");

    /// <summary>An id; null where it is missing or not an id of the vocabulary.</summary>
    public int? Id(string name, int size)
    {
        if (!values.TryGetValue(Prefix + name, out object? value))
        {
            return null;
        }

        return !TryInteger(value, out long id) ? throw Refuse(Prefix + name, value, "an id") : id >= 0 && id < size ? (int)id : null;
    }

    /// <summary>An array of strings, or null where the key is missing.</summary>
    public IReadOnlyList<string>? Texts(string name) =>
        !values.TryGetValue(Prefix + name, out object? value) ? null
        : value switch
        {
            IReadOnlyList<string> texts => texts,
            object[] items when Array.TrueForAll(items, item => item is string) => Array.ConvertAll(items, item => (string)item),
            _ => throw Refuse(Prefix + name, value, "an array of strings"),
        };

    /// <summary>An array of numbers of the wanted length, or null where the key is missing.</summary>
    public double[]? Numbers(string name, int length)
    {
        if (!values.TryGetValue(Prefix + name, out object? value))
        {
            return null;
        }

        if (value is not Array array || array.Length < length)
        {
            throw Refuse(Prefix + name, value, $"an array of {length} numbers");
        }

        var numbers = new double[length];
        for (int i = 0; i < length; i++)
        {
            numbers[i] = TryNumber(array.GetValue(i), out double number) && double.IsFinite(number)
                ? number : throw Refuse($"{Prefix}{name}[{i}]", array.GetValue(i), "a finite number");
        }

        return numbers;
    }

    /// <summary>An array of bytes; empty where the key is missing.</summary>
    public byte[] Bytes(string name) =>
        !values.TryGetValue(Prefix + name, out object? value) ? []
        : value as byte[] ?? (value is sbyte[] signed ? Array.ConvertAll(signed, item => (byte)item) : throw Refuse(Prefix + name, value, "an array of bytes"));

    /// <summary>Pieces with their types and scores.</summary>
    public ScoredPieces Pieces()
    {
        IReadOnlyList<string> tokens = Texts("tokens") ?? throw Refuse(Prefix + "tokens", null, "the vocabulary");
        if (tokens.Count == 0 || tokens.Count > Vocabulary.MaximumId)
        {
            throw Refuse(Prefix + "tokens", tokens, $"1 to {Vocabulary.MaximumId} pieces");
        }

        var vocabulary = new Vocabulary(tokens.Count);
        for (int id = 0; id < tokens.Count; id++)
        {
            // llama.cpp names empty pieces so too; they can never be met in a text.
            string piece = tokens[id].Length > 0 ? tokens[id] : string.Create(CultureInfo.InvariantCulture, $"[EMPTY_{id}]");
            vocabulary.Add(CodePoints.Utf8(piece), id);
        }

        double[]? scores = Numbers("scores", tokens.Count);
        double[]? types = Numbers("token_type", tokens.Count);
        return new ScoredPieces(
            vocabulary,
            scores is null ? new float[tokens.Count] : Array.ConvertAll(scores, score => (float)score),
            types is null ? [.. Enumerable.Repeat(PieceType.Normal, tokens.Count)] : Array.ConvertAll(types, type => type is >= 1 and <= 6 ? (PieceType)(int)type : PieceType.Normal));
    }

    public InputRefusedException Refuse(string key, object? found, string expected) =>
        TokenErrors.Field(source, key, Describe(found), expected);

    private static string Describe(object? value) => value switch
    {
        null => "missing",
        string text => $"'{text}'",
        Array array => $"an array of {array.Length}",
        System.Collections.ICollection items => $"{items.Count} items",
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };

    private static bool TryInteger(object? value, out long number)
    {
        bool known = TryNumber(value, out double real) && real == Math.Floor(real) && Math.Abs(real) < 1L << 53;
        number = known ? (long)real : 0;
        return known;
    }

    private static bool TryNumber(object? value, out double number)
    {
        bool known = value is byte or sbyte or short or ushort or int or uint or long or ulong or float or double;
        number = known ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : 0;
        return known;
    }
}
