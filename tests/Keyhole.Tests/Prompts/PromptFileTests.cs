using Keyhole.Engine;
using Keyhole.Prompts;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Prompts;

public sealed class PromptFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_bundled_prompts_are_many_and_whole()
    {
        PromptSet bundled = PromptFile.Bundled();
        Assert.True(bundled.Entries.Count >= 60, $"{bundled.Entries.Count} prompts.");
        Assert.Contains(bundled.Entries, entry => entry is { Set: "city-country", Subject: "Paris", Answer: "France" });
        Assert.True(bundled.Entries.DistinctBy(entry => entry.Set).Count() >= 5);
        Assert.Equal(bundled.Entries.Count, bundled.Entries.DistinctBy(entry => entry.Prompt).Count());
        Assert.All(bundled.Entries, entry =>
        {
            Assert.Equal(entry.Prompt.Trim(), entry.Prompt);
            Assert.DoesNotContain(entry.Answer, entry.Competitors);
            Assert.DoesNotContain(entry.Answer, entry.Associates);
        });
        Assert.Equal("bundled", bundled.Options["prompts"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    public void Lines_are_read(string mark)
    {
        PromptSet set = PromptFile.Read(Write("p.jsonl", mark + """
            {"prompt": "Rome is in", "answer": "Italy", "set": "a", "subject": "Rome", "competitors": ["France", "Spain"], "associates": ["pasta"]}

            {"prompt": "x", "answer": "y", "set": "b", "subject": null, "more": 1}
            """));
        Assert.Equal(("Rome is in", "Italy", "a", "Rome"), (set.Entries[0].Prompt, set.Entries[0].Answer, set.Entries[0].Set, set.Entries[0].Subject));
        Assert.Equal(["France", "Spain"], set.Entries[0].Competitors.AsEnumerable());
        Assert.Equal(["pasta"], set.Entries[0].Associates.AsEnumerable());
        Assert.Null(set.Entries[1].Subject);
        Assert.True(set.Entries[1].Competitors.IsEmpty);
        Assert.Equal(("p.jsonl", "2"), (set.Options["prompts"], set.Options["n"]));
    }

    [Theory]
    [InlineData("\"name\": \"country capital\", ", "country capital")]
    [InlineData("", "relation")]
    public void A_relation_makes_a_prompt_of_every_template_and_sample(string name, string set)
    {
        PromptSet prompts = PromptFile.Read(Write("relation.json", "{" + name + """
            "prompt_templates": ["The capital of {} is", "{}'s capital is"], "prompt_templates_zs": ["{}"],
            "samples": [{"subject": "France", "object": "Paris"}, {"subject": "Japan", "object": "Tokyo"}]}
            """));
        Assert.Equal(["The capital of France is", "The capital of Japan is", "France's capital is", "Japan's capital is"], prompts.Entries.Select(entry => entry.Prompt));
        Assert.Equal(["Paris", "Tokyo", "Paris", "Tokyo"], prompts.Entries.Select(entry => entry.Answer));
        Assert.All(prompts.Entries, entry => Assert.Equal(set, entry.Set));
        Assert.Equal("Japan", prompts.Entries[3].Subject);
    }

    [Theory]
    [InlineData("line 2", "no JSON", "{\"prompt\": \"a\", \"answer\": \"b\", \"set\": \"c\"}\n{")]
    [InlineData("line 1", "'answer' is missing", "{\"prompt\": \"a\", \"set\": \"c\"}")]
    [InlineData("line 1", "'prompt' is missing or blank", "{\"prompt\": \" \", \"answer\": \"b\", \"set\": \"c\"}")]
    [InlineData("line 1", "'set' is 3", "{\"prompt\": \"a\", \"answer\": \"b\", \"set\": 3}")]
    [InlineData("line 1", "'competitors' is no list", "{\"prompt\": \"a\", \"answer\": \"b\", \"set\": \"c\", \"competitors\": \"d\"}")]
    [InlineData("line 1", "'associates' holds 4", "{\"prompt\": \"a\", \"answer\": \"b\", \"set\": \"c\", \"associates\": [4]}")]
    [InlineData("line 1", "array", "[1]")]
    [InlineData("bad.jsonl", "holds no prompt", "\n")]
    [InlineData("bad.jsonl", "has no {}", "{\"prompt_templates\": [\"x\"], \"samples\": []}")]
    [InlineData("samples[1]", "'object' is missing", "{\"prompt_templates\": [\"{}\"], \"samples\": [{\"subject\": \"a\", \"object\": \"b\"}, {\"subject\": \"a\"}]}")]
    public void A_bad_file_is_refused(string where, string what, string content)
    {
        InputRefusedException refused = Assert.Throws<InputRefusedException>(() => PromptFile.Read(Write("bad.jsonl", content)));
        Assert.Equal("KH5305", refused.Code);
        Assert.Contains(where, refused.Message, StringComparison.Ordinal);
        Assert.Contains(what, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bad.jsonl", """{"prompt": "\ud800", "answer": "b", "set": "c"}""")]
    [InlineData("bad.json", """{"prompt_templates": ["{}"], "samples": [{"subject": "\ud800", "object": "b"}]}""")]
    [InlineData("bad.json", """{"prompt_templates": ["\ud800"], "samples": []}""")]
    public void Half_a_surrogate_pair_is_no_text(string name, string content)
        => Assert.Contains("ud800", Assert.Throws<InputRefusedException>(() => PromptFile.Read(Write(name, content))).Message, StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_no_UTF8_are_refused_and_long_texts_not_written_out()
    {
        string path = Write("bad.json", "");
        File.WriteAllBytes(path, [.. """{"prompt_templates": ["{}"], "samples": [{"subject": """u8, (byte)'"', 0xFF, .. "\"}]}"u8]);
        Assert.Contains("UTF-8", Assert.Throws<InputRefusedException>(() => PromptFile.Read(path)).Message, StringComparison.Ordinal);
        string longText = $$$"""{"prompt_templates": ["{{{new string('x', 5000)}}}"], "samples": []}""";
        Assert.InRange(Assert.Throws<InputRefusedException>(() => PromptFile.Read(Write("long.json", longText))).Message.Length, 300, 1000);
    }

    [Fact]
    public void A_missing_file_is_refused() => Assert.Equal("KH5305", Assert.Throws<InputRefusedException>(() => PromptFile.Read(_folder.File("none"))).Code);

    private string Write(string name, string content)
    {
        string path = _folder.File(name);
        File.WriteAllText(path, content);
        return path;
    }
}
