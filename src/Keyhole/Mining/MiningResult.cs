using Keyhole.Mining.Nulls;

namespace Keyhole.Mining;

/// <summary>What a run did.</summary>
public sealed record MiningResult
{
    /// <summary>Units, windows of long ones counted each.</summary>
    public required int Units { get; init; }

    /// <summary>Tokens, BOS included.</summary>
    public required long Tokens { get; init; }

    /// <summary>Candidate positions.</summary>
    public required long Candidates { get; init; }

    /// <summary>Memories in the study.</summary>
    public required int Memories { get; init; }

    /// <summary>Memories that have no trigger on any pole.</summary>
    public required int DeadMemories { get; init; }

    /// <summary>2 x multiply-adds of the linear maps and of causal attention.</summary>
    public required double FloatingPointOperations { get; init; }

    /// <summary>Seconds until model, tokenizer and packed weights were ready.</summary>
    public required double LoadSeconds { get; init; }

    /// <summary>Seconds of reading and tokenising the corpus.</summary>
    public required double TokenizeSeconds { get; init; }

    /// <summary>Seconds of the forward pass with mining.</summary>
    public required double MineSeconds { get; init; }

    /// <summary>Seconds of writing memories and closing the study.</summary>
    public required double WriteSeconds { get; init; }

    /// <summary>Checkpoints written.</summary>
    public int Checkpoints { get; init; }

    /// <summary>Seconds that these took, part of the other seconds.</summary>
    public double CheckpointSeconds { get; init; }

    /// <summary>Tokens that were mined before the run went on from a checkpoint.</summary>
    public long ResumedTokens { get; init; }

    /// <summary>Share of memories whose lists changed in the last 32,768 tokens; NaN where the corpus has fewer.</summary>
    public double Changed { get; init; } = double.NaN;

    /// <summary>Whether the run ended before its corpus, as the lists changed less than was asked for.</summary>
    public bool IsStable { get; init; }

    /// <summary>The memories beside each null that was mined with them, by layer.</summary>
    public IReadOnlyList<NullComparison> Nulls { get; init; } = [];

    /// <summary>Whether the study was finished before, so that nothing was done.</summary>
    public bool WasFinished { get; init; }

    /// <summary>Seconds of all that comes after loading.</summary>
    public double AfterLoadSeconds => TokenizeSeconds + MineSeconds + WriteSeconds;
}
