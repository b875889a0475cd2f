using System.Text.Json;
using Keyhole.Engine.Tokens.Decoders;
using Keyhole.Engine.Tokens.Models;
using Keyhole.Engine.Tokens.PreTokenizers;
using Keyhole.Engine.Tokens.Processors;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.HuggingFace;

/// <summary>Reads <c>vocab.json</c> with <c>merges.txt</c>, GPT-2's own files: byte-level BPE with GPT-2's splitting.</summary>
internal static class VocabularyWithMerges
{
    private const long LargestFile = 256L << 20;
    private const string VocabularyName = "vocab.json";
    private const string MergesName = "merges.txt";

    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, VocabularyName)) && File.Exists(Path.Combine(folder, MergesName));

    /// <param name="folder">Where both files are.</param>
    /// <param name="special">Special tokens named by other files; those that the vocabulary has are looked for in texts.</param>
    public static Tokenizer Load(string folder, SpecialNames special)
    {
        string path = Path.Combine(folder, VocabularyName);
        Vocabulary vocabulary = ReadVocabulary(path);
        string mergesPath = Path.Combine(folder, MergesName);
        MergeTable merges = ReadMerges(mergesPath, TokenFiles.ReadAll(mergesPath, LargestFile), vocabulary);
        string?[] names = [special.Bos ?? PieceOf(special.BosId, vocabulary), special.Eos ?? PieceOf(special.EosId, vocabulary), special.Unknown, special.Pad];
        AddedToken[] added = [.. names.OfType<string>().Distinct(StringComparer.Ordinal)
            .Where(name => vocabulary.Find(name) >= 0).Select(name => new AddedToken(name, vocabulary.Find(name), Special: true))];
        var parts = new TokenizerParts(path, new BpeModel(vocabulary, merges, new BpeOptions(path)), new AddedVocabulary(added, null))
        {
            PreTokenizer = new ByteLevelPreTokenizer(special.AddsPrefixSpace, useRegex: true),
            Decoder = new ByteLevelDecoder(),
        };
        SpecialIds ids = special.Resolve(parts);
        int[] before = special.AddsBos && ids.Bos is int bos ? [bos] : [];
        int[] after = special.AddsEos && ids.Eos is int eos ? [eos] : [];
        return new PipelineTokenizer(parts with { Special = ids, PostSteps = before.Length + after.Length > 0 ? [new WrapStep(before, after)] : [] });
    }

    private static string? PieceOf(int? id, Vocabulary vocabulary) =>
        id is int known && vocabulary.TryPiece(known, out ReadOnlySpan<byte> piece) ? CodePoints.String(piece) : null;

    private static Vocabulary ReadVocabulary(string path)
    {
        byte[] json = TokenFiles.ReadJson(path, LargestFile);
        try
        {
            return TableReader.ReadVocabulary(path, "the file", json);
        }
        catch (JsonException exception)
        {
            throw TokenErrors.Unreadable(path, $"it is no whole JSON file (line {exception.LineNumber + 1}).", exception);
        }
    }

    /// <summary>One merge a line; a first line "#version" and empty lines say nothing.</summary>
    private static MergeTable ReadMerges(string path, ReadOnlySpan<byte> text, Vocabulary vocabulary)
    {
        var merges = new MergeList(path, "merge", vocabulary, prefixLength: 0, text.Length / 12);
        foreach (Range range in text.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> line = text[range].TrimEnd((byte)'\r');
            if (!line.IsEmpty && !line.StartsWith("#version"u8))
            {
                merges.AddLine(line);
            }
        }

        return merges.ToTable();
    }
}
