using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Keyhole.Engine;
using Keyhole.Engine.Tokens;

namespace Keyhole.Mining;

/// <summary>A hash of what a tokenizer does: of its vocabulary, and of a probe that tells normalisation, cutting, merges and special tokens apart; the same in whatever file it stands.</summary>
internal static class TokenizerFingerprint
{
    private const string Probe = " The  naïve cafe\u0301's 1234.56 don't-stop, HELLO hello\tWorld!\r\n\n  ½ — ｆｕｌｌ Straße ‘quoted’ 東京タワー Привет 🙂👩‍🚀 x²=y_i; http://a.b/c?d=e#f <s></s> internationalisation unbelievably";

    /// <summary>SHA-256, in lower-case hexadecimal, of the kind and of every piece in order of ids, each after a zero byte, and of the probe's ids (int32, little-endian).</summary>
    public static string Of(Tokenizer tokenizer)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ReadOnlySpan<byte> end = [0];
        Span<byte> number = stackalloc byte[sizeof(int)];
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

        foreach (int id in ProbeIds(tokenizer))
        {
            BinaryPrimitives.WriteInt32LittleEndian(number, id);
            hash.AppendData(number);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static int[] ProbeIds(Tokenizer tokenizer)
    {
        try
        {
            return tokenizer.Encode(Probe).Ids;
        }
        catch (InputRefusedException)
        {
            return [];   // a vocabulary that has no token for some letter of it
        }
    }
}
