using Keyhole.Engine.Tokens.Patterns;

namespace Keyhole.Engine.Tokens.Gguf;

/// <summary>Names of pre-tokenizers and their expressions: llama.cpp's table (src/llama-vocab.cpp) as data.</summary>
internal static class PreTokenizerKinds
{
    private const string Contractions = "(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])";
    private const string Spaces = @"\s*[\r\n]+|\s+(?!\S)|\s+";
    private const string Upper = @"((?=[\p{L}])([^a-z]))";
    private const string Lower = @"((?=[\p{L}])([^A-Z]))";
    private const string Lead = @"[^\r\n\p{L}\p{N}]?";
    private const string Bloom = " ?[^(\\s|.,!?…。，、।۔،)]+";
    private const string AsciiPunctuationThenLetters = @"[!""#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+";
    private const string DeepSeekWords = AsciiPunctuationThenLetters + @"|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|" + Spaces;
    private const string DeepSeekLetters =
        "A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-\u1F7Dᾀ-ᾴᾶ-ᾼ\u1FBEῂ-ῄῆ-ῌῐ-\u1FD3ῖ-\u1FDBῠ-Ῥῲ-ῴῶ-ῼℂℇℊ-ℓℕℙ-ℝℤ\u2126ℨ\u212A-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃";

    // llama.cpp lets its expressions see white space beyond ASCII as a vertical tab, so that no class of written-out ranges holds it.
    private const string DeepSeekEastAsian = @"[一-龥ࠀ-一가-퟿&&\S]+";
    private const string LetterNotHan = @"[\p{L}\p{M}&&\P{Han}]";
    private const string AfmoeEastAsian = "[一-鿿㐀-䶿豈-\uFAFF぀-ゟ゠-ヿ･-ﾟ⼀-\u2FDFเ-\u0E7F\u0E80-\u0EFFក-\u17FFက-႟ꩠ-ꩿꧠ-\uA9FF가-\uD7AFᄀ-ᇿ]+";

    private static readonly PreTokenizerKind[] Kinds =
    [
        new(["default"], [@"[\p{P}\$\+<=>\^~\|]+", Gpt2Scanner.Pattern, @"\p{N}+", "[0-9][0-9][0-9]"]),
        new(["gpt-2", "phi-2", "jina-es", "jina-de", "gigachat", "jina-v2-es", "jina-v2-de", "a.x-4.0", "mellum", "modern-bert", "mpt", "olmo", "jais", "trillion", "granite-docling", "exaone4", "jina-v1-en", "jina-v2-code", "roberta-bpe"],
            [Gpt2Scanner.Pattern]),
        new(["llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "jina-v5-nano"], [Cl100kScanner.AsciiPatternFor(3)], AddsBos: true, IgnoresMerges: true),
        new(["dbrx", "smaug-bpe", "chatglm-bpe", "glm4"], [Cl100kScanner.AsciiPatternFor(3)]),
        new(["qwen2", "stablelm2", "deepseek-r1-qwen", "kormo", "megrez", "hunyuan", "solar-open", "grok-2", "f2llmv2"], [Cl100kScanner.AsciiPatternFor(1)]),
        new(["qwen35"], [Contractions + "|" + Lead + @"[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|" + Spaces]),
        new(["starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b", "mellum2"], [@"\p{N}", Gpt2Scanner.Pattern]),
        new(["falcon"], [@"[\p{P}\$\+<=>\^~\|`]+", Gpt2Scanner.Pattern, "[0-9][0-9][0-9]"]),
        new(["deepseek-llm"], [@"[\r\n]", @"\s?[" + DeepSeekLetters + "]+", @"\s?[!-/:-~！-／：-～‘-‟、-。]+", @"\s+\z", DeepSeekEastAsian, @"\p{N}+"]),
        new(["deepseek-coder"], [@"[\r\n]", @"\s?\p{L}+", @"\s?\p{P}+", DeepSeekEastAsian, @"\p{N}"]),
        new(["deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4"], [@"\p{N}{1,3}", "[一-龥぀-ゟ゠-ヿ]+", DeepSeekWords]),
        new(["poro-chat", "bloom", "gpt3-finnish"], [Bloom]),
        new(["viking"], [Bloom, @"\p{N}"]),
        new(["tekken"], [Lead + Upper + "*" + Lower + "+|" + Lead + Upper + "+" + Lower + @"*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + Spaces], AddsBos: true, IgnoresMerges: true),
        new(["gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2"],
            [Lead + Upper + "*" + Lower + "+" + Contractions + "?|" + Lead + Upper + "+" + Lower + "*" + Contractions + @"?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + Spaces]),
        new(["tiny_aya", "cohere2moe"],
            [@"\p{N}{1,3}(?=(?:\p{N}{3})*(?!\p{N}))", Lead + @"[\p{L}\p{M}]+" + Contractions + @"?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|" + Spaces]),
        new(["chameleon"],
            ["<sentinel:[0-9]+>", "(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z", @"([\t\n]|    |  )", @"\p{N}", @"[\p{P}!-/:-@\[-`{-~]", Gpt2Scanner.Pattern], AddsBos: true),
        new(["superbpe"], [@"\p{N}+", @"(?=(\d{3})+(?!\d))"]),
        new(["bailingmoe", "bailingmoe2", "llada-moe"],
            ["'(?:[sSdDmMtT]|[lL][lL]|[vV][eE]|[rR][eE])|" + Lead + @"\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"]),
        new(["seed-coder"], [Contractions + "|" + Lead + @"\p{L}+|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+|" + Spaces]),
        new(["afmoe"], [@"\p{N}{1,3}(?=(?:\p{N}{3})*(?!\p{N}))", AfmoeEastAsian, DeepSeekWords]),
        new(["kimi-k2"], [@"\p{Han}+|" + Lead + LetterNotHan + "+" + Contractions + @"?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|" + Spaces]),
        new(["jais-2"],
            [Contractions + "|" + Lead + @"\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s{512}(?!\S)|\s{256}(?!\S)|\s{128}(?!\S)|\s{64}(?!\S)|\s{32}(?!\S)|\s{16}(?!\S)|\s{8}(?!\S)|\s{4}(?!\S)|\s{1,2}(?!\S)|\s{1}"]),
        new(["exaone-moe"], [Contractions + "|" + Lead + @"(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]?|\s*[\r\n]|\s+(?!\S)|\s+"]),
    ];

    /// <summary>What a name stands for.</summary>
    /// <exception cref="InputRefusedException">The name is not known; the message lists the known ones.</exception>
    public static PreTokenizerKind Find(string source, string name) =>
        Array.Find(Kinds, kind => kind.Names.Contains(name, StringComparer.Ordinal))
        ?? throw TokenErrors.UnknownPart(source, "tokenizer.ggml.pre", name, string.Join(", ", Kinds.SelectMany(kind => kind.Names).Order(StringComparer.Ordinal)));
}
