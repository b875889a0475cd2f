using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Keyhole.Corpora;
using Xunit;

namespace Keyhole.Tests.Corpora;

/// <summary>What holds for every text: units cover it in order, are never blank, and are the same whatever holds them.</summary>
public class CorpusPropertyTests
{
    private static readonly string[] Pieces =
    [
        "a", "B", "word", "Word", "The", " ", " ", "  ", "\t", "\n", "\r", "\r\n", "\n\n", ".", ".", "...", ". . .", "!", "?", "…", "。", "！", "।", "؟", "\"", "'", "“", "”", "‘", "’", "(", ")", "[1]", "「", "」",
        "Mr.", "U.S.", "a.m.", "e.g.", "No.", "5", "3.14", "A.", "I", "@.@", "<unk>", "=", "é", "漢", "😀", "\uD83D", "\uDE00", "\u00A0", "\u2028", "-", "--", "—", "Yahoo!", "said", "_", "*", ",", ":", "\\", "\0",
        "one of the longer words of a line that has been wrapped", "\"Stop!\" Holmes said.",
    ];

    private static Gen<string> Text(params string[] excluded)
        => Gen.Elements(Pieces.Except(excluded, StringComparer.Ordinal).ToArray()).ListOf().Select(p => string.Concat(p));

    private static void Check(Gen<string> texts, Action<string> property)
        => Prop.ForAll(texts.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(1500).WithEndSize(120).WithReplay(20240607, 1234567));

    [Fact]
    public void Sentences_cover_any_string()
    {
        Check(Text(), text =>
        {
            IReadOnlyList<SentenceRange> sentences = SentenceSplitter.Split(text);
            int end = 0;
            foreach (SentenceRange s in sentences)
            {
                Assert.True(s.Length > 0);
                Assert.True(string.IsNullOrWhiteSpace(text[end..s.Start]));
                Assert.False(char.IsWhiteSpace(text[s.Start]) || char.IsWhiteSpace(text[s.End - 1]));
                Assert.False(s.Start > 0 && char.IsHighSurrogate(text[s.Start - 1]) && char.IsLowSurrogate(text[s.Start]));
                end = s.End;
            }

            Assert.True(string.IsNullOrWhiteSpace(text[end..]));
            Assert.Equal(sentences, SentenceSplitter.Split(text));
        });
    }

    [Fact]
    public void Sentences_cover_any_string_of_code_units()
    {
        Gen<string> any = Gen.Choose(0, 0xFFFF).Select(c => (char)c).ListOf().Select(c => string.Concat(c));
        Check(any, text => Assert.Equal(
            string.Concat(text.Where(c => !char.IsWhiteSpace(c))),
            string.Concat(SentenceSplitter.Split(text).SelectMany(s => text.Substring(s.Start, s.Length)).Where(c => !char.IsWhiteSpace(c)))));
    }

    [Fact]
    public void Units_of_a_text_file_cover_it_in_order()
    {
        Check(Text("\uD83D", "\uDE00", "\0"), text =>
        {
            foreach (UnitKind kind in (UnitKind[])[UnitKind.Line, UnitKind.Sentence])
            {
                (List<TextUnit> units, CorpusCounts counts) = Read(Encoding.UTF8.GetBytes(text), kind, CorpusFormat.Text);
                CheckPlaces(text, units);
                if (counts.Headings == 0) Assert.Equal(Solid(text), Solid(string.Concat(units.Select(u => u.Text))));
                if (kind == UnitKind.Line) Assert.All(units, u => Assert.Equal(u.Text, CorpusFolder.Slice(text, u)));
            }
        });
    }

    [Fact]
    public void Records_give_the_units_of_their_text_at_their_own_places()
    {
        Check(Text("\uD83D", "\uDE00", "\0"), text =>
        {
            foreach (UnitKind kind in Enum.GetValues<UnitKind>())
            {
                string[] want = kind == UnitKind.Document ? string.IsNullOrWhiteSpace(text) ? [] : [text] : [.. Read(Encoding.UTF8.GetBytes(text), kind, CorpusFormat.Text).Units.Select(u => u.Text)];
                string json = "{\"n\":1,\"text\":" + JsonSerializer.Serialize(text) + "}\n";
                string csv = "n,text\n1,\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"\n";
                foreach ((string content, CorpusFormat format) in ((string, CorpusFormat)[])[(json, CorpusFormat.Json), ("[" + json + "]", CorpusFormat.Json), (csv, CorpusFormat.Csv)])
                {
                    List<TextUnit> units = Read(Encoding.UTF8.GetBytes(content), kind, format).Units;
                    Assert.Equal(want, units.Select(u => u.Text));
                    CheckPlaces(content, units);
                    if (kind != UnitKind.Line) continue;
                    Assert.Equal(want, units.Select(u => format == CorpusFormat.Csv
                        ? CorpusFolder.Slice(content, u).Replace("\"\"", "\"", StringComparison.Ordinal)
                        : JsonSerializer.Deserialize<string>("\"" + CorpusFolder.Slice(content, u) + "\"")));
                }
            }
        });
    }

    [Fact]
    public void Hostile_bytes_are_read_or_refused()
    {
        byte[][] seeds = ["{\"text\":\"a\\u00e9b\"}\n[\"x\"]"u8.ToArray(), "text,n\n\"a\"\"b\",1\n"u8.ToArray(), CorpusFolder.Gzip("One. Two.\n"), [0xEF, 0xBB, 0xBF, 0xC3, 0xA9, 10]];
        Gen<(int, int, int, int)> damage = from seed in Gen.Choose(0, seeds.Length - 1) from at in Gen.Choose(0, 200) from value in Gen.Choose(0, 255) from cut in Gen.Choose(0, 200) select (seed, at, value, cut);
        Prop.ForAll(damage.ToArbitrary(), d =>
        {
            byte[] bytes = [.. seeds[d.Item1]];
            bytes[d.Item2 % bytes.Length] = (byte)d.Item3;
            bytes = bytes[..(bytes.Length - (d.Item4 % 3 == 0 ? d.Item4 % bytes.Length : 0))];
            foreach (CorpusFormat format in Enum.GetValues<CorpusFormat>())
            {
                foreach (UnitKind kind in Enum.GetValues<UnitKind>())
                {
                    try
                    {
                        Assert.All(Read(bytes, kind, format).Units, u => Assert.False(string.IsNullOrWhiteSpace(u.Text)));
                    }
                    catch (Keyhole.Engine.InputRefusedException e)
                    {
                        Assert.StartsWith("KH40", e.Code, StringComparison.Ordinal);
                    }
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20240607, 1234567));
    }

    private static (List<TextUnit> Units, CorpusCounts Counts) Read(byte[] bytes, UnitKind kind, CorpusFormat format)
    {
        Corpus corpus = Corpus.Open(["-"], new CorpusOptions { Unit = kind, Format = format, OpenStandardInput = () => new MemoryStream(bytes) });
        List<TextUnit> units = [.. corpus.ReadUnits()];
        Assert.Equal(units.Count, corpus.Counts.Units);
        return (units, corpus.Counts);
    }

    private static void CheckPlaces(string content, List<TextUnit> units)
    {
        long end = 0;
        foreach (TextUnit unit in units)
        {
            Assert.True(unit.Offset >= end);
            Assert.True(unit.Length > 0);
            Assert.False(string.IsNullOrWhiteSpace(unit.Text));
            end = unit.Offset + unit.Length;
        }

        Assert.True(end <= Encoding.UTF8.GetByteCount(content));
    }

    private static string Solid(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
