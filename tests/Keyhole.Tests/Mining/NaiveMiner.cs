using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Tokens;
using Keyhole.Memories;
using Keyhole.Corpora;
using Keyhole.Mining;
using Keyhole.Mining.Sampling;

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
            candidates = candidates.DistinctBy(candidate => Ending(candidate.Text, candidate.Position));
        }

        return [.. candidates.Take(_rules.Top).Select(candidate => TriggerAt(id, candidate.Text, candidate.Position))];

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

    /// <summary>The sample of a pole, in the order in which it is drawn.</summary>
    public Trigger[] Sample(NeuronId id, Pole pole)
    {
        uint memory = (uint)(CounterHash.Hash(_rules.Seed ^ 0x72, (ulong)id.Layer, (ulong)Number(id)) >> 32);
        return [.. _texts.SelectMany(text => Positions(text, id).Select(position => (Text: text, Position: position)))
            .Where(at => Value(at.Text, Site.MlpPost, id, at.Position) * (pole == Pole.Positive ? 1 : -1) > 0)
            .OrderByDescending(at => QuantileSample.Rank((uint)(CounterHash.Hash(_rules.Seed ^ 0x71, (ulong)at.Text.Unit, (ulong)at.Position) >> 32), memory))
            .ThenBy(at => at.Text.Unit).ThenBy(at => at.Position)
            .Take(40).Select(at => TriggerAt(id, at.Text, at.Position))];
    }

    /// <summary>The memory at the random positions; NaN where its expert was not chosen.</summary>
    public (int Unit, int Position, float Coefficient)[] AtRandom(NeuronId id)
        => [.. _texts.SelectMany(text => text.CandidatePositions(_rules).Select(position => (Text: text, Position: position)))
            .OrderBy(at => CounterHash.Hash(_rules.Seed ^ 0x73, (ulong)at.Text.Unit, (ulong)at.Position)).Take(10)
            .Select(at => (at.Text.Unit, at.Position, Positions(at.Text, id).Contains(at.Position) ? Value(at.Text, Site.MlpPost, id, at.Position) : float.NaN))];

    /// <summary>The list of a sign case.</summary>
    public Trigger[] Case(NeuronId id, bool gatePlus, bool linearPlus)
    {
        IEnumerable<(float Size, Text Text, int Position)> candidates = _texts.SelectMany(text =>
        {
            var all = Positions(text, id)
                .Where(position => Value(text, Site.MlpPre, id, position) > 0 == gatePlus && Value(text, Site.MlpPreLinear, id, position) > 0 == linearPlus)
                .Select(position => (Size: Math.Abs(Value(text, Site.MlpPost, id, position)), text, position)).Where(candidate => candidate.Size > 0);
            return _rules.PerPrefix ? all : all.OrderByDescending(candidate => candidate.Size).ThenBy(candidate => candidate.position).Take(1);
        }).OrderByDescending(candidate => candidate.Size).ThenBy(candidate => candidate.text.Unit).ThenBy(candidate => candidate.position);
        if (_rules.Distinct > 0)
        {
            candidates = candidates.DistinctBy(candidate => Ending(candidate.Text, candidate.Position));
        }

        return [.. candidates.Take(_rules.Top).Select(candidate => TriggerAt(id, candidate.Text, candidate.Position))];
    }

    private int Number(NeuronId id) => (Math.Max(0, id.Expert) * _spec.Blocks[id.Layer].FeedForward.ExpertSize) + id.Index;

    private string Ending(Text text, int position) => string.Join(',', text.Ids.Take(position + 1).TakeLast(_rules.Distinct));

    private Trigger TriggerAt(NeuronId id, Text text, int position) => new(
        Value(text, Site.MlpPost, id, position),
        _spec.Blocks[id.Layer].FeedForward.IsGated ? Value(text, Site.MlpPre, id, position) : float.NaN,
        text.Unit,
        position,
        position + 1 < text.Ids.Length ? text.Ids[position + 1] : -1,
        id.Expert < 0 ? 1 : text.RouterWeight(id, position));

    // Where a mixture's router did not choose the expert there is no coefficient.
    private IEnumerable<int> Positions(Text text, NeuronId id)
        => text.CandidatePositions(_rules).Where(position => id.Expert < 0 || text.RouterWeight(id, position) != 0);

    private float Value(Text text, Site site, NeuronId id, int position)
        => text.Value(site, id.Layer, position, Number(id));

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
