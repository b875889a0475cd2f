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

            var capture = new SiteCapture(_spec, ids.Length, ["*hook_pre", "*hook_post", .. _spec.Blocks[0].FeedForward.IsGated ? ["*hook_pre_linear"] : Array.Empty<string>(), .. _spec.Blocks[0].FeedForward.Router is null ? Array.Empty<string>() : ["*hook_expert_weights"]]);
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
            var all = Positions(text, id).Select(position => (Rank: Rank(text, position), text, position));
            return _rules.PerPrefix ? all : all.OrderByDescending(candidate => candidate.Rank).ThenBy(candidate => candidate.position).Take(1);
        });
        candidates = candidates.Where(candidate => _rules.RankBy == RankBy.Pre || candidate.Rank > 0)
            .OrderByDescending(candidate => candidate.Rank).ThenBy(candidate => candidate.Text.Unit).ThenBy(candidate => candidate.Position);
        if (_rules.Distinct > 0)
        {
            candidates = candidates.DistinctBy(candidate => string.Join(',', candidate.Text.Ids.Take(candidate.Position + 1).TakeLast(_rules.Distinct)));
        }

        return [.. candidates.Take(_rules.Top).Select(candidate => new Trigger(
            Value(candidate.Text, Site.MlpPost, id, candidate.Position),
            gated ? Value(candidate.Text, Site.MlpPre, id, candidate.Position) : float.NaN,
            candidate.Text.Unit,
            candidate.Position,
            candidate.Position + 1 < candidate.Text.Ids.Length ? candidate.Text.Ids[candidate.Position + 1] : -1,
            id.Expert < 0 ? 1 : candidate.Text.RouterWeight(id, candidate.Position)))];

        float Rank(Text text, int position) => _rules.RankBy == RankBy.Pre
            ? Value(text, Site.MlpPre, id, position)
            : (pole == Pole.Positive ? 1 : -1) * Value(text, Site.MlpPost, id, position);
    }

    /// <summary>Coefficients at all candidate positions, unit by unit.</summary>
    public float[][] Coefficients(NeuronId id)
        => [.. _texts.Select(text => Positions(text, id).Select(position => Value(text, Site.MlpPost, id, position)).ToArray())];

    /// <summary>Counts of the sign cases; null where not gated.</summary>
    public SignCases? Signs(NeuronId id)
    {
        if (!_spec.Blocks[id.Layer].FeedForward.IsGated)
        {
            return null;
        }

        bool[][] signs = [.. _texts.SelectMany(text => Positions(text, id).Select(position => new[] { Value(text, Site.MlpPre, id, position) > 0, Value(text, Site.MlpPreLinear, id, position) > 0 }))];
        long Count(bool gate, bool linear) => signs.Count(sign => sign[0] == gate && sign[1] == linear);
        return new SignCases(Count(true, true), Count(true, false), Count(false, true), Count(false, false));
    }

    // Where a mixture's router did not choose the expert there is no coefficient.
    private IEnumerable<int> Positions(Text text, NeuronId id)
        => text.CandidatePositions(_rules).Where(position => id.Expert < 0 || text.RouterWeight(id, position) != 0);

    private float Value(Text text, Site site, NeuronId id, int position)
        => text.Value(site, id.Layer, position, (Math.Max(0, id.Expert) * _spec.Blocks[id.Layer].FeedForward.ExpertSize) + id.Index);

    private sealed record Text(int Unit, int[] Ids, bool StartsWithBos, SiteCapture Capture)
    {
        // Positions that have a target, except position 0; the options take in the first, the first that is no BOS, or the last.
        public IEnumerable<int> CandidatePositions(MiningRules rules) => Enumerable.Range(0, Ids.Length)
            .Where(position => position > 0 || rules.FirstPosition || (rules.FirstUnlessBos && !StartsWithBos))
            .Where(position => position + 1 < Ids.Length || rules.LastPosition);

        public float RouterWeight(NeuronId id, int position) => Value(Site.ExpertWeights, id.Layer, position, id.Expert);

        public float Value(Site site, int layer, int position, int column)
        {
            float[] values = Capture.Values(site, layer);
            return values[(position * (values.Length / Ids.Length)) + column];
        }
    }
}
