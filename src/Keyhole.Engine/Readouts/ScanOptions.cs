namespace Keyhole.Engine.Readouts;

/// <summary>What a scan of the vocabulary tells of each row.</summary>
public sealed record ScanOptions
{
    /// <summary>Tokens of the largest logits to keep.</summary>
    public int Top { get; init; } = 1;

    /// <summary>Tokens of the smallest logits to keep.</summary>
    public int Bottom { get; init; }

    /// <summary>Whether log(sum of exp(logit)) is wanted.</summary>
    public bool LogSumExp { get; init; }

    /// <summary>Whether the entropy of softmax(logits) is wanted.</summary>
    public bool Entropy { get; init; }

    /// <summary>
    /// Scales of the final norm, shape [rows], for rows prepared as states: logits are those of <see cref="Readout.Model"/>, cap(scale * z + bias).
    /// Null for the folded and the raw readout: logits are z. With an adaptive softmax they are log-probabilities either way.
    /// </summary>
    public ReadOnlyMemory<float>? Scales { get; init; }

    /// <summary>With <see cref="Scales"/>: whether the token of the largest z, before scale and bias, is wanted too; not with an adaptive softmax.</summary>
    public bool LinearTop { get; init; }

    /// <summary>Tokens whose logit and rank are wanted, or null.</summary>
    public ScanProbes? Probes { get; init; }

    /// <summary>Rows whose logits are kept whole, each at most once.</summary>
    public IReadOnlyList<int> WholeRows { get; init; } = [];
}
