using Keyhole.Engine.Tokens;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Tokens;

/// <summary>SentencePiece models that are written field by field.</summary>
public class SentencePieceTests
{
    [Fact]
    public void User_defined_pieces_win_and_controls_are_not_read_from_text()
    {
        foreach (int type in new[] { 1, 2 })
        {
            Tokenizer tokenizer = Load(type, [("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3), ("a", -1, 1), ("b", -2, 1), ("▁", -3, 1), ("ab", -2.5f, 1), ("▁▁", 0, 4), ("b<", 0, 4), ("s", -5, 1)]);
            Assert.Equal("▁(0-1) ab(0-2) ▁▁(2-4) b<(4-6) s(6-7) <unk>(7-8)", SmallTokenizers.Show(tokenizer, "ab▁▁b<s>"));
            Assert.Equal("", tokenizer.Decode([1, 2]));
            Assert.Equal("ab \u2047 ", tokenizer.Decode([5, 6, 0]));
            Assert.True(tokenizer.IsSpecial(1));
            Assert.Equal((1, 2, 0), (tokenizer.BosId, tokenizer.EosId, tokenizer.UnknownId));
            Assert.False(tokenizer.AddsBos);
        }
    }

    [Fact]
    public void Extra_spaces_are_removed_and_places_kept()
    {
        Tokenizer tokenizer = Load(2, [("<unk>", 0, 2), ("a", -1, 1), ("▁", -3, 1), ("▁a", -2, 1)]);
        Assert.Equal("▁a(2-3) ▁a(3-7)", SmallTokenizers.Show(tokenizer, "  a   a  "));
        Assert.Equal("a a", tokenizer.Decode(tokenizer.Encode("  a   a  ").Ids));
        Assert.Empty(tokenizer.Encode("   ").Ids);
    }

    [Fact]
    public void Unused_pieces_are_taken_apart_again()
    {
        Tokenizer tokenizer = Load(2, [("<unk>", 0, 2), ("a", -5, 1), ("b", -6, 1), ("▁", -7, 1), ("ab", -1, 5), ("abb", -2, 1)]);
        Assert.Equal("▁(0-1) a(0-1) b(1-2)", SmallTokenizers.Show(tokenizer, "ab"));
        Assert.Equal("▁(0-1) abb(0-3)", SmallTokenizers.Show(tokenizer, "abb"));
    }

    [Fact]
    public void Bytes_spell_what_is_missing()
    {
        (string, float, int)[] bytes = [.. Enumerable.Range(0, 256).Select(value => ($"<0x{value:X2}>", 0f, 6))];
        foreach (int type in new[] { 1, 2 })
        {
            Tokenizer tokenizer = Load(type, [("<unk>", 0, 2), ("▁", -1, 1), .. bytes], byteFallback: true);
            Assert.Equal(["▁", "<0xC3>", "<0xA9>"], tokenizer.Encode("é").Ids.Select(tokenizer.Piece));
            Assert.Equal("é\uFFFD", tokenizer.Decode([1, 2 + 0xC3, 2 + 0xA9, 2 + 0xC3]));
        }
    }

    [Theory]
    [InlineData(3, "▁ab(0-2) <unk>(2-4)")]
    [InlineData(4, "▁(0-1) a(0-1) b(1-2) ▁(2-3) <unk>(3-4)")]
    public void Word_and_character_models(int type, string expected)
    {
        Tokenizer tokenizer = Load(type, [("<unk>", 0, 2), ("▁ab", 0, 1), ("a", 0, 1), ("b", 0, 1), ("▁", 0, 1)]);
        Assert.Equal(expected, SmallTokenizers.Show(tokenizer, "ab x"));
    }

    [Fact]
    public void The_configuration_beside_a_model_tells_whether_bos_is_added()
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer.model", Model(2, [("<unk>", 0, 2), ("<s>", 0, 3), ("</s>", 0, 3), ("▁", 0, 1)]));
        folder.Write("tokenizer_config.json", """{"tokenizer_class":"LlamaTokenizer","bos_token":"<s>"}""");
        Tokenizer tokenizer = TokenizerLoader.Load(folder.Path);
        Assert.True(tokenizer.AddsBos);
        Assert.Equal([1], tokenizer.Encode("").Ids);
    }

    /// <summary>Whatever is cut off or flipped, the file is read or refused.</summary>
    [Fact]
    public void A_damaged_model_is_refused_or_read()
    {
        byte[] whole = Model(1, [("<unk>", 0, 2), ("<s>", 0, 3), ("a", -1, 1), ("▁a", -2, 4)]);
        var random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 600; i++)
        {
            byte[] damaged = i < whole.Length ? whole[..i] : (byte[])whole.Clone();
            if (i >= whole.Length)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            using var folder = new TemporaryFolder();
            string path = folder.Write("tokenizer.model", damaged);
            try
            {
                TokenizerLoader.Load(path).Encode("a a é");
            }
            catch (InputRefusedException refusal)
            {
                Assert.Contains("tokenizer.model", refusal.Message, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.InRange(refused, 50, 599);
    }

    private static Tokenizer Load(int type, (string Piece, float Score, int Type)[] pieces, bool byteFallback = false)
    {
        using var folder = new TemporaryFolder();
        return TokenizerLoader.Load(folder.Write("tokenizer.model", Model(type, pieces, byteFallback)));
    }

    private static byte[] Model(int type, (string Piece, float Score, int Type)[] pieces, bool byteFallback = false)
    {
        using var model = new MemoryStream();
        foreach ((string piece, float score, int pieceType) in pieces)
        {
            byte[] text = System.Text.Encoding.UTF8.GetBytes(piece);
            byte[] message = [0x0A, (byte)text.Length, .. text, 0x15, .. BitConverter.GetBytes(score), 0x18, (byte)pieceType];
            model.Write([0x0A, (byte)message.Length, .. message]);
        }

        byte[] trainer = [0x18, (byte)type, 0x98, 0x02, (byte)(byteFallback ? 1 : 0)]; // fields 3 and 35
        model.Write([0x12, (byte)trainer.Length, .. trainer]);
        return model.ToArray();
    }
}
