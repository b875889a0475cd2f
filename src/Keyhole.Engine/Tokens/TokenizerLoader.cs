using Keyhole.Engine.Tokens.HuggingFace;

namespace Keyhole.Engine.Tokens;

/// <summary>Finds and reads the tokenizer of a model.</summary>
public static class TokenizerLoader
{
    /// <summary>Reads a tokenizer.</summary>
    /// <param name="path">
    /// A folder (tokenizer.json, else vocab.json with merges.txt, else tokenizer.model; special tokens from the files beside it), one of these files, or a .gguf file.
    /// </param>
    /// <exception cref="InputRefusedException">There is no tokenizer, or it cannot be read.</exception>
    public static Tokenizer Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Directory.Exists(path))
        {
            return LoadFolder(path);
        }

        if (!File.Exists(path))
        {
            throw TokenErrors.NotFound(path);
        }

        SpecialNames special = SpecialNames.Read(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".JSON" => TokenizerJson.Load(path, special),
            _ => throw TokenErrors.NotFound(path),
        };
    }

    private static Tokenizer LoadFolder(string folder)
    {
        string json = Path.Combine(folder, "tokenizer.json");
        if (File.Exists(json))
        {
            return TokenizerJson.Load(json, SpecialNames.Read(folder));
        }

        throw TokenErrors.NotFound(folder);
    }
}
