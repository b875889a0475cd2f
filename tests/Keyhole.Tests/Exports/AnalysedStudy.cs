using System.Collections.Immutable;
using Keyhole.Composition;
using Keyhole.Memories;
using Keyhole.Mutations;
using Keyhole.Prompts;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Tests.Studies;
using Keyhole.Values;

namespace Keyhole.Tests.Exports;

/// <summary>The small studies with an analysis that is written down by hand.</summary>
internal static class AnalysedStudy
{
    public static ValueRecord Value { get; } = new()
    {
        Id = new NeuronId(0, 0),
        Norm = 1.5f,
        MaxProbability = 0.25,
        LogSumExp = 3.5,
        Top = [new TokenLogit(4, 2.25f), new TokenLogit(3, 0.1f)],
        Bottom = [new TokenLogit(9, -3), new TokenLogit(8, -2.5f)],
        Positive = new ValuePole
        {
            Target = 4, Current = 3, TargetRank = 0, TargetProbability = 0.25, CurrentRank = 1.5, Agrees = true, AgreesWithCurrent = false,
            ModelTop = 4, ModelTargetProbability = 0.5, AgreesWithModel = true, PrecisionTriggers = 2, PrecisionHits = 1,
        },
    };

    private static PrefixLayer Layer(int topR, int topY, int topO, double targetRank) => new()
    {
        TopR = topR,
        TopY = topY,
        TopO = topO,
        LinearTopR = topR,
        LinearTopO = topO,
        ActiveShare = 0.25f,
        PositiveShare = 0.5f,
        ZeroAgreement = topY == 3,
        ZeroAgreementOverAll = false,
        R = new StateReading(targetRank, 0.125, 2.5, 0.375, 7, 1.25),
    };

    public static ImmutableArray<PrefixTrace> Prefixes { get; } =
    [
        new PrefixTrace
        {
            Unit = 1, Position = 2, Tokens = 2, Target = 4, Current = 3, Text = "\"Die 🙂", Output = new StateReading(0, 0.5, 0, 0.5, 4, 0.75),
            Layers = [Layer(1, 3, 2, 6), Layer(2, 2, 2, 3), Layer(2, 4, 4, 0.5)],
        },
        new PrefixTrace
        {
            Unit = 0, Position = 2, Tokens = 2, Target = -1, Current = 3, Text = "The cat", Output = new StateReading(double.NaN, double.NaN, 0, 0.25, 4, 0.75),
            Layers = [Layer(5, 6, 5, double.NaN), Layer(5, 6, 5, double.NaN), Layer(5, 6, 7, double.NaN)],
        },
    ];

    public static PromptTrace Prompt { get; } = new()
    {
        Set = "a \"set\"",
        Prompt = "line\nbreak,\u0001",
        Answer = "東京",
        AnswerToken = 5,
        AnswerIsCut = true,
        Final = 5,
        Layers = [.. Enumerable.Range(0, 4).Select(layer => new PromptReading(layer, 10 - layer, 0.1 * layer, double.NaN, double.NaN, 3, 0.5, 4, 0.25, double.NaN, double.NaN, 20, 0.01, 2))],
    };

    public static ImmutableArray<MutationRecord> Mutations { get; } =
    [
        new MutationRecord(new NeuronId(0, 0), Pole.Positive, 1, 2, 1, 1.5f, 0.75f, 0, 0.25f),
        new MutationRecord(new NeuronId(2, 1), Pole.Positive, 0, 2, 2, 2, 1, 3, -1),
    ];

    public static ReachRecord Reach { get; } = new(new NeuronId(2, 1), Pole.Positive, 0, 2, 1, 2, 0.1f);

    /// <summary>The plain study, analysed in all sections.</summary>
    public static Study Plain(SampleStudy sample)
    {
        SmallStudies.Plain(sample).Dispose();
        Analyse(sample.PathOf("plain.db"));
        return Study.Open(sample.PathOf("plain.db"));
    }

    /// <summary>The gated mixture of experts with the value of one memory.</summary>
    public static Study Gated(SampleStudy sample)
    {
        SmallStudies.Gated(sample).Dispose();
        using (StudyEditor editor = StudyEditor.Open(sample.PathOf("gated.db")))
        {
            ValueTable.Write(editor, Options("readout", "raw"),
                [Value with { Id = new NeuronId(0, 7, 1), Negative = new ValuePole { Target = 9, Current = 3, TargetRank = 0, TargetProbability = 0.0625, CurrentRank = 4, Agrees = true, AgreesWithCurrent = false, PrecisionTriggers = 1, PrecisionHits = 1 } },
                 Value with { Id = new NeuronId(0, 8, 1), Positive = ValuePole.None, Negative = ValuePole.None }]);
            editor.Commit();
        }

        return Study.Open(sample.PathOf("gated.db"));
    }

    private static void Analyse(string path)
    {
        using StudyEditor editor = StudyEditor.Open(path);
        ValueTable.Write(editor, Options("readout", "folded", "seed", "3"), [Value, Value with { Id = new NeuronId(2, 1), Norm = 2, Positive = ValuePole.None }]);
        PrefixTable.Write(editor, Options("n", "2", "seed", "3"), Prefixes);
        PromptTable.Write(editor, Options("sets", "a \"set\""), [Prompt]);
        MutationTable.Write(editor, Options("seed", "3"), Mutations);
        ReachTable.Write(editor, Options("seed", "3"), [Reach]);
        editor.Commit();
    }

    private static Dictionary<string, string> Options(params string[] pairs) => pairs.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
}
