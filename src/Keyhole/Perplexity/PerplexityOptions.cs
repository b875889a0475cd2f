using Keyhole.Corpora;
using Keyhole.Mining;

namespace Keyhole.Perplexity;

/// <summary>What to score, and how.</summary>
public sealed record PerplexityOptions
{
    /// <summary>Model folder or GGUF file.</summary>
    public required string Model { get; init; }

    /// <summary>Files, folders or patterns of the texts; <c>-</c> is standard input.</summary>
    public required IReadOnlyList<string> Corpus { get; init; }

    /// <summary>What is scored alone: by default a whole file as one stream of tokens (of JSONL and CSV a record).</summary>
    public UnitKind Unit { get; init; } = UnitKind.Document;

    /// <summary>Field of JSONL and CSV records that holds the text.</summary>
    public string TextField { get; init; } = "text";

    /// <summary>Tokens of a window, BOS included; null for the model's context, at most <see cref="PerplexityMeter.MostDefaultWindow"/>.</summary>
    public int? Window { get; init; }

    /// <summary>Tokens by which the window moves; null for all that it holds of the text.</summary>
    public int? Stride { get; init; }

    /// <summary>Whether windows begin with BOS.</summary>
    public BosPolicy Bos { get; init; }

    /// <summary>Worker threads.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Most tokens that go through a layer at a time; null lets the model's size decide. Changes no result.</summary>
    public int? ChunkTokens { get; init; }
}
