using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Keyhole.Compat;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Mining.Nulls;
using Keyhole.Studies;

namespace Keyhole.Mining;

/// <summary>Writes down where a mined study comes from.</summary>
internal sealed class MinedProvenance(MiningOptions options, Model model, string tokenizerHash, IReadOnlyList<int> layers)
{
    private readonly DateTimeOffset _started = DateTimeOffset.UtcNow;

    /// <summary>What is known before the corpus is read: enough to tell whether a run may go on from another one's checkpoint.</summary>
    /// <param name="weightsHash">Hash of the model's weights.</param>
    /// <param name="kind">The null that the study is of; null for that of the memories.</param>
    public RunIdentity Identity(string weightsHash, NullKind? kind = null) => RunIdentity.Of(Make(string.Empty, weightsHash, candidates: 0, corpusUnits: 0, corpusTokens: 0, kind));

    /// <summary>The provenance of the study.</summary>
    /// <param name="corpusHash">Hash of the corpus.</param>
    /// <param name="weightsHash">Hash of the model's weights.</param>
    /// <param name="state">The finished run.</param>
    /// <param name="kind">The null that the study is of; null for that of the memories.</param>
    public StudyProvenance Of(string corpusHash, string weightsHash, RunState state, NullKind? kind = null) => Make(corpusHash, weightsHash, state.Candidates, state.Texts, state.Dealt.Sum(), kind);

    private StudyProvenance Make(string corpusHash, string weightsHash, long candidates, long corpusUnits, long corpusTokens, NullKind? kind)
    {
        ModelSpec spec = model.Spec;
        CorpusShard shard = options.Shard;
        bool rotated = kind == NullKind.Rotations;
        return new StudyProvenance
        {
            ProgramVersion = typeof(Miner).Assembly.GetName().Version?.ToString(3) ?? "0",
            ModelPath = options.Model,
            ModelFamily = spec.Family,
            WeightsSha256 = weightsHash,
            TokenizerSha256 = tokenizerHash,
            CorpusSha256 = corpusHash,
            Shape = new ModelShape
            {
                Widths = [.. spec.Blocks.Select(block => block.FeedForward.ExpertSize)],
                ModelWidth = spec.Width,
                Gated = spec.Blocks[0].FeedForward.IsGated && !rotated,
                Activation = Activations.NameOf(rotated ? ActivationKind.Identity : spec.Blocks[0].FeedForward.Activation),
                VocabularySize = spec.VocabularySize,
                Experts = spec.Blocks.Max(block => block.FeedForward.Router is null ? 0 : block.FeedForward.Experts.Length),
            },
            Candidates = candidates,
            Shard = shard.IsPart ? new StudyShard { Count = shard.Count, Parts = [shard.Index], CorpusUnits = corpusUnits, CorpusTokens = corpusTokens } : null,
            Options = Options(kind).ToImmutableSortedDictionary(StringComparer.Ordinal),
            Run = Run(kind),
        };
    }

    // Every option that decides the result.
    private Dictionary<string, string> Options(NullKind? kind)
    {
        MiningRules rules = options.Rules;
        var named = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["bos"] = Name(options.Bos),
            ["unit"] = Name(options.Unit),
            ["text-field"] = options.TextField,
            ["top"] = Name(rules.Top),
            ["rank-by"] = Name(rules.RankBy),
            ["per-prefix"] = Name(rules.PerPrefix),
            ["distinct"] = Name(rules.Distinct),
            ["first-position"] = rules.FirstUnlessBos ? "unless-bos" : Name(rules.FirstPosition),
            ["last-position"] = Name(rules.LastPosition),
            ["seed"] = Name(options.Seed),
            ["layers"] = string.Join(',', layers),
        };
        AddIfGiven(CompatMode.Option, options.Compat);
        AddIfGiven("limit", options.Limit);
        AddIfGiven("sample", options.Sample);
        AddIfGiven("until-stable", options.UntilStable);
        AddIfGiven("sign-cases", rules.SignCases ? "true" : null);
        AddIfGiven("sample-quantiles", rules.SampleQuantiles ? "true" : null);
        AddIfGiven(NullStudy.Option, kind is { } own ? NullStudy.NameOf(own) : null);
        AddIfGiven(NullStudy.BesideOption, kind is null && options.Nulls.Count > 0 ? string.Join(',', options.Nulls.Order().Select(NullStudy.NameOf)) : null);
        AddIfGiven(NullStudy.SeedOption, options.Nulls.Count > 0 ? options.NullSeed : null);
        AddIfGiven("neurons", options.Neurons is { } neurons ? string.Join(',', neurons.Order()) : null);
        return named;

        void AddIfGiven(string name, object? value)
        {
            if (value is not null)
            {
                named[name] = value as string ?? string.Create(CultureInfo.InvariantCulture, $"{value}");
            }
        }
    }

    private StudyRun Run(NullKind? kind) => new()
    {
        Started = _started,
        Finished = DateTimeOffset.UtcNow,
        Threads = options.Threads,
        InstructionSet = Machine.InstructionSet,
        Processor = Machine.Processor,
        OperatingSystem = RuntimeInformation.OSDescription,
        Framework = RuntimeInformation.FrameworkDescription,
        Options = Locations(kind).ToImmutableSortedDictionary(StringComparer.Ordinal),
    };

    private Dictionary<string, string> Locations(NullKind? kind)
    {
        var locations = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [StudyRun.ModelLocation] = Path.GetFullPath(model.Path),
            [StudyRun.CorpusLocation] = string.Join('\n', options.Corpus.Select(path => path == "-" ? path : Path.GetFullPath(path))),
        };
        if (kind is not null)
        {
            locations.Add(StudyRun.NullOf, Path.GetFullPath(options.Output));
        }

        return locations;
    }

    private static string Name<T>(T value)
        where T : notnull
        => string.Create(CultureInfo.InvariantCulture, $"{value}").ToLowerInvariant();
}
