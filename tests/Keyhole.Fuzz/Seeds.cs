using System.Text;
using Keyhole.Corpora;
using Keyhole.Engine.Tests.Models;
using Keyhole.Mining;
using Keyhole.TestSupport;

namespace Keyhole.Fuzz;

/// <summary>The inputs that are damaged: made here, in the repository's tests, and in a folder of more.</summary>
internal static class Seeds
{
    private const long LargestFile = 1 << 20;
    private const long LargestInput = 1 << 20;
    private static readonly string[] s_notOfAModel = [".md", ".gz"];

    /// <summary>All of them, in a fixed order.</summary>
    /// <param name="more">A folder that is searched for models and tokenizers; null for none.</param>
    /// <param name="work">Room for files.</param>
    public static IEnumerable<Seed> All(string? more, TemporaryFolder work)
    {
        string model = TinyModel.Llama().Write(work.File("llama"));
        TinyTokenizer.Write(model);
        yield return Folder("made/llama", InputReader.Model, model);
        string opt = TinyModel.Opt().Write(work.File("opt"));
        TinyTokenizer.Write(opt);
        yield return Folder("made/opt", InputReader.Model, opt);
        yield return Seed.OfFile("made/gguf", InputReader.Model, "model.gguf", Gguf());
        yield return Merges();
        foreach (Seed seed in Texts().Append(Study(work, model)))
        {
            yield return seed;
        }
        foreach (Seed seed in Roots(more).Where(Directory.Exists).SelectMany(Search))
        {
            yield return seed;
        }
    }

    private static byte[] Gguf()
    {
        string[] pieces = ["<unk>", "<s>", "</s>", "▁", "a", "▁a", "the", "."];
        return TinyGguf.Build(typeOf: _ => (8u, 272), valuesOf: null)
            .Key("tokenizer.ggml.model", "llama")
            .Key("tokenizer.ggml.tokens", pieces)
            .Key("tokenizer.ggml.scores", 9, writer => { writer.Write(6u); writer.Write((ulong)pieces.Length); Array.ForEach(pieces, _ => writer.Write(-1f)); })
            .Key("tokenizer.ggml.token_type", 9, writer => { writer.Write(5u); writer.Write((ulong)pieces.Length); Array.ForEach([2, 3, 3, 1, 1, 1, 1, 1], writer.Write); })
            .Key("tokenizer.ggml.bos_token_id", 1u)
            .Build();
    }

    private static Seed Merges() => new("made/merges", InputReader.Tokenizer, new Dictionary<string, byte[]>
    {
        ["vocab.json"] = "{\"<|endoftext|>\": 0, \"a\": 1, \"n\": 2, \"d\": 3, \"an\": 4, \"and\": 5, \"\\u0120\": 6, \"\\u0120and\": 7}"u8.ToArray(),
        ["merges.txt"] = "#version: 0.2\na n\nan d\n\u0120 and\n"u8.ToArray(),
        ["tokenizer_config.json"] = "{\"add_bos_token\": true, \"bos_token\": {\"content\": \"<|endoftext|>\"}, \"unk_token\": \"<|endoftext|>\", \"add_prefix_space\": false}"u8.ToArray(),
    }, "");

    private static IEnumerable<Seed> Texts()
    {
        const string Prose = "It was late. The rain had stopped, and \"nobody\" came:\nMr. Smith went home at 5.30 p.m.\n\nA new paragraph – größer, 日本 🙂.\n = Heading = \n";
        string json = "{\"text\": \"One sentence. Another \\u00e9\\n one.\", \"meta\": {\"id\": 1, \"tags\": [\"a\", null]}}\n{\"text\": \"Two.\"}\n";
        yield return Seed.OfFile("made/corpus.txt", InputReader.Corpus, "corpus.txt", Encoding.UTF8.GetBytes(Prose));
        yield return Seed.OfFile("made/corpus.txt.gz", InputReader.Corpus, "corpus.txt.gz", GzipMutator.Deflate(Encoding.UTF8.GetBytes(Prose)));
        yield return Seed.OfFile("made/corpus.jsonl", InputReader.Corpus, "corpus.jsonl", Encoding.UTF8.GetBytes(json));
        yield return Seed.OfFile("made/corpus.json", InputReader.Corpus, "corpus.json", Encoding.UTF8.GetBytes($"[{json.Split('\n')[0]}, {json.Split('\n')[1]}]"));
        yield return Seed.OfFile("made/corpus.csv", InputReader.Corpus, "corpus.csv", "id,text\n1,\"A \"\"quoted\"\", text.\nOn two lines.\"\n2,Plain.\n"u8.ToArray());
        yield return Seed.OfFile("made/prompts.jsonl", InputReader.Prompts, "prompts.jsonl", "{\"prompt\": \"The capital of France is\", \"answer\": \" Paris\", \"set\": \"capitals\", \"subject\": \"France\", \"competitors\": [\" Rome\"]}\n{\"prompt\": \"a\", \"answer\": \"b\", \"set\": \"c\"}\n"u8.ToArray());
        yield return Seed.OfFile("made/relation.json", InputReader.Prompts, "relation.json", "{\"name\": \"capital\", \"prompt_templates\": [\"The capital of {} is\"], \"samples\": [{\"subject\": \"France\", \"object\": \"Paris\"}]}"u8.ToArray());
    }

    private static Seed Study(TemporaryFolder work, string model)
    {
        string corpus = work.Write("study-corpus.txt", string.Join('\n', Enumerable.Range(0, 40).Select(i => $"line {i} of a small text with größe and {i * i} more")) + "\n");
        string study = work.File("made.study");
        using (var miner = new Miner(new MiningOptions { Model = model, Corpus = [corpus], Output = study, Unit = UnitKind.Line, Threads = 1, Rules = new MiningRules() }))
        {
            miner.Run();
        }
        return Seed.OfFile("made/study", InputReader.Study, "made.study", File.ReadAllBytes(study));
    }

    // Folders with a config.json are models, or with a tokenizer's file alone tokenizers; single files what their names say.
    private static IEnumerable<Seed> Search(string root)
    {
        foreach (string folder in Directory.GetDirectories(root, "*", SearchOption.AllDirectories).Prepend(root).Order(StringComparer.Ordinal))
        {
            string name = Path.GetRelativePath(root, folder);
            if (name.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or ".git"))
            {
                continue;
            }
            bool Has(string file) => File.Exists(Path.Combine(folder, file));
            if (Has("config.json") && IsSmall(folder))
            {
                yield return Folder(name, InputReader.Model, folder);
            }
            foreach (string path in Directory.GetFiles(folder).Where(path => new FileInfo(path).Length <= LargestFile).Order(StringComparer.Ordinal))
            {
                string file = Path.GetFileName(path);
                if (Single(file) is { } reader)
                {
                    byte[] bytes = file.EndsWith(".gz", StringComparison.Ordinal) ? GzipMutator.Inflate(File.ReadAllBytes(path)) : File.ReadAllBytes(path);
                    yield return Seed.OfFile($"{name}/{file}", reader, file.Replace(".gz", "", StringComparison.Ordinal), bytes);
                }
            }
        }
    }

    private static InputReader? Single(string file) => file switch
    {
        "tokenizer.json" or "tokenizer.model" or "dict.txt" or "tokenizer.json.gz" or "tokenizer.model.gz" => InputReader.Tokenizer,
        "vocabulary.gguf" => InputReader.Tokenizer,
        _ when file.EndsWith(".gguf", StringComparison.Ordinal) => InputReader.Model,
        "ggml-blocks.safetensors" or "blocks.safetensors" or "golden-0.safetensors" => InputReader.Checkpoint,
        _ when Path.GetExtension(file) is ".pt" or ".pth" or ".bin" => InputReader.Checkpoint,   // PyTorch, legacy and zip
        _ => null,
    };

    private static bool IsSmall(string folder) => OfModel(folder).Sum(path => new FileInfo(path).Length) <= LargestInput;

    private static IEnumerable<string> OfModel(string folder) => Directory.GetFiles(folder)
        .Where(path => !s_notOfAModel.Contains(Path.GetExtension(path)) && !Path.GetFileName(path).StartsWith("golden-", StringComparison.Ordinal));

    private static Seed Folder(string name, InputReader reader, string folder)
        => new(name, reader, OfModel(folder).ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes), "");

    // The repository that this was built in; nothing where it has been moved away.
    private static string[] Roots(string? more, [System.Runtime.CompilerServices.CallerFilePath] string here = "")
    {
        string tests = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, ".."));
        string[] own = [tests, Path.Combine(tests, "..", "models")];
        return more is null ? own : [.. own, Path.GetFullPath(more)];
    }
}
