namespace Keyhole.Studies.Merging;

/// <summary>Progress of a part, told as that of the whole.</summary>
/// <param name="whole">Told the share of the whole.</param>
/// <param name="from">Where the part begins.</param>
/// <param name="part">How much of the whole it is.</param>
internal sealed class ShareOf(IProgress<double> whole, double from, double part) : IProgress<double>
{
    /// <summary>As the constructor; null where nobody is told.</summary>
    public static ShareOf? Part(IProgress<double>? whole, double from, double part) => whole is null ? null : new ShareOf(whole, from, part);

    /// <inheritdoc/>
    public void Report(double value) => whole.Report(from + (part * value));
}
