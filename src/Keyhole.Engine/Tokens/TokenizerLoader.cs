using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Tokens.Fairseq;
using Keyhole.Engine.Tokens.HuggingFace;
using Keyhole.Engine.Tokens.SentencePiece;

namespace Keyhole.Engine.Tokens;

/// <summary>Finds and reads the tokenizer of a model.</summary>
public static class TokenizerLoader
{
    /// <summary>Reads a tokenizer.</summary>
    /// <param name="path">
    /// A folder (tokenizer.json, else vocab.json with merges.txt, else tokenizer.model, else fairseq's dict.txt; special tokens from the files beside it; else the only
    /// file of weights, where it is a .gguf file), one of these files, a .gguf file, or a file of weights with one of them beside it; or a name in a Hugging Face cache
    /// (<see cref="ModelPath.Resolve(string)"/>).
    /// </param>
    /// <exception cref="InputRefusedException">There is no tokenizer, or it cannot be read.</exception>
    public static Tokenizer Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        path = ModelPath.Resolve(path);
        if (Directory.Exists(path))
        {
            return LoadFolder(path);
        }

        if (!File.Exists(path))
        {
            throw TokenErrors.NotFound(path);
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string dictionary = Path.Combine(folder, FairseqDictionary.FileName);
        if (Path.GetFileName(path) == FairseqDictionary.FileName || (Path.GetExtension(path).Equals(".pt", StringComparison.OrdinalIgnoreCase) && File.Exists(dictionary)))
        {
            return FairseqDictionary.Load(dictionary);
        }

        SpecialNames special = SpecialNames.Read(folder);
        return Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".GGUF" => LoadGguf(path),
            ".MODEL" => SentencePieceLoader.Load(path, special),
            ".TXT" => VocabularyWithMerges.Load(folder, special),
            ".JSON" when path.EndsWith(".index.json", StringComparison.OrdinalIgnoreCase) => LoadFolder(folder),
            ".JSON" when Path.GetFileName(path) == "vocab.json" => VocabularyWithMerges.Load(folder, special),
            ".JSON" => TokenizerJson.Load(path, special),
            _ => LoadFolder(folder),   // a file of weights, whatever its name
        };
    }

    private static Tokenizer LoadFolder(string folder)
    {
        SpecialNames special = SpecialNames.Read(folder);
        string json = Path.Combine(folder, "tokenizer.json");
        string model = Path.Combine(folder, "tokenizer.model");
        string dictionary = Path.Combine(folder, FairseqDictionary.FileName);
        return File.Exists(json) ? TokenizerJson.Load(json, special)
            : VocabularyWithMerges.IsIn(folder) ? VocabularyWithMerges.Load(folder, special)
            : File.Exists(model) ? SentencePieceLoader.Load(model, special)
            : File.Exists(dictionary) ? FairseqDictionary.Load(dictionary)
            : CheckpointFiles.OnlyGguf(folder) is string gguf ? LoadGguf(gguf)
            : throw TokenErrors.NotFound(folder);
    }

    private static Tokenizer LoadGguf(string path)
    {
        using var file = GgufFile.Open(path);
        return GgufTokenizer.FromMetadata(file.Metadata, path);
    }
}
