using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Keyhole.Compat;
using Keyhole.Composition;
using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Engine.Readouts;
using Keyhole.Engine.Tokens;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Mutations;
using Keyhole.Prompts;
using Keyhole.ReadWrite;
using Keyhole.Search;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Values;

namespace Keyhole.Analyses;

/// <summary>The sections of one analysis, on parts that they share.</summary>
internal sealed class SectionRun : IDisposable
{
    private readonly Study _study;
    private readonly StudyModel _model;
    private readonly AnalysisOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly Tokenizer _tokenizer;
    private readonly Lazy<VocabularyReader> _reader;
    private readonly Lazy<ForwardPass> _pass;
    private readonly Lazy<PromptSet> _prompts;
    private IReadOnlyList<ValueRecord>? _values;   // of all memories of the study

    public SectionRun(Study study, StudyModel model, AnalysisOptions options, CancellationToken cancellation)
    {
        (_study, _model, _options, _cancellation) = (study, model, options, cancellation);
        _tokenizer = TokenizerLoader.Load(model.Model.Path);
        _reader = new Lazy<VocabularyReader>(() => new VocabularyReader(model.Model, options.Threads));
        _pass = new Lazy<ForwardPass>(() => new ForwardPass(model.Model, new ForwardOptions { Threads = options.Threads, KeepLayers = PassOptions.KeepsLayers(model.Model.Spec) }));
        _prompts = new Lazy<PromptSet>(() => PromptSet.Of(options.Prompts));
        RequireFiles();
    }

    private ModelSpec Spec => _model.Model.Spec;

    /// <summary>Makes a section and puts it into the study.</summary>
    public void Make(AnalysisSection section, Action<double> report)
    {
        var progress = new StepProgress(report);
        switch (section)
        {
            case AnalysisSection.Values:
                MakeValues(progress);
                break;
            case AnalysisSection.Predictions:
                AddPredictions(progress);
                break;
            case AnalysisSection.Composition:
                TracePrefixes(progress);
                break;
            case AnalysisSection.Compat:
                TraceAsReleased(progress);
                break;
            case AnalysisSection.Prompts:
                TracePrompts(progress);
                break;
            case AnalysisSection.Mutations:
                Mutate(progress);
                break;
            case AnalysisSection.Reach:
                MeasureReach(progress);
                break;
            case AnalysisSection.ReadWrite:
                CompareReadingAndWriting(progress);
                break;
            case AnalysisSection.Index:
                Keep(editor => TriggerIndex.Write(editor, _study, progress, _cancellation));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(section), section, "No such section.");
        }
    }

    public void Dispose()
    {
        if (_pass.IsValueCreated)
        {
            _pass.Value.Dispose();
        }

        if (_reader.IsValueCreated)
        {
            _reader.Value.Dispose();
        }
    }

    // What the user named is read before hours of work, not after them.
    private void RequireFiles()
    {
        if (_options.StopWords is { } words)
        {
            _ = StopWords.Read(words, _study.TokenPiece);
        }

        if (_options.Prefixes.File is { } prefixes && (Wants(AnalysisSection.Composition) || Wants(AnalysisSection.Compat)))
        {
            _ = PrefixFile.Read(prefixes);
        }

        if (Wants(AnalysisSection.Prompts))
        {
            _ = _prompts.Value;
        }

        if (_options.MutationFile is { } mutations && Wants(AnalysisSection.Mutations))
        {
            _ = MutationPlan.Read(mutations, _study, StartsWithBos());
        }
    }

    private bool Wants(AnalysisSection section) => _options.Only?.Contains(section) != false;

    private void MakeValues(IProgress<double> progress)
    {
        _values = ValueAnalysis.Run(_study, _model.Model, new ValueOptions { Readout = _options.Readout, Top = _options.Top, Threads = _options.Threads }, progress, _cancellation);
        KeepValues();
    }

    private void AddPredictions(IProgress<double> progress)
    {
        _values = TriggerPredictions.Add(_study, _model.Model, Values(), _options.Threads, progress, _cancellation);
        KeepValues();
    }

    private void KeepValues()
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["readout"] = Name(_options.Readout),
            ["top"] = Name(_options.Top),
            ["seed"] = Name(_options.Seed),
        };
        IReadOnlyList<ValueRecord> kept = _options.Neurons is { } neurons ? [.. _values!.Where(value => neurons.Contains(value.Id))] : _values!;
        Keep(editor => ValueTable.Write(editor, options, kept));
    }

    // Values by the readout that is asked for: from the study where it has those of all its memories, else made now and not kept.
    private IReadOnlyList<ValueRecord> Values()
    {
        if (_values is null && AnalysisSections.Read(_study, AnalysisSections.Values)?.GetValueOrDefault("readout") == Name(_options.Readout)
            && ValueTable.Read(_study) is { } stored && stored.Count == _study.Counts().Memories)
        {
            _values = stored;
        }

        return _values ??= ValueAnalysis.Run(_study, _model.Model, new ValueOptions { Readout = _options.Readout, Top = _options.Top, Threads = _options.Threads }, cancellation: _cancellation);
    }

    private void TracePrefixes(IProgress<double> progress)
    {
        PrefixSet prefixes = Prefixes(_options.Compat);
        var tracer = new PrefixTracer(_model.Model, _pass.Value, _reader.Value, TracedLayers.Of(Spec, Values(), _study.Memories()), _options.Readout);
        IReadOnlyList<PrefixTrace> traces = tracer.Trace(prefixes.Prefixes, _options.Seed, progress, _cancellation);
        SortedDictionary<string, string> options = Merge(prefixes.Options, tracer.Options);
        options[StopWords.Option] = StopWords.Describe(_options.StopWords);
        options["seed"] = Name(_options.Seed);
        Keep(editor => PrefixTable.Write(editor, options, traces));
    }

    private void TraceAsReleased(IProgress<double> progress)
    {
        PrefixSet prefixes = Prefixes(allPositions: true);
        IReadOnlyList<ValueRecord> values = Values();
        if (values.Count < CompatLayer.Memories(Spec).Count())
        {
            // The study was mined in part, but every memory of the model counts here.
            var none = new PoleTriggers(null, []);
            values = ValueAnalysis.Run(_model.Model, [.. CompatLayer.Memories(Spec).Select(id => new MemoryTriggers(id, none, null))], new ValueOptions { Readout = Readout.Raw, Top = 1, Threads = _options.Threads }, cancellation: _cancellation);
        }

        var tracer = new CompatTracer(_model.Model, _pass.Value, _reader.Value, CompatLayer.Of(Spec, values));
        IReadOnlyList<CompatTrace> traces = tracer.Trace(prefixes.Prefixes, progress, _cancellation);
        var options = new SortedDictionary<string, string>(prefixes.Options, StringComparer.Ordinal)
        {
            [CompatMode.Option] = CompatMode.FfLayers,
            ["readout"] = Name(Readout.Raw),
            ["seed"] = Name(_options.Seed),
        };
        Keep(editor => CompatTable.Write(editor, options, traces));
    }

    private PrefixSet Prefixes(bool allPositions)
    {
        PrefixOptions chosen = _options.Prefixes with { AllPositions = allPositions || _options.Prefixes.AllPositions, Seed = _options.Seed, Threads = _options.Threads, CorpusFolders = [.. _options.Prefixes.CorpusFolders, .. CorpusFolders()] };
        return PrefixSource.Choose(_study, _tokenizer, Spec.ContextLength, chosen, progress: null, _cancellation);
    }

    private void TracePrompts(IProgress<double> progress)
    {
        var tracer = new PromptTracer(_model.Model, _tokenizer, TextRules.Of(_study.Provenance).Bos, _pass.Value, _reader.Value);
        IReadOnlyList<PromptTrace> traces = tracer.Trace(_prompts.Value.Entries, _options.Seed, progress, _cancellation);
        var options = new SortedDictionary<string, string>(_prompts.Value.Options, StringComparer.Ordinal) { ["seed"] = Name(_options.Seed) };
        Keep(editor => PromptTable.Write(editor, options, traces));
    }

    private void Mutate(IProgress<double> progress)
    {
        MutationOptions sampling = _options.Mutations with { Seed = _options.Seed };
        IReadOnlyList<PlannedMutation> plan = _options.MutationFile is { } file ? MutationPlan.Read(file, _study, StartsWithBos()) : MutationPlan.Sample(_study, StartsWithBos(), sampling);
        IReadOnlyList<MutationRecord> records = MutationRunner.Run(_study, _model.Model, [.. plan.Where(planned => IsKept(planned.Id))], _options.Threads, progress, _cancellation);
        var options = new Dictionary<string, string>(StringComparer.Ordinal) { ["n"] = Name(records.Count) };
        if (_options.MutationFile is { } given)
        {
            options["mutations-sha256"] = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(given)));
        }
        else
        {
            options["memories-per-layer"] = Name(sampling.Memories);
            options["triggers-per-memory"] = Name(sampling.Triggers);
            options["seed"] = Name(sampling.Seed);
        }

        Keep(editor => MutationTable.Write(editor, options, records));
    }

    private void MeasureReach(IProgress<double> progress)
    {
        ReachOptions sampling = _options.Reach with { Seed = _options.Seed };
        IReadOnlyList<PlannedReach> plan = ReachPlan.Sample(_study, StartsWithBos(), sampling);
        IReadOnlyList<ReachRecord> records = ReachRunner.Run(_study, _model.Model, [.. plan.Where(planned => IsKept(planned.Id))], _options.Threads, progress, _cancellation);
        var options = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["n"] = Name(records.Count),
            ["memories-per-layer"] = Name(sampling.Memories),
            ["triggers-per-memory"] = Name(sampling.Triggers),
            ["last-tokens-dropped"] = Name(sampling.Tokens),
            ["seed"] = Name(sampling.Seed),
        };
        Keep(editor => ReachTable.Write(editor, options, records));
    }

    private void CompareReadingAndWriting(IProgress<double> progress)
    {
        HashSet<NeuronId> mined = [.. _study.Names];
        int[] layers = [.. mined.Select(id => id.Layer).Distinct().Order()];
        IReadOnlyList<ReadWriteRecord> records = ReadWriteAnalysis.Run(_model.Model, layers, _options.Threads, progress, _cancellation);
        var options = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["threshold"] = Name(ReadWriteRecord.Threshold),
            [ReadWriteTable.Dimension] = Name(layers.Select(layer => ReadWriteAnalysis.Dimension(Spec, layer)).DefaultIfEmpty(Spec.Width).Min()),   // the same in all layers of every family
        };
        Keep(editor => ReadWriteTable.Write(editor, options, [.. records.Where(record => mined.Contains(record.Id) && IsKept(record.Id))]));
    }

    // Nothing that another model gave is kept.
    private void Keep(Action<StudyEditor> write)
    {
        _model.RequireSame();
        _cancellation.ThrowIfCancellationRequested();
        using StudyEditor editor = StudyEditor.Open(_options.Study);
        write(editor);
        editor.Commit();
    }

    private bool IsKept(NeuronId id) => _options.Neurons?.Contains(id) != false;

    private bool StartsWithBos() => BosEncoding.StartsUnits(_study, _tokenizer);

    // Folders where the study's own corpus may still stand.
    private IEnumerable<string> CorpusFolders()
        => _study.Provenance.Run.Options.GetValueOrDefault(StudyRun.CorpusLocation, string.Empty)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(path => new[] { path, Path.GetDirectoryName(path) }).OfType<string>().Where(Directory.Exists).Distinct();

    private static SortedDictionary<string, string> Merge(ImmutableSortedDictionary<string, string> first, ImmutableSortedDictionary<string, string> second)
        => new(first.Concat(second.Where(option => !first.ContainsKey(option.Key))).ToDictionary(), StringComparer.Ordinal);

    private static string Name<T>(T value)
        where T : notnull
        => string.Create(CultureInfo.InvariantCulture, $"{value}").ToLowerInvariant();
}
