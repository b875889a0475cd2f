using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Keyhole.Corpora;
using Keyhole.Engine;
using Keyhole.Engine.Tokens;
using Keyhole.Studies;

namespace Keyhole.Composition;

/// <summary>Chooses the prefixes of section 5: at random, one a text, or as a file names them.</summary>
/// <remarks>
/// Of all texts that have a candidate position, those with the n smallest <see cref="CounterHash"/> of (seed, number) are taken, and of each the position
/// that the hash of (seed, number, 1) picks, uniform over its candidates. So the choice depends on nothing but the seed and the texts.
/// </remarks>
public static class PrefixSource
{
    /// <summary>Chooses prefixes for a study.</summary>
    /// <param name="study">The study, whose rules and, without other texts, whose texts are used.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="context">Longest text that the model takes, in tokens.</param>
    /// <param name="options">Which prefixes.</param>
    /// <param name="progress">Told the share of the texts that was read, or null.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="InputRefusedException">KH5301, KH5302: a file of prefixes that cannot be used; KH5303: no text has a position to choose; KH40xx: texts that cannot be read.</exception>
    public static PrefixSet Choose(Study study, Tokenizer tokenizer, int context, PrefixOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(options);
        TextRules rules = TextRules.Of(study.Provenance);
        PrefixTexts texts = options switch
        {
            { Texts: { } paths } => new CorpusTexts(paths, rules, tokenizer, context, options.Threads),
            { File: not null } => new StudyTexts(study, tokenizer),
            _ => (PrefixTexts?)UnminedTexts.Find(study, rules, tokenizer, context, options.CorpusFolders, options.Threads, cancellation) ?? new StudyTexts(study, tokenizer),
        };
        return Choose(texts, rules, options, progress, cancellation);
    }

    /// <summary>As the public method, from any texts.</summary>
    internal static PrefixSet Choose(PrefixTexts texts, TextRules rules, PrefixOptions options, IProgress<double>? progress, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Count);
        var described = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Prefix[] prefixes = options.File is { } file
            ? Fixed(texts, file, described, progress, cancellation)
            : Random(texts, rules, options, described, progress, cancellation);
        texts.Describe(described);
        described["n"] = Text(prefixes.Length);
        return new PrefixSet(prefixes, described.ToImmutableSortedDictionary(StringComparer.Ordinal));
    }

    private static Prefix[] Random(PrefixTexts texts, TextRules rules, PrefixOptions options, SortedDictionary<string, string> described, IProgress<double>? progress, CancellationToken cancellation)
    {
        var taken = new PriorityQueue<Prefix, ulong>(Comparer<ulong>.Create((x, y) => y.CompareTo(x)));   // the largest hash on top
        long candidates = 0;
        foreach (PrefixText text in texts.Read(progress, cancellation))
        {
            int length = text.Unit.Tokens.Length;
            (int first, int end) = !options.AllPositions ? rules.Positions.Candidates(length, text.StartsWithBos) : (0, length > 1 || !text.StartsWithBos ? length : 0);
            if (first >= end)
            {
                continue;
            }

            candidates++;
            var number = (ulong)text.Unit.Index;
            ulong hash = CounterHash.Hash(options.Seed, number);
            if (taken.Count == options.Count && taken.TryPeek(out _, out ulong largest) && hash > largest)
            {
                continue;
            }

            int position = first + (int)Math.BigMul(CounterHash.Hash(options.Seed, number, 1), (ulong)(end - first), out _);
            if (taken.Count < options.Count)
            {
                taken.Enqueue(text.Until(position), hash);
            }
            else
            {
                taken.DequeueEnqueue(text.Until(position), hash);
            }
        }

        if (candidates == 0)
        {
            throw new InputRefusedException("KH5303", $"{texts.Name}: no text is long enough for a prefix and the token after it. Check the path, --unit and --text-field of the study, or give other texts.");
        }

        described["prefixes"] = "random";
        if (options.AllPositions)
        {
            described["positions"] = "all";
        }

        described["seed"] = options.Seed.ToString(CultureInfo.InvariantCulture);
        described["texts-to-choose-from"] = candidates.ToString(CultureInfo.InvariantCulture);
        return [.. taken.UnorderedItems.Select(item => item.Element).OrderBy(prefix => prefix.Unit)];
    }

    private static Prefix[] Fixed(PrefixTexts texts, string file, SortedDictionary<string, string> described, IProgress<double>? progress, CancellationToken cancellation)
    {
        IReadOnlyList<PrefixFile.Entry> entries = PrefixFile.Read(file);
        ILookup<int, int> wanted = Enumerable.Range(0, entries.Count).ToLookup(i => entries[i].Unit);
        var prefixes = new Prefix?[entries.Count];
        int units = 0;
        foreach (PrefixText text in texts.Read(progress, cancellation))
        {
            units = text.Unit.Index + 1;
            foreach (int i in wanted[text.Unit.Index])
            {
                PrefixFile.Entry entry = entries[i];
                prefixes[i] = entry.Position < text.Unit.Tokens.Length
                    ? text.Until(entry.Position)
                    : throw new InputRefusedException("KH5302", $"{file}, line {entry.Line}: unit {entry.Unit} of {texts.Name} has no position {entry.Position}; it has {text.Unit.Tokens.Length} tokens (positions 0 to {text.Unit.Tokens.Length - 1}, BOS counted).");
            }
        }

        int missing = Array.FindIndex(prefixes, prefix => prefix is null);
        if (missing >= 0)
        {
            throw new InputRefusedException("KH5302", $"{file}, line {entries[missing].Line}: {texts.Name} has no unit {entries[missing].Unit}; it has {units} (0 to {units - 1}). Units are counted in --texts where it is given, else in the study.");
        }

        described["prefixes"] = "fixed";
        described["prefixes-sha256"] = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
        return [.. prefixes.OfType<Prefix>()];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
