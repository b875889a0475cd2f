using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

public class TokenizeTests
{
    private const string Mini = "models/mini";
    private const string FranceLine = """{"ids":[0,585,1978,278,3457,348],"pieces":["</s>","The","Ġcapital","Ġof","ĠFrance","Ġis"],"offsets":[[0,0],[0,3],[3,11],[11,14],[14,21],[21,24]],"decoded":"</s>The capital of France is"}""";

    [Fact]
    public void Json_has_ids_pieces_offsets_and_decoded_text_and_nothing_else()
    {
        CommandResult result = Tokenize("The capital of France is\n", Mini, "--json");
        Assert.Equal(0, result.ExitStatus);
        Assert.Equal(FranceLine + "\n", result.Output);
        Assert.Empty(result.Error);
    }

    [Fact]
    public void Every_line_gives_a_line_empty_ones_too()
        => Assert.Equal("0 66\n0\n0 67\n0\n0 68\n", Tokenize("a\n\nb\r\n\rc", Mini).Output);

    [Fact]
    public void Nothing_is_trimmed()
        => Assert.Equal("</s>  a ", Single(Tokenize("  a \n", Mini, "--json").Output).GetProperty("decoded").GetString());

    [Fact]
    public void A_byte_order_mark_is_stepped_over()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("a.txt"), "a\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        Assert.Equal("0 66\n", KeyholeProcess.Run("tokenize", Mini, folder.File("a.txt")).Output);
    }

    [Fact]
    public void Json_lines_are_read_by_field_with_empty_and_many_line_texts()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("texts.jsonl", """
            {"id":1,"text":"a"}
            {"text":""}

            "b"
            {"text":"a\nb \ud83d\ude00"}
            """);
        CommandResult result = KeyholeProcess.Run("tokenize", Mini, file, "--json");
        Assert.Equal(["</s>a", "</s>", "</s>b", "</s>a\nb \U0001F600"], result.Output.TrimEnd('\n').Split('\n').Select(line => Single(line).GetProperty("decoded").GetString()));
    }

    [Fact]
    public void Offsets_count_code_points()
    {
        JsonElement line = Single(Tokenize("\U0001F600a\n", Mini, "--json").Output);
        Assert.Equal([1, 2], line.GetProperty("offsets").EnumerateArray().Last().EnumerateArray().Select(end => end.GetInt32()));
    }

    [Fact]
    public void The_text_field_may_be_named_and_lie_inside_an_object()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("rows", """{"meta":{"body":"a"},"a.b":"b"}""");
        Assert.Equal("0 66\n", KeyholeProcess.Run("tokenize", Mini, file, "--text-field", "meta.body").Output);
        Assert.Equal("0 67\n", KeyholeProcess.Run("tokenize", Mini, file, "--text-field", "a.b").Output);
    }

    [Fact]
    public void Compressed_files_and_json_on_standard_input_are_read()
    {
        using var folder = new TemporaryFolder();
        using (var gzip = new GZipStream(File.Create(folder.File("t.jsonl.gz")), CompressionLevel.Fastest))
        {
            gzip.Write("{\"text\":\"a\"}\n"u8);
        }
        Assert.Equal("0 66\n", KeyholeProcess.Run("tokenize", Mini, folder.File("t.jsonl.gz")).Output);
        Assert.Equal("0 66\n", Tokenize("{\"text\":\"a\"}\n", Mini, "-").Output);
    }

    [Theory]
    [InlineData("texts.jsonl", "{\"text\":\"a\"}\n{\"body\":\"b\"}\n", "KH4008", "line 2: there is no text field 'text'; the fields are 'body'.")]
    [InlineData("texts.jsonl", "{\"text\":1}\n", "KH4007", "line 1: the text field 'text' is a number")]
    [InlineData("texts.jsonl", "{\"text\":\"a\"\n", "KH4007", "line 1: this is not valid JSON")]
    [InlineData("texts.txt", "a\n\u00ff\n", "KH4004", "at byte 2 it has the byte 0xFF, which is not valid UTF-8")]
    [InlineData("texts.txt.gz", "no gzip", "KH4005", "it does not begin as a gzip file does")]
    public void What_is_not_text_is_refused_with_its_line(string name, string content, string code, string sentence)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File(name), Encoding.Latin1.GetBytes(content));
        CommandResult result = KeyholeProcess.Run("tokenize", Mini, folder.File(name));
        Assert.Equal(3, result.ExitStatus);
        Assert.StartsWith($"keyhole: error {code}: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_a_folder_and_a_missing_tokenizer_are_refused_with_3()
    {
        Assert.Equal(3, KeyholeProcess.Run("tokenize", Mini, "no/such/file").ExitStatus);
        Assert.Contains("is a folder", KeyholeProcess.Run("tokenize", Mini, "models").Error, StringComparison.Ordinal);
        Assert.Equal(3, Tokenize("a\n", "docs").ExitStatus);
    }

    [Fact]
    public void A_compressed_file_that_was_cut_short_is_refused()
    {
        using var folder = new TemporaryFolder();
        using (var gzip = new GZipStream(File.Create(folder.File("whole.txt.gz")), CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 20_000))));
        }
        byte[] whole = File.ReadAllBytes(folder.File("whole.txt.gz"));
        File.WriteAllBytes(folder.File("cut.txt.gz"), whole[..(whole.Length / 2)]);
        CommandResult result = KeyholeProcess.Run("tokenize", Mini, folder.File("cut.txt.gz"));
        Assert.Equal(3, result.ExitStatus);
        Assert.StartsWith("keyhole: error KH4005: ", result.Error, StringComparison.Ordinal);
    }

    private static CommandResult Tokenize(string input, params string[] arguments)
        => KeyholeProcess.Run(new Dictionary<string, string>(), input, ["tokenize", .. arguments]);

    private static JsonElement Single(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }
}
