namespace Keyhole.Web.Overview;

/// <summary>A number that every memory has.</summary>
/// <param name="Name">In addresses, such as <c>maxProbability</c>.</param>
/// <param name="Title">As readers see it.</param>
/// <param name="Explanation">What it is, in a sentence.</param>
/// <param name="Scale">How it is coloured.</param>
/// <param name="IsShare">Between 0 and 1, shown in percent.</param>
/// <param name="NeedsValues">Whether it is known only where values were analysed.</param>
/// <param name="Of">Reads it; NaN where the memory has none.</param>
internal sealed record LayerStatistic(string Name, string Title, string Explanation, StripScale Scale, bool IsShare, bool NeedsValues, Func<MemoryReading, double> Of)
{
    /// <summary>The statistic that is shown where none is asked for.</summary>
    public const string First = "kurtosis";

    /// <summary>All of them, in the order of the page.</summary>
    public static IReadOnlyList<LayerStatistic> All { get; } =
    [
        new(First, "Kurtosis", "Excess kurtosis of the coefficient over all positions: large where the memory is silent but for rare, strong moments.", StripScale.Asinh, false, false, memory => memory.Statistics.ExcessKurtosis),
        new("maxProbability", "Top probability", "The largest probability in the value's distribution over the vocabulary: how much the value promotes one token.", StripScale.Log, true, true, memory => memory.Value?.MaxProbability ?? double.NaN),
        new("agreement", "Agreement", "Of the first 50 triggers that have a next token, the share whose next token is the value's top token (precision@50, positive pole).", StripScale.Linear, true, true, memory => memory.Value?.Precision ?? double.NaN),
        new("active", "Active", "Share of positions where the memory is active: m > 0 in plain ReLU layers, elsewhere |m| above 1% of its largest (from the histogram, to a quarter of an octave).", StripScale.Linear, true, false, memory => memory.ActiveShare),
        new("positive", "m > 0", "Share of positions with a positive coefficient.", StripScale.Linear, true, false, memory => memory.Statistics.SharePositive),
        new("strength", "Strength", "Largest |m| times the value's norm: the largest update that the memory made.", StripScale.Log, false, true, memory => memory.LargestCoefficient * (memory.Value?.Norm ?? double.NaN)),
        new("coefficient", "Largest |m|", "The largest coefficient by size over all positions.", StripScale.Log, false, false, memory => memory.LargestCoefficient),
        new("norm", "Value norm", "L2 norm of the value.", StripScale.Linear, false, true, memory => memory.Value?.Norm ?? double.NaN),
        new("targetRank", "Target rank", "Rank, from 0, that the value gives to the token that follows the best trigger: small where the value predicts it.", StripScale.Log, false, true, memory => memory.Value?.TargetRank ?? double.NaN),
        new("dead", "Dead", "1 for a memory without any trigger, 0 for one that fires.", StripScale.Linear, false, false, memory => memory.Triggers == 0 ? 1 : 0),
    ];

    /// <summary>The statistic of a name; null where there is none.</summary>
    public static LayerStatistic? Find(string name) => All.FirstOrDefault(statistic => statistic.Name == name);
}
