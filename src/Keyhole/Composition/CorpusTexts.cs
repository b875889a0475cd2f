using Keyhole.Corpora;
using Keyhole.Engine.Tokens;
using Keyhole.Mining;

namespace Keyhole.Composition;

/// <summary>The texts of a corpus, cut, tokenised and numbered as mining does it; texts that a study took already may be left out, and keep their numbers.</summary>
internal sealed class CorpusTexts(IReadOnlyList<string> paths, TextRules rules, Tokenizer tokenizer, int context, int threads) : PrefixTexts
{
    private readonly UnitTokenizer _tokenizer = new(tokenizer, rules.Bos, context);
    private string _hash = string.Empty;

    /// <summary>Places (file, offset) of texts to leave out.</summary>
    public IReadOnlySet<(int File, long Offset)>? Taken { get; init; }

    public override string Name => string.Join(", ", paths);

    public override IEnumerable<PrefixText> Read(IProgress<double>? progress, CancellationToken cancellation)
    {
        Corpus corpus = Corpus.Open(paths, new CorpusOptions { Unit = rules.Unit, TextField = rules.TextField });
        int number = 0;
        foreach (TextUnit[] batch in UnitBatches.Of(corpus.ReadUnits(cancellation)))
        {
            foreach (TokenisedText text in _tokenizer.Encode(batch, threads, cancellation).SelectMany(windows => windows))
            {
                int index = number++;
                if (Taken?.Contains((text.Unit.File, text.Unit.Offset)) != true)
                {
                    yield return new PrefixText(text.ToStudyUnit(index), text.StartsWithBos);
                }
            }

            progress?.Report(corpus.TotalBytes == 0 ? 0 : Math.Min(1, (double)corpus.BytesRead / corpus.TotalBytes));
        }

        _hash = corpus.ContentHash;
    }

    public override void Describe(IDictionary<string, string> options)
    {
        options["texts"] = Taken is null ? "held out" : "of the study's corpus, not mined";
        options["texts-sha256"] = _hash;
    }
}
