using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Tokens;
using Keyhole.Memories;

namespace Keyhole.Tests.Claiming;

/// <summary>Twin of the claim tester: every text runs alone, all coefficients are kept, and everything is counted by its definition, pair by pair where that is the definition.</summary>
internal sealed class NaiveClaims : IDisposable
{
    private readonly Model _model;
    private readonly List<(int Unit, string Text, int[] Ids, TokenOffset[] Offsets, SiteCapture Capture)> _texts = [];
    private readonly Dictionary<NeuronId, double> _norms = [];

    public NaiveClaims(string folder, IReadOnlyList<string> lines)
    {
        _model = Model.Open(folder);
        Tokenizer tokenizer = TokenizerLoader.Load(folder);
        using var pass = new ForwardPass(_model, new ForwardOptions { Threads = 1 });
        string[] sites = _model.Spec.Blocks[0].FeedForward.Router is null ? ["*hook_post"] : ["*hook_post", "*hook_expert_weights"];
        foreach ((int unit, string line) in lines.Index())
        {
            Encoding encoding = tokenizer.Encode(line);
            var capture = new SiteCapture(_model.Spec, encoding.Ids.Length, sites);
            pass.Run(TokenBatch.OfText(encoding.Ids), capture);
            _texts.Add((unit, line, encoding.Ids, encoding.Offsets, capture));
        }
    }

    public IEnumerable<NeuronId> Memories(int layer) => _model.Spec.NamesOf(layer);

    public void Dispose() => _model.Dispose();

    /// <summary>Unit, position and coefficient of every position of the chosen units.</summary>
    public List<(int Unit, int Position, float M)> Scores(NeuronId id, Func<int, bool>? chosen = null)
        => [.. Positions(chosen).Select(at => (at.Unit, at.Position, Value(at.Unit, at.Position, id)))];

    /// <summary>Positions from 1 to the last that has a target.</summary>
    public IEnumerable<(int Unit, int Position)> Positions(Func<int, bool>? chosen = null)
        => _texts.Where(text => chosen?.Invoke(text.Unit) != false).SelectMany(text => Enumerable.Range(1, Math.Max(0, text.Ids.Length - 2)).Select(position => (text.Unit, position)));

    public int Target(int unit, int position) => _texts[unit].Ids[position + 1];

    public int Token(int unit, int position) => _texts[unit].Ids[position];

    /// <summary>The text up to and with the token.</summary>
    public string Prefix(int unit, int position) => _texts[unit].Text[.._texts[unit].Offsets.Take(position + 1).Max(offset => offset.End)];

    /// <summary>Whether |m| (or |m| |v|) is among the r largest of the layer at the position.</summary>
    public bool IsRanked(NeuronId id, int unit, int position, int r, bool weighted)
    {
        double size = Size(id);
        return Value(unit, position, id) != 0 && Memories(id.Layer).Count(other => Size(other) > size) < r;

        double Size(NeuronId memory) => Math.Abs(Value(unit, position, memory)) * (weighted ? Norm(memory) : 1);
    }

    public float Value(int unit, int position, NeuronId id)
    {
        SiteCapture capture = _texts[unit].Capture;
        if (id.Expert >= 0)
        {
            float[] weights = capture.Values(Site.ExpertWeights, id.Layer);
            if (weights[(position * (weights.Length / _texts[unit].Ids.Length)) + id.Expert] == 0)
            {
                return 0;
            }
        }

        float[] values = capture.Values(Site.MlpPost, id.Layer);
        return values[(position * (values.Length / _texts[unit].Ids.Length)) + _model.Spec.Blocks[id.Layer].FeedForward.NumberOf(id)];
    }

    /// <summary>AUROC pair by pair.</summary>
    public static double Auroc(IReadOnlyList<(double Score, bool Holds)> positions)
    {
        double[] with = [.. positions.Where(one => one.Holds).Select(one => one.Score)];
        double[] without = [.. positions.Where(one => !one.Holds).Select(one => one.Score)];
        return with.Sum(a => without.Sum(b => a > b ? 1 : a == b ? 0.5 : 0)) / ((double)with.Length * without.Length);
    }

    /// <summary>Sum over distinct scores of (recall - recall before) * precision.</summary>
    public static double AveragePrecision(IReadOnlyList<(double Score, bool Holds)> positions)
    {
        double holding = positions.Count(one => one.Holds);
        double before = 0;
        double sum = 0;
        foreach (double score in positions.Select(one => one.Score).Distinct().OrderDescending())
        {
            double above = positions.Count(one => one.Score >= score);
            double right = positions.Count(one => one.Score >= score && one.Holds);
            sum += (right - before) / holding * (right / above);
            before = right;
        }

        return sum;
    }

    private double Norm(NeuronId id)
    {
        if (!_norms.TryGetValue(id, out double norm))
        {
            using var row = new Keyhole.Engine.Numerics.AlignedBuffer(_model.Spec.Width);
            Keyhole.Engine.Numerics.MatrixView value = row.Matrix(1, _model.Spec.Width);
            MemoryVectors.ReadValues(_model, id.Layer, _model.Spec.Blocks[id.Layer].FeedForward.NumberOf(id), value);
            _norms[id] = norm = Math.Sqrt(value.Row(0).ToArray().Sum(v => (double)v * v));
        }

        return norm;
    }
}
