using System.Globalization;
using Keyhole.Mining;

namespace Keyhole.Cli.Mining;

/// <summary>The phases of a run as one measure: reading and tokenising is short beside mining, writing shorter.</summary>
internal sealed class PhaseProgress(IProgress<ProgressState> target) : IProgress<MiningProgress>
{
    private const double ReadShare = 0.02;
    private const double WriteShare = 0.01;

    /// <inheritdoc/>
    public void Report(MiningProgress value)
    {
        string rate = value.TokensPerSecond > 0 ? string.Create(CultureInfo.InvariantCulture, $"{value.TokensPerSecond:N0} tokens/s") : string.Empty;
        (string phase, double share) = value.Phase switch
        {
            "tokenize" => ("reading", ReadShare * value.Share),
            "mine" => ("mining", ReadShare + ((1 - ReadShare - WriteShare) * value.Share)),
            _ => ("writing", 1 - WriteShare + (WriteShare * value.Share)),
        };
        string changed = double.IsNaN(value.Changed) ? string.Empty : string.Create(CultureInfo.InvariantCulture, $", lists of {value.Changed:0.0%} changing");
        target.Report(new ProgressState(phase, share, rate + changed, value.TokensPerSecond > 0
            ? [new("tokens", Math.Floor(value.Tokens)), new("tokensPerSecond", value.TokensPerSecond), new("changedShare", value.Changed), new("checkpoints", value.Checkpoints)]
            : []));
    }
}
