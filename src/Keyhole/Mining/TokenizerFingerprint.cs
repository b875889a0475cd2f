using System.Security.Cryptography;
using System.Text;
using Keyhole.Engine;
using Keyhole.Engine.Tokens;

namespace Keyhole.Mining;

/// <summary>A hash of a tokenizer's vocabulary, the same for one vocabulary in whatever file it stands.</summary>
internal static class TokenizerFingerprint
{
    /// <summary>SHA-256, in lower-case hexadecimal, of the kind and of every piece in order of ids, each followed by a zero byte.</summary>
    public static string Of(Tokenizer tokenizer)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ReadOnlySpan<byte> end = [0];
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(tokenizer.Kind));
        for (int id = 0; id < tokenizer.VocabularySize; id++)
        {
            hash.AppendData(end);
            try
            {
                hash.AppendData(System.Text.Encoding.UTF8.GetBytes(tokenizer.Piece(id)));
            }
            catch (InputRefusedException)
            {
                continue;   // a hole in the vocabulary
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
