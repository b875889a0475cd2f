using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using Keyhole.Claiming;
using Keyhole.Claiming.Files;
using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Claiming;

/// <summary>What a file of claims may say, and what is said of one that cannot be.</summary>
public sealed class ClaimFileTests
{
    [Fact]
    public void The_pages_example_is_read()
    {
        string page = File.ReadAllText(Path.Combine(SharedData.Repository, "docs", "claims.md"));
        ImmutableArray<MemoryClaim> claims = ClaimFile.Parse("claims.yaml", Regex.Match(page, "```yaml\n(.*?)```", RegexOptions.Singleline).Groups[1].Value);
        Assert.Equal([new NeuronId(5, 12), new NeuronId(4, 7), new NeuronId(7, 3), null], claims.Select(claim => claim.Memory));
        Assert.Equal([PredicateKind.Tokens, PredicateKind.Regex, PredicateKind.ValueTop, PredicateKind.Tokens], claims.Select(claim => claim.Predicate.Kind));
        Assert.Equal([ClaimPlace.Last, ClaimPlace.Prefix, ClaimPlace.Target, ClaimPlace.Target], claims.Select(claim => claim.Predicate.On));
        Assert.Equal([" the", " The"], claims[0].Predicate.Entries.Select(entry => entry.Text));
        Assert.Equal(["zero", "quantile 0.999", "quantile 0.99", "quantile 0.99"], claims.Select(claim => claim.Threshold.ToString()));
        Assert.Equal(new ClaimLevels(0.8, 0.5), claims[1].Levels);
        Assert.Equal(10, claims[2].Predicate.Top);
    }

    [Fact]
    public void The_pages_tables_name_every_field_and_threshold()
    {
        string page = File.ReadAllText(Path.Combine(SharedData.Repository, "docs", "claims.md"));
        foreach (Match example in Regex.Matches(page, "(?m)^\\| `((?:tokens|regex|ngram|words|label|valueTop): [^`]+)` \\|"))
        {
            Assert.Single(ClaimFile.Parse("claims.yaml", $"- {{name: x, memory: L0N0, {example.Groups[1].Value}}}"));
        }

        foreach (Match rule in Regex.Matches(page, "(?m)^\\| `((?:zero|quantile|fraction|mean|rank)[^`]*)` \\|"))
        {
            Assert.True(ClaimThreshold.TryParse(rule.Groups[1].Value, out ClaimThreshold threshold), rule.Value);
            Assert.Equal(rule.Groups[1].Value, threshold.ToString());
        }

        Assert.Equal(7, Regex.Count(page, "(?m)^\\| `(tokens|regex|ngram|words|label|valueTop): |^\\| `tokens`"));
    }

    [Theory]
    [InlineData("k^1_4", 0, 4)]
    [InlineData("12/3456+", 12, 3456)]
    [InlineData("12/3456-", 12, 3456, Pole.Negative)]
    [InlineData("'L1N2 '", 1, 2)]
    public void Memories_have_any_spelling(string text, int layer, int index, Pole pole = Pole.Positive)
    {
        MemoryClaim claim = ClaimFile.Parse("c", $"- {{name: x, memory: {text}, tokens: [a]}}")[0];
        Assert.Equal((new NeuronId(layer, index), pole), (claim.Memory!.Value, claim.Pole));
    }

    [Theory]
    [InlineData("name: x, memory: L0N0", "claim 'x': no predicate stands here")]
    [InlineData("name: x, memory: L0N0, tokens: [a], regex: b", "claim 'x': tokens and regex stand here")]
    [InlineData("name: x, tokens: [a]", "claim 'x': one of the fields 'memory' and 'memories'")]
    [InlineData("name: x, memory: L0N0, memories: all, tokens: [a]", "claim 'x': one of the fields 'memory' and 'memories'")]
    [InlineData("memory: L0N0, tokens: [a]", "claim 1: the field 'name' is missing")]
    [InlineData("name: '', memory: L0N0, tokens: [a]", "claim 1: the field 'name' is empty")]
    [InlineData("name: [x], memory: L0N0, tokens: [a]", "claim 1: the field 'name' is a list; expected is a text")]
    [InlineData("name: x, memory: seven, tokens: [a]", "claim 'x': the field 'memory' is 'seven'")]
    [InlineData("name: x, memory: L0N0--, tokens: [a]", "claim 'x': the field 'memory' is 'L0N0--'")]
    [InlineData("name: x, memories: some, tokens: [a]", "claim 'x': the field 'memories' is 'some'")]
    [InlineData("name: x, memory: L0N0, tokns: [a]", "claim 'x': the field 'tokns' is unknown; did you mean 'tokens'?")]
    [InlineData("name: x, memory: L0N0, tokens: []", "claim 'x': the field 'tokens' has 0 entries")]
    [InlineData("name: x, memory: L0N0, tokens: [[a]]", "claim 'x': the field 'tokens' holds a list")]
    [InlineData("name: x, memory: L0N0, tokens: {a: b}", "claim 'x': the field 'tokens' holds a mapping")]
    [InlineData("name: x, memory: L0N0, words: ['']", "claim 'x': the field 'words' holds an empty text")]
    [InlineData("name: x, memory: L0N0, regex: [a]", "claim 'x': the field 'regex' is a list")]
    [InlineData("name: x, memory: L0N0, valueTop: '3'", "claim 'x': the field 'valueTop' is '3'; expected is a whole number from 1 to 1000")]
    [InlineData("name: x, memory: L0N0, valueTop: 0", "claim 'x': the field 'valueTop' is '0'")]
    [InlineData("name: x, memory: L0N0, valueTop: 3, on: last", "claim 'x': the field 'on' is 'last'")]
    [InlineData("name: x, memory: L0N0, tokens: [a], on: first", "claim 'x': the field 'on' is 'first'; expected is prefix, last or target")]
    [InlineData("name: x, memory: L0N0, tokens: [a], ignoreCase: yes", "claim 'x': the field 'ignoreCase' is 'yes'")]
    [InlineData("name: x, memory: L0N0, label: a, ignoreCase: true", "claim 'x': the field 'ignoreCase' is true")]
    [InlineData("name: x, memory: L0N0, tokens: [a], threshold: high", "claim 'x': the field 'threshold' is 'high'")]
    [InlineData("name: x, memory: L0N0, tokens: [a], threshold: quantile 1", "claim 'x': the field 'threshold' is 'quantile 1'")]
    [InlineData("name: x, memory: L0N0, tokens: [a], threshold: quantile 1.5", "claim 'x': the field 'threshold'")]
    [InlineData("name: x, memory: L0N0, tokens: [a], threshold: rank 0", "claim 'x': the field 'threshold' is 'rank 0'")]
    [InlineData("name: x, memory: L0N0, tokens: [a], threshold: rank 100000", "claim 'x': the field 'threshold'")]
    [InlineData("name: x, memory: L0N0, tokens: [a], levels: 0.5", "claim 'x': the field 'levels' is something else")]
    [InlineData("name: x, memory: L0N0, tokens: [a], levels: {precision: 2}", "claim 'x': the field 'levels' has a 'precision'")]
    [InlineData("name: x, memory: L0N0, tokens: [a], levels: {recal: 0.2}", "claim 'x': the field 'levels' is something else")]
    public void What_is_wrong_with_a_claim_is_said_with_its_name_and_field(string claim, string said) => Refused("KH7803", $"- {{{claim}}}", said);

    [Fact]
    public void Two_claims_have_two_names() => Refused("KH7803", "- {name: x, memory: L0N0, tokens: [a]}\n- {name: x, memory: L0N1, tokens: [a]}", "line 2: claim 'x': another claim has the same name");

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("[]", "a list of 0 claims")]
    [InlineData("claims: []", "a mapping stands where a list")]
    [InlineData("- x", "claim 1 is a text")]
    [InlineData("- {name: &a x}", "an anchor stands here")]
    [InlineData("- {name: *a}", "an alias stands here")]
    [InlineData("- {name: !!str x}", "a tag stands here")]
    [InlineData("- {name: x, name: y}", "the field 'name' stands here a second time")]
    [InlineData("- {[a]: y}", "a list stands where a field's name is expected")]
    [InlineData("- {name: x}\n---\n- {name: y}", "a second document begins")]
    [InlineData("- {name: 'x", "line ")]
    [InlineData("- name: x\n   memory: y", "line ")]
    [InlineData("\t- x", "line ")]
    [InlineData("- [[[[[[[[[[a]]]]]]]]]]", "more than 6 deep")]
    public void What_is_no_list_of_claims_is_refused(string yaml, string said) => Refused("KH7802", yaml, said);

    [Fact]
    public void Bombs_are_refused_before_they_grow()
    {
        string laughs = "a: &a [x,x,x,x,x,x,x,x,x]\n" + string.Concat(Enumerable.Range(0, 9).Select(i => $"{(char)('b' + i)}: &{(char)('b' + i)} [*{(char)('a' + i)},*{(char)('a' + i)},*{(char)('a' + i)}]\n"));
        Refused("KH7802", laughs, "an anchor stands here");
        Refused("KH7802", new string('[', 500_000), "more than 6 deep");
        Refused("KH7802", "- " + new string('{', 500_000), "a mapping stands where a field's name is expected");
        Refused("KH7802", "[" + string.Concat(Enumerable.Repeat("a,", 300_000)) + "]", "more than 200,000 parts");
        Refused("KH7803", "- {name: " + new string('n', 900_000) + ", memory: L0N0, tokens: [a]}", "has 900000 characters");
        Refused("KH7803", "- {name: x, " + new string('n', 900) + ": L0N0, tokens: [a]}", "is unknown");
        Refused("KH7803", "- {name: x, memory: L0N0, regex: '" + new string('a', 3000) + "'}", "has 3000 characters");
    }

    [Fact]
    public void Files_that_cannot_be_read_are_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("KH7801", Assert.Throws<InputRefusedException>(() => ClaimFile.Read(folder.File("none.yaml"))).Code);
        Assert.Equal("KH7801", Assert.Throws<InputRefusedException>(() => ClaimFile.Read(folder.Path)).Code);
        Assert.Equal("KH7801", Assert.Throws<InputRefusedException>(() => ClaimFile.Read(folder.Write("big.yaml", new byte[2 << 20]))).Code);
        Assert.Equal("KH7801", Assert.Throws<InputRefusedException>(() => ClaimFile.Read(folder.Write("latin.yaml", [(byte)'-', (byte)' ', 0xE9]))).Code);
        Assert.Single(ClaimFile.Read(folder.Write("mark.yaml", [.. Encoding.UTF8.GetPreamble(), .. "- {name: é, memory: L0N0, tokens: [a]}"u8])));
    }

    [Fact]
    public void Random_bytes_are_claims_or_refused()
    {
        byte[] good = Encoding.UTF8.GetBytes("- {name: x, memory: L0N0-, tokens: [a, 3], threshold: quantile 0.9, levels: {precision: 0.5}}\n- name: y\n  memories: all\n  regex: 'a|b'\n");
        var random = new Random(3);
        for (int i = 0; i < 3000; i++)
        {
            byte[] bytes = [.. good];
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(128);
            }

            try
            {
                _ = ClaimFile.Parse("c", Encoding.UTF8.GetString(bytes));
            }
            catch (InputRefusedException refused)
            {
                Assert.StartsWith("KH780", refused.Code, StringComparison.Ordinal);
            }
        }
    }

    private static void Refused(string code, string yaml, string said)
    {
        InputRefusedException refused = Assert.Throws<InputRefusedException>(() => ClaimFile.Parse("c.yaml", yaml));
        Assert.Equal(code, refused.Code);
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("c.yaml", refused.Message, StringComparison.Ordinal);
        Assert.True(refused.Message.Length < 1000, "the message is as long as the file");
    }
}
