using System.Collections.Immutable;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.TestSupport;

namespace Keyhole.Cli.Tests;

/// <summary>One layer of two memories over one unit of four tokens; the first memory never fires.</summary>
internal static class CatStudy
{
    /// <summary>In place of hashes of what is not there.</summary>
    public const string NoHash = "0000000000000000000000000000000000000000000000000000000000000000";

    public static string Write(TemporaryFolder folder)
    {
        string path = folder.File("a.study");
        using StudyWriter writer = StudyWriter.Create(path, overwrite: false);
        writer.WriteProvenance(Provenance(memories: 2, candidates: 2));
        writer.WriteFiles([new StudyFile(0, "cats.txt", 11, NoHash)]);
        writer.AppendUnit(new StudyUnit
        {
            Index = 0,
            File = 0,
            Offset = 0,
            Length = 11,
            Text = "the cat sat",
            Tokens = [0, 1, 2, 3],
            Spans = [new(0, 0), new(0, 3), new(3, 7), new(7, 11)],
        });
        writer.WriteTokenPieces(["</s>", "the", " cat", " sat"]);
        writer.WriteMemory(new NeuronId(0, 0), NeuronStatistics.Empty(gated: false), [], []);
        writer.WriteMemory(new NeuronId(0, 1), NeuronStatistics.Empty(gated: false), [new Trigger(2.5f, float.NaN, 0, 2, 3)], []);
        writer.Complete();
        return path;
    }

    /// <summary>Where a study made by hand comes from: one layer of a small OPT.</summary>
    public static StudyProvenance Provenance(int memories, long candidates) => new StudyProvenance
    {
        ProgramVersion = "0.1.0",
        ModelPath = "model",
        ModelFamily = "opt",
        WeightsSha256 = NoHash,
        TokenizerSha256 = NoHash,
        CorpusSha256 = NoHash,
        Shape = new ModelShape { Widths = [memories], ModelWidth = 4, Gated = false, Activation = "relu", VocabularySize = 4 },
        Candidates = candidates,
        Options = ImmutableSortedDictionary<string, string>.Empty,
        Run = new StudyRun
        {
            Started = DateTimeOffset.UnixEpoch,
            Finished = DateTimeOffset.UnixEpoch,
            Threads = 1,
            InstructionSet = "none",
            Processor = "none",
            OperatingSystem = "none",
            Framework = "none",
        },
    };
}
