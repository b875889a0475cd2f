using Keyhole.Engine.Tokens.Text;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Tokens;

public class NormalizerTests
{
    /// <summary>Examples of UAX #15 (tables 4 and 7 to 9, figures 3 to 6), Hangul, and marks out of order.</summary>
    [Theory]
    [InlineData("\u212B", "\u00C5", "A\u030A", "\u00C5", "A\u030A")]
    [InlineData("\u1E9B\u0323", "\u1E9B\u0323", "\u017F\u0323\u0307", "\u1E69", "s\u0323\u0307")]
    [InlineData("\u1E69", "\u1E69", "s\u0323\u0307", "\u1E69", "s\u0323\u0307")]
    [InlineData("s\u0307\u0323", "\u1E69", "s\u0323\u0307", "\u1E69", "s\u0323\u0307")]
    [InlineData("\uFB01", "\uFB01", "\uFB01", "fi", "fi")]
    [InlineData("2\u2075", "2\u2075", "2\u2075", "25", "25")]
    [InlineData("\uAC01", "\uAC01", "\u1100\u1161\u11A8", "\uAC01", "\u1100\u1161\u11A8")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01", "\u1100\u1161\u11A8", "\uAC01", "\u1100\u1161\u11A8")]
    [InlineData("\u0344", "\u0308\u0301", "\u0308\u0301", "\u0308\u0301", "\u0308\u0301")]
    [InlineData("\u0958", "\u0915\u093C", "\u0915\u093C", "\u0915\u093C", "\u0915\u093C")]
    [InlineData("\U0002F800", "\u4E3D", "\u4E3D", "\u4E3D", "\u4E3D")]
    [InlineData("\U0001D400\u00BD", "\U0001D400\u00BD", "\U0001D400\u00BD", "A1\u20442", "A1\u20442")]
    [InlineData("a\u05AE\u0300\u0315b", "\u00E0\u05AE\u0315b", "a\u05AE\u0300\u0315b", "\u00E0\u05AE\u0315b", "a\u05AE\u0300\u0315b")]
    public void Text_is_brought_to_each_form(string text, string c, string d, string kc, string kd)
    {
        Assert.Equal([c, d, kc, kd], new[] { NormalForm.C, NormalForm.D, NormalForm.KC, NormalForm.KD }.Select(form => Normalize(text, form)));
        Assert.Equal(c, Normalize(c, NormalForm.C));
        Assert.Equal(kd, Normalize(kd, NormalForm.KD));
    }

    [Fact]
    public void What_is_surely_normal_stays_as_it_is_and_most_text_is()
    {
        foreach (NormalForm form in Enum.GetValues<NormalForm>())
        {
            for (int codePoint = 0; codePoint < 0x30000; codePoint += codePoint == 0xD7FF ? 0x801 : 1)
            {
                string text = char.ConvertFromUtf32(codePoint);
                if (Normalization.IsSurelyNormal(CodePoints.Utf8(text), form) && Normalize("a" + text + "b", form) != "a" + text + "b")
                {
                    Assert.Fail($"U+{codePoint:X} is changed by {form}.");
                }
            }
        }

        Assert.True(Normalization.IsSurelyNormal(CodePoints.Utf8("Größe, naïve; 日本語 Привет 한국어"), NormalForm.C));
        Assert.False(Normalization.IsSurelyNormal(CodePoints.Utf8("e\u0301"), NormalForm.C));
    }

    [Theory]
    [InlineData("""{"type":"Lowercase"}""", "ÀİΣ", "à(0-1) i(1-2) ̇(1-2) σ(2-3)")]
    [InlineData("""{"type":"NFD"}""", "éa", "e(0-1) ́(0-1) a(1-2)")]
    [InlineData("""{"type":"NFC"}""", "e\u0301a", "é(0-1) a(2-3)")]
    [InlineData("""{"type":"NFKC"}""", "ﬁa", "f(0-1) i(0-1) a(1-2)")]
    [InlineData("""{"type":"Strip","strip_left":true,"strip_right":true}""", "  é a ", "é(2-3)  (3-4) a(4-5)")]
    [InlineData("""{"type":"Strip","strip_left":false,"strip_right":true}""", " a ", " (0-1) a(1-2)")]
    [InlineData("""{"type":"Sequence","normalizers":[{"type":"NFD"},{"type":"StripAccents"}]}""", "éa", "e(0-1) a(1-2)")]
    [InlineData("""{"type":"Replace","pattern":{"String":"aa"},"content":"b"}""", "caac", "c(0-1) b(2-3) c(3-4)")]
    [InlineData("""{"type":"Replace","pattern":{"Regex":"\\s+"},"content":"b"}""", "c \n c", "c(0-1) b(3-4) c(4-5)")]
    [InlineData("""{"type":"Prepend","prepend":"b"}""", "c", "b(0-1) c(0-1)")]
    [InlineData("""{"type":"Nmt"}""", "a\u0001b\u200Bc", "a(0-1) b(2-3)  (3-4) c(4-5)")]
    [InlineData("""{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":true}""", "É\0中A", "e(0-1)  (2-3) 中(2-3)  (2-3) a(3-4)")]
    [InlineData("""{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":false,"strip_accents":false,"lowercase":true}""", "É中", "é(0-1) 中(1-2)")]
    [InlineData("""{"type":"ByteLevel"}""", "é a", "Ã(0-1) ©(0-1) Ġ(1-2) a(2-3)")]
    public void Characters_keep_their_place_through_a_normalizer(string normalizer, string text, string expected)
    {
        string[] pieces = ["<unk>", "a", "b", "c", "e", "f", "i", "\u0301", "\u0307", "à", "é", "σ", "中", " ", "Ã", "©", "Ġ"];
        var tokenizer = SmallTokenizers.Load(SmallTokenizers.Bpe(pieces, [], "\"unk_token\":\"<unk>\","), normalizer);
        Assert.Equal(expected, SmallTokenizers.Show(tokenizer, text));
    }

    /// <summary>SentencePiece's nmt_nfkc map, from the reference model. The library counts a longer replacement as inserted and a deleted character as there, so later places lag behind.</summary>
    [Theory]
    [InlineData("ﬁa", "f(0-0) i(0-0) a(0-1)")]
    [InlineData("aﬁ", "a(0-1) f(0-1) i(0-1)")]
    [InlineData("a\u3000e\u0301b", "a(0-1)  (1-2) é(2-3) b(4-5)")]
    [InlineData("a\u0001b", "a(0-1) b(1-2)")]
    public void A_precompiled_map_is_applied_to_short_clusters(string text, string expected)
    {
        using var folder = new TemporaryFolder();
        GoldenFiles.Unpack("sentencepiece-unigram", folder);
        byte[] file = File.ReadAllBytes(Path.Combine(folder.Path, "tokenizer.model"));
        byte[] map = Keyhole.Engine.Tokens.SentencePiece.ModelFile.Read("test", file).CharacterMap;
        var tokenizer = SmallTokenizers.Load(
            SmallTokenizers.Bpe(["<unk>", "a", "b", "f", "i", " ", "é"], [], "\"unk_token\":\"<unk>\","),
            $$"""{"type":"Precompiled","precompiled_charsmap":"{{Convert.ToBase64String(map)}}"}""");
        Assert.Equal(expected, SmallTokenizers.Show(tokenizer, text));
    }

    private static string Normalize(string text, NormalForm form) =>
        string.Concat(Normalization.Normalize(CodePoints.Utf8(text), form).Select(edit => char.ConvertFromUtf32(edit.CodePoint)));
}
