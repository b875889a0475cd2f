using System.Collections.Immutable;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.TestSupport;

namespace Keyhole.Cli.Tests;

/// <summary>One layer of two memories over one unit of four tokens; the first memory never fires.</summary>
internal static class CatStudy
{
    public static string Write(TemporaryFolder folder)
    {
        string path = folder.File("a.study");
        string hash = new('0', 64);
        using StudyWriter writer = StudyWriter.Create(path, overwrite: false);
        writer.WriteProvenance(new StudyProvenance
        {
            ProgramVersion = "0.1.0",
            ModelPath = "model",
            ModelFamily = "opt",
            WeightsSha256 = hash,
            TokenizerSha256 = hash,
            CorpusSha256 = hash,
            Shape = new ModelShape { Widths = [2], ModelWidth = 4, Gated = false, Activation = "relu", VocabularySize = 4 },
            Candidates = 2,
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
        });
        writer.WriteFiles([new StudyFile(0, "cats.txt", 11, hash)]);
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
}
