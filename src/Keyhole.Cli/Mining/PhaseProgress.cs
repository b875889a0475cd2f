using System.Globalization;
using Keyhole.Mining;

namespace Keyhole.Cli.Mining;

/// <summary>The phases of a run as one measure: reading and tokenising is short beside mining, writing shorter.</summary>
internal sealed class PhaseProgress(IProgress<ProgressState> target) : IProgress<MiningProgress>
{
    private const double TokenizeShare = 0.02;
    private const double WriteShare = 0.01;

    /// <inheritdoc/>
    public void Report(MiningProgress value)
    {
        string rate = value.TokensPerSecond > 0 ? string.Create(CultureInfo.InvariantCulture, $"{value.TokensPerSecond:N0} tokens/s") : string.Empty;
        double share = value.Phase switch
        {
            "tokenize" => TokenizeShare * value.Share,
            "mine" => TokenizeShare + ((1 - TokenizeShare - WriteShare) * value.Share),
            _ => 1 - WriteShare + (WriteShare * value.Share),
        };
        target.Report(new ProgressState(share, rate));
    }
}
