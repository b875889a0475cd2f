using System.Globalization;
using Keyhole.Analyses;
using Keyhole.Corpora;
using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Engine.Tokens;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Mining.Nulls;
using Keyhole.Studies;

namespace Keyhole.Verification.Studies;

/// <summary>Checks a study by itself, against the model and the corpus that it names, and by mining some of its units again, or all.</summary>
public sealed class StudyVerification
{
    private readonly StudyVerificationOptions _options;
    private readonly List<StudyCheck> _checks = [];

    private StudyVerification(StudyVerificationOptions options) => _options = options;

    /// <summary>Runs all checks.</summary>
    /// <param name="options">What to verify.</param>
    /// <param name="progress">Told the share that is done, or null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InputRefusedException">The study or the model cannot be opened.</exception>
    public static StudyVerdict Run(StudyVerificationOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Sample);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Threads);
        using var study = Study.Open(options.Study);
        using Model model = Model.Open(options.Model ?? StudyModel.PathOf(study.Provenance));
        return new StudyVerification(options).Run(study, model, progress, cancellation);
    }

    private StudyVerdict Run(Study study, Model model, IProgress<double>? progress, CancellationToken cancellation)
    {
        using var hash = new WeightsHash(model.Checkpoint);
        Tokenizer tokenizer = TokenizerLoader.Load(model.Path);
        RecordedRun run = RecordedRun.Of(study);
        StudyCheck sameTokenizer = Hash("tokenizer", study.Provenance.TokenizerSha256, TokenizerFingerprint.Of(tokenizer), model.Path);
        using var units = new StoredUnits(study, Math.Max(1, run.Rules.Distinct));
        StudyCheck unitCheck = Add(new StudyCheck("units"));
        units.Read(unitCheck, model.Spec.ContextLength, cancellation);
        bool sound = unitCheck.Failures == 0;
        bool startsWithBos = sound && BosEncoding.StartsUnits(study, tokenizer);
        CheckCandidates(study, sound ? units : null, run.Rules, startsWithBos);
        CheckCorpus(study, cancellation);

        StudyCheck sameWeights = Hash("weights", study.Provenance.WeightsSha256, hash.Value(cancellation), model.Path);
        bool fits = sameWeights.Failures == 0 && run.Layers[^1] < model.Spec.LayerCount;
        NeuronId[]? names = fits ? [.. run.Layers.SelectMany(model.Spec.NamesOf).Where(id => run.Neurons?.Contains(id) != false)] : null;
        var memories = new StudyPart(study, run.Rules, sound ? units : null, startsWithBos, name: string.Empty);
        memories.Read(names, cancellation);
        NullPart[] nulls = [.. run.Beside.Select(kind => new NullPart(study, kind, run.Rules, sound ? units : null, startsWithBos, cancellation))];
        try
        {
            Array.ForEach(nulls, beside => beside.Read(names, cancellation));
            int[] sample = _options.Full ? [] : units.Sample(_options.Sample, _options.Seed);
            HashSet<int>? mined = _options.Full || sample.Length == units.Table.Count ? null : [.. sample];
            memories.Prepare(units, mined);
            Array.ForEach(nulls, beside => beside.Part?.Prepare(units, mined));
            StudyCheck tokens = new("tokenised again");
            string? obstacle = !fits ? "the model is another" : sameTokenizer.Failures > 0 ? "the tokenizer is another" : !sound ? "the units are damaged" : !memories.HasAll ? "memories are damaged or missing" : null;
            _checks.AddRange([.. memories.Own, tokens, .. memories.Mined, .. nulls.SelectMany(beside => beside.Checks)]);
            LeaveOut(obstacle, [tokens, .. memories.Mined]);
            foreach (NullPart beside in nulls)
            {
                LeaveOut(obstacle ?? beside.Obstacle, beside.Part?.Mined ?? []);
            }

            if (obstacle is not null)
            {
                return new StudyVerdict(_checks, 0, units.Table.Count);
            }

            NullPart[] sought = [.. nulls.Where(beside => beside.Part is not null && beside.Obstacle is null)];
            using var mining = new Remining(model, study.Provenance, run.Rules, run.Layers, units.Longest, [.. run.Kind is { } own ? [own] : Array.Empty<NullKind>(), .. sought.Select(beside => beside.Kind)], memories.Random, _options);
            IEnumerable<StudyUnit> again = mined is null ? study.Units() : sample.Select(study.Unit);
            long total = mined is null ? units.Table.Tokens : sample.Sum(unit => (long)units.Table.Length(units.Table.Find(unit, 0, piece: 0)));
            mining.Run(again.Select(unit => Tokenised(unit, tokenizer, run.Bos, tokens)), startsWithBos, total, progress, cancellation);
            memories.Compare(model.Spec, mining.Observer(run.Kind), cancellation);
            foreach (NullPart beside in sought)
            {
                beside.Part!.Compare(model.Spec, mining.Observer(beside.Kind), cancellation);
            }

            return new StudyVerdict(_checks, mined is null ? units.Table.Count : sample.Length, units.Table.Count);
        }
        finally
        {
            Array.ForEach(nulls, beside => beside.Dispose());
        }
    }

    private static void LeaveOut(string? obstacle, IEnumerable<StudyCheck> checks)
    {
        if (obstacle is not null)
        {
            foreach (StudyCheck check in checks)
            {
                check.LeaveOut(obstacle);
            }
        }
    }

    private static StudyUnit Tokenised(StudyUnit unit, Tokenizer tokenizer, BosPolicy bos, StudyCheck check)
    {
        if (unit.Traits == UnitTraits.None)   // a window has only a part of what was tokenised
        {
            check.Expect(BosEncoding.Encode(tokenizer, unit.Text, bos).Ids.AsSpan().SequenceEqual(unit.Tokens.AsSpan()), () =>
            {
                int[] ids = BosEncoding.Encode(tokenizer, unit.Text, bos).Ids;
                int at = Enumerable.Range(0, Math.Min(ids.Length, unit.Tokens.Length)).FirstOrDefault(i => ids[i] != unit.Tokens[i], Math.Min(ids.Length, unit.Tokens.Length));
                string Token(IReadOnlyList<int> all) => at < all.Count ? string.Create(CultureInfo.InvariantCulture, $"token {all[at]}") : "its end";
                return string.Create(CultureInfo.InvariantCulture, $"unit {unit.Index}, position {at}: {Token(unit.Tokens)} in the study and {Token(ids)} tokenised again");
            });
        }

        return unit;
    }

    private StudyCheck Add(StudyCheck check)
    {
        _checks.Add(check);
        return check;
    }

    private StudyCheck Hash(string what, string stored, string found, string where)
    {
        StudyCheck check = Add(new StudyCheck(what));
        check.Expect(stored == found, () => $"{what}: the study was mined with {stored}, and {where} has {found}");
        return check;
    }

    private void CheckCandidates(Study study, StoredUnits? units, MiningRules rules, bool startsWithBos)
    {
        StudyCheck check = Add(new StudyCheck("candidates"));
        if (units is null)
        {
            check.LeaveOut("the units are damaged");
            return;
        }

        if (study.Provenance.Shard is not null || study.Provenance.Options.ContainsKey("until-stable"))
        {
            check.LeaveOut("the study has a part of the corpus, the number is that of the whole");
            return;
        }

        long candidates = units.Candidates(rules, startsWithBos);
        check.Examined = candidates;
        if (candidates != study.Provenance.Candidates)
        {
            check.Fail(string.Create(CultureInfo.InvariantCulture, $"candidates: {study.Provenance.Candidates} are stated, and the units have {candidates}"));
        }
    }

    // Files that were read to their end have a hash; of the others (a limit came first) nothing but the name is known.
    private void CheckCorpus(Study study, CancellationToken cancellation)
    {
        StudyCheck check = Add(new StudyCheck("corpus"));
        var corpus = StudyCorpus.Of(study);
        string hash = Corpus.HashOf(corpus.Files);
        if (hash != study.Provenance.CorpusSha256)
        {
            check.Fail($"corpus: its files give the hash {hash}, and the study says {study.Provenance.CorpusSha256}");
        }

        IReadOnlyList<string> paths = _options.Corpus ?? study.Provenance.Run.Options.GetValueOrDefault(StudyRun.CorpusLocation)?.Split('\n') ?? [];
        if (_options.Corpus is null && (paths.Count == 0 || paths.Any(path => path == "-" || !(File.Exists(path) || Directory.Exists(path) || path.Contains('*', StringComparison.Ordinal)))))
        {
            check.LeaveOut("corpus not found, its hash is not checked");
            return;
        }

        (int all, int read) = (corpus.Files.Count, corpus.Readings.Count);
        check.Examined = read;
        if (read < all)
        {
            check.WasDone = read > 0;
            check.Note = string.Create(CultureInfo.InvariantCulture, $"{all - read} of {all} files were not read to their end: their content is not checked");
        }

        if (corpus.Difference(Corpus.Open(paths, new CorpusOptions()), cancellation) is { } difference)
        {
            check.Fail($"corpus: {difference}");
        }
    }
}
