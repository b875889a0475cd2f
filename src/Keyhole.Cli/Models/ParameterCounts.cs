using Keyhole.Engine.Models;

namespace Keyhole.Cli.Models;

/// <summary>How many numbers each part of a model has; a tensor that two parts share is counted once.</summary>
/// <param name="Embedding">Token and position embeddings.</param>
/// <param name="Attention">Attention of all layers, biases included.</param>
/// <param name="FeedForward">Feed-forward parts of all layers, biases included.</param>
/// <param name="Norms">Norms of all layers and the final one.</param>
/// <param name="Head">Output embedding, 0 where it is the token embedding.</param>
internal sealed record ParameterCounts(long Embedding, long Attention, long FeedForward, long Norms, long Head)
{
    /// <summary>All of them.</summary>
    public long Total => Embedding + Attention + FeedForward + Norms + Head;

    /// <summary>Counts the tensors that a model is made of.</summary>
    public static ParameterCounts Of(ModelSpec spec)
    {
        HashSet<string> attention = Names(spec.Blocks.SelectMany(block => new[] { block.Attention.Query, block.Attention.Key, block.Attention.Value, block.Attention.Output }));
        HashSet<string> feedForward = Names(spec.Blocks.SelectMany(block => block.FeedForward.Experts.SelectMany(expert => new[] { expert.In, expert.Gate, expert.Out }).Append(block.FeedForward.Router?.Map)));
        HashSet<string?> norms = [.. spec.Blocks.SelectMany(block => block.Norms).Append(spec.Head.Norm).Append(spec.Embedding.Norm).SelectMany(norm => new[] { norm?.Weight, norm?.Bias })];
        norms.UnionWith(spec.Blocks.SelectMany(block => new[] { block.Attention.QueryNorm, block.Attention.KeyNorm }).OfType<GroupNormSpec>().SelectMany(norm => norm.GroupWeights.Append(norm.Weight).Append(norm.Bias)));
        AdaptiveSoftmaxSpec? adaptive = spec.Head.Adaptive;
        HashSet<string> head = Names([spec.Head.ProjectOut, adaptive?.Words, adaptive?.Classes, .. adaptive?.Tails.SelectMany(tail => new[] { tail.Projection, tail.Words }) ?? []]);
        head.UnionWith(new[] { spec.Head.Output, spec.Head.Bias }.OfType<string>());
        head.Remove(spec.Embedding.Tokens);
        Dictionary<string, long> tensors = [];
        foreach ((string name, long[] shape) in spec.Tensors())
        {
            tensors[name] = shape.Aggregate(1L, (product, dimension) => product * dimension);
        }
        long Sum(Func<string, bool> belongs) => tensors.Where(tensor => belongs(tensor.Key)).Sum(tensor => tensor.Value);
        var counts = new ParameterCounts(0, Sum(attention.Contains), Sum(feedForward.Contains), Sum(norms.Contains), Sum(head.Contains));
        return counts with { Embedding = tensors.Values.Sum() - counts.Total };
    }

    private static HashSet<string> Names(IEnumerable<LinearSpec?> maps)
        => [.. maps.OfType<LinearSpec>().SelectMany(map => new[] { map.Weight, map.Bias }).OfType<string>()];
}
