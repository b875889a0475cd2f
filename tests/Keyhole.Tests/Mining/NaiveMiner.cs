using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Tokens;
using Keyhole.Memories;
using Keyhole.Mining;

namespace Keyhole.Tests.Mining;

/// <summary>Twin of the miner: every text runs alone, every coefficient is kept, and the method is applied to the whole corpus word by word.</summary>
internal sealed class NaiveMiner
{
    private readonly MiningRules _rules;
    private readonly List<Text> _texts = [];
    private readonly ModelSpec _spec;

    public NaiveMiner(string modelFolder, IEnumerable<string> texts, MiningRules rules, BosPolicy bos = BosPolicy.Auto)
    {
        _rules = rules;
        using Model model = Model.Open(modelFolder);
        _spec = model.Spec;
        Tokenizer tokenizer = TokenizerLoader.Load(modelFolder);
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 1 });
        foreach (string text in texts)
        {
            int[] ids = tokenizer.Encode(text, addSpecialTokens: bos == BosPolicy.Auto).Ids;
            if (bos == BosPolicy.Always)
            {
                ids = [tokenizer.BosId!.Value, .. ids];
            }

            var capture = new SiteCapture(_spec, ids.Length, ["*hook_pre", "*hook_post", .. _spec.Blocks[0].FeedForward.IsGated ? ["*hook_pre_linear"] : Array.Empty<string>()]);
            pass.Run(TokenBatch.OfText(ids), capture);
            _texts.Add(new Text(_texts.Count, ids, ids[0] == tokenizer.BosId, capture));
        }
    }

    /// <summary>N.</summary>
    public long Candidates => _texts.Sum(text => text.CandidatePositions(_rules).Count());

    /// <summary>The list of a pole.</summary>
    public Trigger[] Triggers(NeuronId id, Pole pole)
    {
        bool gated = _spec.Blocks[id.Layer].FeedForward.IsGated;
        if (pole == Pole.Negative && (!gated || _rules.RankBy == RankBy.Pre))
        {
            return [];
        }

        IEnumerable<(float Rank, Text Text, int Position)> candidates = _texts.SelectMany(text =>
        {
            var all = text.CandidatePositions(_rules).Select(position => (Rank: Rank(text, position), text, position));
            return _rules.PerPrefix ? all : all.OrderByDescending(candidate => candidate.Rank).ThenBy(candidate => candidate.position).Take(1);
        });
        candidates = candidates.Where(candidate => _rules.RankBy == RankBy.Pre || candidate.Rank > 0)
            .OrderByDescending(candidate => candidate.Rank).ThenBy(candidate => candidate.Text.Unit).ThenBy(candidate => candidate.Position);
        if (_rules.Distinct > 0)
        {
            candidates = candidates.DistinctBy(candidate => string.Join(',', candidate.Text.Ids.Take(candidate.Position + 1).TakeLast(_rules.Distinct)));
        }

        return [.. candidates.Take(_rules.Top).Select(candidate => new Trigger(
            candidate.Text.Value(Site.MlpPost, id, candidate.Position),
            gated ? candidate.Text.Value(Site.MlpPre, id, candidate.Position) : float.NaN,
            candidate.Text.Unit,
            candidate.Position,
            candidate.Position + 1 < candidate.Text.Ids.Length ? candidate.Text.Ids[candidate.Position + 1] : -1))];

        float Rank(Text text, int position) => _rules.RankBy == RankBy.Pre
            ? text.Value(Site.MlpPre, id, position)
            : (pole == Pole.Positive ? 1 : -1) * text.Value(Site.MlpPost, id, position);
    }

    /// <summary>Coefficients at all candidate positions, unit by unit.</summary>
    public float[][] Coefficients(NeuronId id)
        => [.. _texts.Select(text => text.CandidatePositions(_rules).Select(position => text.Value(Site.MlpPost, id, position)).ToArray())];

    /// <summary>Counts of the sign cases; null where not gated.</summary>
    public SignCases? Signs(NeuronId id)
    {
        if (!_spec.Blocks[id.Layer].FeedForward.IsGated)
        {
            return null;
        }

        bool[][] signs = [.. _texts.SelectMany(text => text.CandidatePositions(_rules).Select(position => new[] { text.Value(Site.MlpPre, id, position) > 0, text.Value(Site.MlpPreLinear, id, position) > 0 }))];
        long Count(bool gate, bool linear) => signs.Count(sign => sign[0] == gate && sign[1] == linear);
        return new SignCases(Count(true, true), Count(true, false), Count(false, true), Count(false, false));
    }

    private sealed record Text(int Unit, int[] Ids, bool StartsWithBos, SiteCapture Capture)
    {
        // Positions that have a target, except position 0; the options take in the first, the first that is no BOS, or the last.
        public IEnumerable<int> CandidatePositions(MiningRules rules) => Enumerable.Range(0, Ids.Length)
            .Where(position => position > 0 || rules.FirstPosition || (rules.FirstUnlessBos && !StartsWithBos))
            .Where(position => position + 1 < Ids.Length || rules.LastPosition);

        public float Value(Site site, NeuronId id, int position)
        {
            float[] values = Capture.Values(site, id.Layer);
            return values[(position * (values.Length / Ids.Length)) + id.Index];
        }
    }
}
