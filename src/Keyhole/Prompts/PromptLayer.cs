using Keyhole.Statistics;

namespace Keyhole.Prompts;

/// <summary>One state over some prompts: r of a layer, or the output.</summary>
public sealed record PromptLayer
{
    /// <summary>The layer, from 0; L for the output.</summary>
    public required int Layer { get; init; }

    /// <summary>The answer.</summary>
    public required PromptFigure Answer { get; init; }

    /// <summary>The competitors: the best of them for the rank, all together for the probability.</summary>
    public required PromptFigure Competitors { get; init; }

    /// <summary>The associates, likewise.</summary>
    public required PromptFigure Associates { get; init; }

    /// <summary>The prompt's last token.</summary>
    public required PromptFigure Current { get; init; }

    /// <summary>The subject.</summary>
    public required PromptFigure Subject { get; init; }

    /// <summary>The answer of another prompt of the set.</summary>
    public required PromptFigure Shuffled { get; init; }

    /// <summary>Mean entropy, in nats.</summary>
    public required Estimate Entropy { get; init; }
}
