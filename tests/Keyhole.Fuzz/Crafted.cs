using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Keyhole.Engine.Tests.Checkpoints;
using Keyhole.TestSupport;

namespace Keyhole.Fuzz;

/// <summary>Hostile inputs made by hand: what chance would take long to find.</summary>
internal static class Crafted
{
    private const int Deep = 10_000;
    private const ulong Huge = 1UL << 60;

    /// <summary>All of them by name. The first file in order is the hostile one.</summary>
    /// <param name="work">Room for files.</param>
    public static IEnumerable<(string Name, Seed Seed)> All(TemporaryFolder work)
    {
        IEnumerable<Seed> seeds = [.. Safetensors(), .. Models(work), .. Ggufs(), .. Tokenizers(), .. Corpora()];
        return seeds.Select(seed => (seed.Name, seed));
    }

    private static IEnumerable<Seed> Safetensors()
    {
        Seed File(string name, string header, int dataBytes, ulong? claimed = null, byte fill = 0)
        {
            byte[] text = Encoding.UTF8.GetBytes(header);
            byte[] bytes = new byte[8 + text.Length + dataBytes];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, claimed ?? (ulong)text.Length);
            text.CopyTo(bytes, 8);
            bytes.AsSpan(8 + text.Length).Fill(fill);
            return Seed.OfFile($"crafted-safetensors-{name}", InputReader.Checkpoint, "a.safetensors", bytes);
        }
        string Tensor(string shape, ulong start, ulong end, string type = "F32") => $$"""{"dtype":"{{type}}","shape":{{shape}},"data_offsets":[{{start}},{{end}}]}""";
        yield return File("deep", Nested("[", "]", "1"), 16);
        yield return File("deep-open", string.Concat(Enumerable.Repeat("{\"a\":", Deep)), 16);
        yield return File("header-2^60", "{}", 16, Huge);
        yield return File("header-2^64-1", "{}", 16, ulong.MaxValue);
        yield return File("shape-2^60", $$"""{"a":{{Tensor($"[{Huge}]", 0, 16)}}}""", 16);
        yield return File("shape-overflow", $$"""{"a":{{Tensor($"[{Huge},{Huge},{Huge}]", 0, 16)}}}""", 16);
        yield return File("shape-zero-and-2^60", $$"""{"a":{{Tensor($"[0,{Huge}]", 0, 0)}}}""", 0);
        yield return File("range-2^60", $$"""{"a":{{Tensor($"[{Huge / 4}]", 0, Huge)}}}""", 16);
        yield return File("overlap", $$"""{"a":{{Tensor("[4]", 0, 16)}},"b":{{Tensor("[4]", 0, 16)}}}""", 16);
        yield return File("nan", $$"""{"a":{{Tensor("[4]", 0, 16)}}}""", 16, null, 0xFF);
        yield return File("many-scalars", $"{{{string.Join(',', Enumerable.Range(0, Deep).Select(i => $"\"{i}\":{Tensor("[0]", 0, 0)}"))}}}", 0);
        yield return File("dimensions", $$"""{"a":{{Tensor($"[{string.Join(',', Enumerable.Repeat("1", Deep))}]", 0, 4)}}}""", 4);
    }

    private static IEnumerable<Seed> Models(TemporaryFolder work)
    {
        string folder = TinyModel.Llama().Write(work.File("crafted-llama"));
        Dictionary<string, byte[]> files = Directory.GetFiles(folder).ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);
        Seed With(string name, string file, byte[] bytes) => new($"crafted-model-{name}", InputReader.Model, new Dictionary<string, byte[]>(files) { [file] = bytes }, "") { Damaged = [file] };
        Seed Config(string name, string json) => With(name, "config.json", Encoding.UTF8.GetBytes(json));
        var config = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(files["config.json"])!;
        yield return Config("config-deep", $$"""{"model_type":{{Nested("[", "]", "1")}}}""");
        yield return Config("config-list", "[]");
        foreach (string key in config.Keys)
        {
            foreach (string value in (string[])["2147483647", "1152921504606846976", "-1", "0"])
            {
                Dictionary<string, JsonElement> changed = new(config) { [key] = JsonDocument.Parse(value).RootElement };
                yield return Config($"{key}-{value}", JsonSerializer.Serialize(changed));
            }
        }
        byte[] weights = files["model.safetensors"];
        byte[] nan = [.. weights];
        nan.AsSpan(8 + (int)BinaryPrimitives.ReadInt64LittleEndian(weights)).Fill(0xFF);
        yield return With("weights-nan", "model.safetensors", nan);
        files.Remove("model.safetensors");
        Seed Index(string name, string shard) => With(name, "model.safetensors.index.json", Encoding.UTF8.GetBytes($$$"""{"weight_map":{"lm_head.weight":"{{{shard}}}"}}"""));
        yield return Index("index-itself", "model.safetensors.index.json");
        yield return Index("index-above", "../model.safetensors");
        yield return Index("index-device", "/dev/zero");
        yield return Index("index-folder", ".");
        yield return Index("index-nothing", "");
        yield return Index("index-zero-byte", "a\\u0000b");
    }

    private static IEnumerable<Seed> Ggufs()
    {
        Seed File(string name, byte[] bytes) => Seed.OfFile($"crafted-gguf-{name}", InputReader.Checkpoint, "a.gguf", bytes);
        byte[] Head(uint version, ulong tensors, ulong keys, Action<BinaryWriter>? rest = null)
        {
            using var stream = new MemoryStream();
            using var writer = new BinaryWriter(stream);
            writer.Write("GGUF"u8);
            writer.Write(version);
            writer.Write(tensors);
            writer.Write(keys);
            rest?.Invoke(writer);
            return stream.ToArray();
        }
        yield return File("tensors-2^60", Head(3, Huge, 0));
        yield return File("keys-2^60", Head(3, 0, Huge));
        yield return File("name-2^60", Head(3, 0, 1, writer => writer.Write(Huge)));
        yield return File("array-2^60", Head(3, 0, 1, writer => { GgufBuilder.Text(writer, "a"); writer.Write(9u); writer.Write(4u); writer.Write(Huge); }));
        yield return File("strings-2^60", Head(3, 0, 1, writer => { GgufBuilder.Text(writer, "a"); writer.Write(9u); writer.Write(8u); writer.Write(Huge); }));
        yield return File("arrays-deep", Head(3, 0, 1, writer =>
        {
            GgufBuilder.Text(writer, "a");
            writer.Write(9u);
            for (int i = 0; i < Deep; i++)
            {
                writer.Write(9u);
                writer.Write(1UL);
            }
            writer.Write(4u);
            writer.Write(1UL);
            writer.Write(1u);
        }));
        yield return File("empty-arrays", Head(3, 0, 1, writer => { GgufBuilder.Text(writer, "a"); writer.Write(9u); writer.Write(9u); writer.Write(1UL << 16); writer.Write(new byte[12 << 16]); }));
        yield return File("dimensions-2^60", new GgufBuilder().Key("general.architecture", "llama").Tensor("t", [Huge, Huge], 0, new byte[32]).Build());
        yield return File("overlap", new GgufBuilder().Key("general.architecture", "llama").Tensor("t", [8], 0, new byte[32], 0).Tensor("u", [8], 0, new byte[32], 0).Build());
        yield return File("offset-2^64", new GgufBuilder().Key("general.architecture", "llama").Tensor("t", [8], 0, new byte[32], ulong.MaxValue - 31).Build());
        yield return File("split-65535", new GgufBuilder().Key("general.architecture", "llama").Key("split.count", ushort.MaxValue).Key("split.no", (ushort)0).Build());
    }

    private static IEnumerable<Seed> Tokenizers()
    {
        Seed File(string name, string file, byte[] bytes) => Seed.OfFile($"crafted-tokenizer-{name}", InputReader.Tokenizer, file, bytes);
        Seed Json(string name, string model, string section = "\"normalizer\":null") => File(name, "tokenizer.json", Encoding.UTF8.GetBytes($$"""{"added_tokens":[],{{section}},"model":{{model}}}"""));
        const string Words = """{"type":"WordLevel","unk_token":"?","vocab":{"?":0}}""";
        foreach ((string section, string list) in new[] { ("normalizer", "normalizers"), ("pre_tokenizer", "pretokenizers"), ("post_processor", "processors"), ("decoder", "decoders") })
        {
            yield return Json($"deep-{section}", Words, $"\"{section}\":{Nested($$"""{"type":"Sequence","{{list}}":[""", "]}", "{\"type\":\"ByteLevel\"}")}");
            yield return Json($"depth-60-{section}", Words, $"\"{section}\":{Nested($$"""{"type":"Sequence","{{list}}":[""", "]}", "{\"type\":\"ByteLevel\"}", 28)}");
        }
        yield return Json("regex-groups", Words, $$"""
            "pre_tokenizer":{"type":"Split","pattern":{"Regex":"{{Nested("(", ")", "a")}}"},"behavior":"Isolated","invert":false}
            """);
        yield return Json("regex-backtracking", Words, """
            "pre_tokenizer":{"type":"Split","pattern":{"Regex":"(((.*)*)*)*x"},"behavior":"Isolated","invert":false}
            """);
        yield return Json("regex-repeats", Words, """
            "pre_tokenizer":{"type":"Split","pattern":{"Regex":"((((a{1000}){1000}){1000}){1000})"},"behavior":"Isolated","invert":false}
            """);
        yield return Json("prepend-growth", Words, $"\"normalizer\":{{\"type\":\"Sequence\",\"normalizers\":[{string.Join(',', Enumerable.Repeat("""{"type":"Replace","pattern":{"String":"a"},"content":"aaaaaaaa"}""", 16))}]}}");
        yield return Json("id-2^60", $$$"""{"type":"WordLevel","unk_token":"?","vocab":{"?":{{{Huge}}}}}""");
        yield return Json("id-2^24", """{"type":"WordLevel","unk_token":"?","vocab":{"?":16777216}}""");
        yield return Json("ids-apart", """{"type":"WordLevel","unk_token":"?","vocab":{"?":0,"a":16777215}}""");
        yield return Json("fixed-length", Words, """
            "pre_tokenizer":{"type":"FixedLength","length":1152921504606846976}
            """);
        yield return File("sentencepiece-2^60", "tokenizer.model", [0x0A, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10, 1, 2, 3]);
        yield return File("sentencepiece-endless-varint", "tokenizer.model", [.. Enumerable.Repeat((byte)0xFF, Deep)]);
        yield return File("sentencepiece-empty-pieces", "tokenizer.model", [.. Enumerable.Repeat<byte[]>([0x0A, 0], Deep).SelectMany(piece => piece)]);
        yield return File("dictionary-lines", "dict.txt", [.. Enumerable.Repeat((byte)'\n', 1 << 20)]);
        yield return File("dictionary-word", "dict.txt", [.. Enumerable.Repeat((byte)'x', 1 << 20)]);
    }

    private static IEnumerable<Seed> Corpora()
    {
        Seed File(string name, string file, byte[] bytes) => Seed.OfFile($"crafted-corpus-{name}", InputReader.Corpus, file, bytes);
        yield return File("deep", "a.jsonl", Encoding.UTF8.GetBytes($$"""{"text":"a","more":{{Nested("[", "]", "1")}}}"""));
        yield return File("deep-open", "a.json", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("[", Deep))));
        yield return File("text-deep", "a.jsonl", Encoding.UTF8.GetBytes($$"""{"text":{{Nested("{\"text\":", "}", "1")}}}"""));
        yield return File("quote-open", "a.csv", Encoding.UTF8.GetBytes("text\n\"" + string.Concat(Enumerable.Repeat("a,\n", 1 << 18))));
        yield return File("columns", "a.csv", Encoding.UTF8.GetBytes(new string(',', 1 << 20) + "\ntext"));
        yield return File("marks", "a.txt", Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("(\"[. ", 1 << 17))));
        yield return File("zeros", "a.txt", new byte[1 << 20]);
        using var bomb = new MemoryStream();
        using (var compressed = new GZipStream(bomb, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            byte[] block = [.. Enumerable.Repeat((byte)'a', 1 << 20)];
            for (int i = 0; i < 256; i++)
            {
                compressed.Write(block);
            }
        }
        yield return File("bomb", "a.txt.gz", bomb.ToArray());
    }

    private static string Nested(string open, string close, string inner, int depth = Deep)
        => string.Concat(Enumerable.Repeat(open, depth)) + inner + string.Concat(Enumerable.Repeat(close, depth));
}
