using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Tests.Studies;

namespace Keyhole.Tests.Exports;

/// <summary>Two tiny studies whose exports can be written down by hand: a plain model, and a gated mixture of experts.</summary>
internal static class SmallStudies
{
    public static Study Plain(SampleStudy sample)
    {
        string path = sample.PathOf("plain.db");
        using (StudyWriter writer = StudyWriter.Create(path, overwrite: true))
        {
            Begin(writer, gated: false);
            writer.WriteMemory(new NeuronId(0, 0), Statistics([0.5f, -0.25f, 1.5f, 0]),
                [new Trigger(1.5f, float.NaN, 1, 2, 4), new Trigger(0.1f, float.NaN, 0, 1, 3), new Trigger(1e-10f, float.NaN, 1, 4, -1)], []);
            writer.WriteMemory(new NeuronId(2, 1), Statistics([0, 0]), [], []);
            writer.Complete();
        }

        return Study.Open(path);
    }

    public static Study Gated(SampleStudy sample)
    {
        string path = sample.PathOf("gated.db");
        using (StudyWriter writer = StudyWriter.Create(path, overwrite: true))
        {
            Begin(writer, gated: true);
            writer.WriteMemory(new NeuronId(0, 7, 1), Statistics([0.5f, -2f, 1.5f, 0], new SignCases(2, 1, 1, 0)),
                [new Trigger(1.5f, -0.75f, 1, 2, 4, 0.625f)], [new Trigger(-2f, 3.25f, 0, 2, 9, 0.25f)]);
            writer.WriteMemory(new NeuronId(0, 8, 1), NeuronStatistics.Empty(gated: true), [], []);
            writer.Complete();
        }

        return Study.Open(path);
    }

    private static void Begin(StudyWriter writer, bool gated)
    {
        writer.WriteProvenance(SampleStudy.Provenance(gated));
        writer.WriteFiles([new StudyFile(0, "texts/a.txt", 300, new string('d', 64))]);
        writer.AppendUnit(SampleStudy.Unit(0, null, "The", " cat", null));
        writer.AppendUnit(SampleStudy.Unit(1, null, "\"Die", " 🙂", "\tStraße\n", " 東京"));
        writer.WriteTokenPieces(Enumerable.Range(0, 10).Select(id => id == 9 ? "</s>" : $"<{id}>"));
    }

    private static NeuronStatistics Statistics(float[] values, SignCases? cases = null)
    {
        uint[] histogram = new uint[ActivationHistogram.Bins];
        foreach (float value in values)
        {
            histogram[ActivationHistogram.BinOf(value)]++;
        }

        return new NeuronStatistics
        {
            Count = values.Length,
            Sum1 = Sum(1),
            Sum2 = Sum(2),
            Sum3 = Sum(3),
            Sum4 = Sum(4),
            Min = values.Min(),
            Max = values.Max(),
            PositiveCount = values.Count(value => value > 0),
            SignCases = cases,
            Histogram = [.. histogram],
        };

        ExactSum Sum(int power) => values.Aggregate(ExactSum.Zero, (sum, value) => sum + ExactSum.FromDouble(Math.Pow(value, power)));
    }
}
