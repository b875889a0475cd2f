using Keyhole.Engine.Tokens;
using Keyhole.Studies;

namespace Keyhole.Composition;

/// <summary>The texts that a study was mined from.</summary>
internal sealed class StudyTexts(Study study, Tokenizer tokenizer) : PrefixTexts
{
    public override string Name => "the study";

    public override IEnumerable<PrefixText> Read(IProgress<double>? progress, CancellationToken cancellation)
    {
        const int Step = 1024;
        long read = 0;
        foreach (StudyUnit unit in study.Units())
        {
            cancellation.ThrowIfCancellationRequested();
            bool bos = unit.Tokens.Length > 0 && unit.Spans[0].IsEmpty && (unit.Tokens[0] == tokenizer.BosId || tokenizer.IsSpecial(unit.Tokens[0]));
            yield return new PrefixText(unit, bos);
            if (++read % Step == 0)
            {
                progress?.Report((double)read / study.UnitCount);
            }
        }
    }

    public override void Describe(IDictionary<string, string> options)
    {
        options["texts"] = "study's own";
        options["texts-sha256"] = study.Provenance.CorpusSha256;
    }
}
