namespace Keyhole.Engine.Readouts;

/// <summary>What a scan of the vocabulary found for n rows. Arrays of what was not asked for are empty.</summary>
public sealed class ScanResult
{
    internal ScanResult(int rows, int vocabulary, ScanOptions options)
    {
        Rows = rows;
        TopTokens = new int[rows * options.Top];
        TopLogits = new float[rows * options.Top];
        BottomTokens = new int[rows * options.Bottom];
        BottomLogits = new float[rows * options.Bottom];
        LinearTop = options is { LinearTop: true, Scales: not null } ? new int[rows] : [];
        LogSumExp = options.LogSumExp ? new double[rows] : [];
        Entropy = options.Entropy ? new double[rows] : [];
        ProbeLogits = new float[options.Probes?.Count ?? 0];
        ProbeRanks = new double[ProbeLogits.Length];
        WholeLogits = [.. options.WholeRows.Select(_ => new float[vocabulary])];
    }

    /// <summary>n.</summary>
    public int Rows { get; }

    /// <summary>Tokens of the largest logits, largest first, lower id first among equals, shape [n, top]; -1 where the vocabulary is smaller.</summary>
    public int[] TopTokens { get; }

    /// <summary>Their logits, [n, top].</summary>
    public float[] TopLogits { get; }

    /// <summary>Tokens of the smallest logits, smallest first, lower id first among equals, [n, bottom].</summary>
    public int[] BottomTokens { get; }

    /// <summary>Their logits, [n, bottom].</summary>
    public float[] BottomLogits { get; }

    /// <summary>Token of the largest z before scale and bias, [n].</summary>
    public int[] LinearTop { get; }

    /// <summary>log(sum of exp(logit)), [n].</summary>
    public double[] LogSumExp { get; }

    /// <summary>Entropy of softmax(logits) in nats, [n].</summary>
    public double[] Entropy { get; }

    /// <summary>Logits of the probes, in their order.</summary>
    public float[] ProbeLogits { get; }

    /// <summary>Ranks of the probes among the logits of their row, from 0; ties at the mean of first and last rank.</summary>
    public double[] ProbeRanks { get; }

    /// <summary>All logits of <see cref="ScanOptions.WholeRows"/>, in their order, each [V].</summary>
    public float[][] WholeLogits { get; }
}
