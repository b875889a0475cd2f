using System.Collections.Immutable;
using Keyhole.Annotations;
using Keyhole.Mining;
using Keyhole.Studies;
using Keyhole.Tests.Mining;
using Keyhole.TestSupport;

namespace Keyhole.Tests.Annotations;

/// <summary>A small gated model mined over lines, and its annotations, in a folder that goes away with the test.</summary>
internal sealed class AnnotatedRun : IDisposable
{
    private readonly TinyRun _run = new();

    /// <param name="lines">The corpus; null for <see cref="TinyRun.Lines"/>.</param>
    public AnnotatedRun(IEnumerable<string>? lines = null)
    {
        string model = _run.Model(TinyModel.Llama(layers: 3, memories: 60));
        Options = _run.Options(model, _run.Corpus(lines ?? TinyRun.Lines)) with { Rules = new MiningRules { Top = 12 } };
        TinyRun.Mine(Options).Dispose();
        Store = new AnnotationStore(Path, Clock);
    }

    public static AnnotationOptions Small { get; } = new() { PerLayer = 6, Prefixes = 10, Decoys = 4, Seed = 3 };

    /// <summary>What the study was mined with.</summary>
    public MiningOptions Options { get; }

    public string Path => Options.Output;

    public AnnotationStore Store { get; }

    /// <summary>Stands still until a test moves it.</summary>
    public SteppedClock Clock { get; } = new();

    public Study Open() => Study.Open(Path);

    public string File(string name) => System.IO.Path.Combine(_run.Folder, name);

    /// <summary>A copy of the study as it is.</summary>
    public string Copy(string name)
    {
        System.IO.File.Copy(Path, File(name));
        return File(name);
    }

    public AnnotationProject Project(AnnotationOptions? options = null)
    {
        using Study study = Open();
        return Store.Create(study, options ?? Small);
    }

    public SaveResult Save(AnnotationSave save) => Store.Save([save]).Single();

    public static AnnotationSave Saving(string annotator, Sheet sheet, int revision, bool done, params AnnotationPattern[] patterns)
        => new() { Annotator = annotator, Sheet = sheet.Id, Revision = revision, Key = $"save-{revision}", Patterns = [.. patterns], Done = done };

    public static AnnotationPattern Pattern(string text, PatternKind kind, params ReadOnlySpan<int> prefixes) => new(text, kind, [.. prefixes]);

    public static ImmutableArray<Annotation> Read(string path)
    {
        using Study study = Study.Open(path);
        return AnnotationTable.Read(study);
    }

    public void Dispose() => _run.Dispose();

    internal sealed class SteppedClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 26, 1, 2, 3, 45, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
