using System.Globalization;
using Keyhole.Engine.Tokens;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Tokens;

/// <summary>fairseq's dictionary, beside what fairseq 0.9.0 makes of it and on files written by hand.</summary>
public sealed class FairseqDictionaryTests : IDisposable
{
    private static readonly string s_golden = Path.Combine(SharedData.Repository, "tests", "Keyhole.Engine.Tests", "Golden", "tokenizers", "fairseq");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Sentences_have_the_ids_that_fairseq_gives_the_model()
    {
        Tokenizer tokenizer = TokenizerLoader.Load(s_golden);
        string[] ids = File.ReadAllLines(Path.Combine(s_golden, "ids.txt"));
        string[] sentences = File.ReadAllLines(Path.Combine(s_golden, "sentences.txt"));
        Assert.Equal((6, 6), (ids.Length, sentences.Length));
        for (int i = 0; i < ids.Length; i++)
        {
            Encoding encoding = tokenizer.Encode(sentences[i]);
            Assert.Equal(ids[i], string.Join(' ', encoding.Ids));
            Assert.Equal(new TokenOffset(0, 0), encoding.Offsets[0]);
            Assert.Equal(sentences[i].Split(' '), encoding.Offsets.Skip(1).Select(place => sentences[i][place.Start..place.End]));
            Assert.Equal(encoding.Ids[1..], tokenizer.Encode(sentences[i], addSpecialTokens: false).Ids);
        }
    }

    [Fact]
    public void The_four_special_tokens_come_first_and_made_up_words_count()
    {
        Tokenizer tokenizer = TokenizerLoader.Load(Path.Combine(s_golden, "dict.txt"));
        Assert.Equal(("fairseq", 800, 2, 2, 3, true), (tokenizer.Kind, tokenizer.VocabularySize, tokenizer.BosId, tokenizer.EosId, tokenizer.UnknownId, tokenizer.AddsBos));
        Assert.Equal(["<s>", "<pad>", "</s>", "<unk>", "the", ",", "madeupword0001"], ((int[])[0, 1, 2, 3, 4, 5, 799]).Select(tokenizer.Piece));
        Assert.Equal([true, true, true, false, false], Enumerable.Range(0, 5).Select(tokenizer.IsSpecial));   // <unk> is a word of the text
        Assert.Equal((4, 3, null), (tokenizer.IdOf("the"), tokenizer.IdOf("<unk>"), tokenizer.IdOf("The the")));
        Assert.Equal("KH2006", Assert.Throws<InputRefusedException>(() => tokenizer.Piece(800)).Code);
    }

    [Fact]
    public void Words_end_at_any_white_space_of_Python_and_what_is_not_listed_is_unknown()
    {
        Tokenizer tokenizer = Load("größe 7\n🙂 5\n日本 2\n");
        Assert.Equal("</s>(0-0) größe(2-7) 🙂(8-9) <unk>(10-12) <unk>(13-18) 日本(19-21) <unk>(22-25)", SmallTokenizers.Show(tokenizer, "\t größe\u3000🙂\u001Cxy\u00A0<unk>\n日本\u0085🙂日本 "));
        Assert.Equal([2], tokenizer.Encode(" \n").Ids);
        Assert.Equal([2], tokenizer.Encode("").Ids);
        Assert.Equal("</s> größe <unk> 🙂", tokenizer.Decode([2, 4, 3, 5]));
        Assert.Equal("größe <unk> 🙂", tokenizer.Decode([2, 4, 3, 5], skipSpecialTokens: true));
    }

    [Fact]
    public void A_line_is_split_at_its_last_space_and_may_overwrite()
    {
        Tokenizer tokenizer = Load("a b 3\nc 9\r\n<unk> 0 #fairseq:overwrite\rc -1 #fairseq:overwrite\n#fairseq:overwrite 4  \n");
        Assert.Equal(9, tokenizer.VocabularySize);
        Assert.Equal(["a b", "c", "<unk>", "c", "#fairseq:overwrite"], Enumerable.Range(4, 5).Select(tokenizer.Piece));
        Assert.Equal([2, 7, 6, 3], tokenizer.Encode("c <unk> b").Ids);   // the later lines win, but an unknown word stays 3
    }

    public static TheoryData<string, string, string> Refusals => new()
    {
        { "", "KH2002", "it is empty" },
        { "the 5\nof", "KH2003", "line 2 is 'of'; expected a word, a space and its count" },
        { "the 5\n\nof 3\n", "KH2003", "line 2 is ''" },
        { "the 5\n 3\n", "KH2003", "line 2 is ' 3'" },
        { "the\t5\n", "KH2003", "line 1 is 'the\\u00095'" },
        { "the 5.0\n", "KH2003", "line 1 is 'the 5.0'" },
        { "the -\n", "KH2003", "line 1 is 'the -'" },
        { "the 5 #fairseq:other\n", "KH2003", "line 1 is" },
        { "the #fairseq:overwrite\n", "KH2003", "line 1 is" },
        { "the 5\nof 3\nthe 2\n", "KH2003", "line 3 is the word 'the' again" },
        { "<unk> 5\n", "KH2003", "line 1 is the word '<unk>' again" },
        { "{\"model\": {}}", "KH2003", "line 1 is" },
        { "the 5\n" + new string('x', 1 << 20) + "\n", "KH2003", "line 2 is 'xxx" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void What_is_no_dictionary_is_refused_with_its_line(string text, string code, string sentence)
    {
        InputRefusedException refused = Assert.Throws<InputRefusedException>(() => Load(text));
        Assert.Equal(code, refused.Code);
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
        Assert.Contains("dict.txt", refused.Message, StringComparison.Ordinal);
        Assert.InRange(refused.Message.Length, 1, 800);
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_and_files_without_end_are_refused()
    {
        _folder.Write("dict.txt", [(byte)'a', 0xC3, (byte)' ', (byte)'5']);
        Assert.Contains("not UTF-8", Assert.Throws<InputRefusedException>(() => TokenizerLoader.Load(_folder.Path)).Message, StringComparison.Ordinal);
        using (FileStream file = File.Create(_folder.File("dict.txt")))
        {
            file.SetLength(2L << 30);   // takes no room on the disk
        }
        InputRefusedException refused = Assert.Throws<InputRefusedException>(() => TokenizerLoader.Load(_folder.Path));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{2L << 30} bytes; expected at most"), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_found_in_a_folder_and_beside_a_checkpoint_after_the_other_kinds()
    {
        _folder.Write("dict.txt", "the 5\n");
        string checkpoint = _folder.Write("model.pt", "");
        Assert.Equal("fairseq", TokenizerLoader.Load(_folder.Path).Kind);
        Assert.Equal("fairseq", TokenizerLoader.Load(checkpoint).Kind);
        Assert.Equal("fairseq", TokenizerLoader.Load(_folder.Write("weights", "")).Kind);   // whatever its name
        _folder.Write("tokenizer.json", SmallTokenizers.Json(SmallTokenizers.Words("a")));
        Assert.Equal("wordlevel", TokenizerLoader.Load(_folder.Path).Kind);
        Assert.Equal("fairseq", TokenizerLoader.Load(_folder.File("dict.txt")).Kind);
        File.Delete(_folder.File("dict.txt"));
        Assert.Equal("wordlevel", TokenizerLoader.Load(checkpoint).Kind);
        File.Delete(_folder.File("tokenizer.json"));
        Assert.Equal("KH2001", Assert.Throws<InputRefusedException>(() => TokenizerLoader.Load(checkpoint)).Code);
    }

    private Tokenizer Load(string text)
    {
        _folder.Write("dict.txt", text);
        return TokenizerLoader.Load(_folder.Path);
    }
}
