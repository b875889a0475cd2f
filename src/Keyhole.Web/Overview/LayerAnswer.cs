namespace Keyhole.Web.Overview;

/// <summary>A number that every memory has, as the page's choice shows it.</summary>
/// <param name="Name">Its name in addresses.</param>
/// <param name="Title">As readers see it.</param>
/// <param name="Explanation">What it is, in a sentence.</param>
/// <param name="IsShare">Between 0 and 1, shown in percent.</param>
/// <param name="Available">Whether the study has it; if not, values were not analysed.</param>
public sealed record StatisticAnswer(string Name, string Title, string Explanation, bool IsShare, bool Available);

/// <summary>One statistic of every memory of the study.</summary>
public sealed record LayerAnswer
{
    /// <summary>The statistic's name.</summary>
    public required string Statistic { get; init; }

    /// <summary>How numbers are spread over colours: linear, log or asinh.</summary>
    public required string Scale { get; init; }

    /// <summary>The number of the lowest colour: the 1st percentile (linear: the least); null where no memory has a number.</summary>
    public required double? Low { get; init; }

    /// <summary>The number of the highest colour: the 99th percentile, or the largest where these would be one; null where no memory has a number.</summary>
    public required double? High { get; init; }

    /// <summary>The least number.</summary>
    public required double? Least { get; init; }

    /// <summary>The largest number.</summary>
    public required double? Largest { get; init; }

    /// <summary>Memories without a number.</summary>
    public required int Missing { get; init; }

    /// <summary>The groups of memories that follow each other in <see cref="Values"/>.</summary>
    public required IReadOnlyList<LayerBlock> Blocks { get; init; }

    /// <summary>Numbers in the order of the study (layer, expert, index), float32, little-endian, in base64; NaN where a memory has none.</summary>
    public required byte[] Values { get; init; }
}

/// <summary>Memories of one layer, or of one expert of it.</summary>
/// <param name="Layer">Layer, from 0.</param>
/// <param name="Expert">Expert, from 0; -1 where the layer has none.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Indices">Their indices; null where they are 0, 1, 2 and so on.</param>
public sealed record LayerBlock(int Layer, int Expert, int Count, IReadOnlyList<int>? Indices);

/// <summary>The memories of the largest and the smallest numbers.</summary>
/// <param name="Statistic">The statistic's name.</param>
/// <param name="Top">Largest first.</param>
/// <param name="Bottom">Smallest first.</param>
public sealed record ExtremesAnswer(string Statistic, IReadOnlyList<ExtremeMemory> Top, IReadOnlyList<ExtremeMemory> Bottom);

/// <summary>A memory with its number and a taste of what it is.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Value">The number.</param>
/// <param name="Tokens">The tokens that its value promotes most; none where values were not analysed.</param>
/// <param name="Prefix">The end of its best trigger's prefix; null for a memory that never fires.</param>
/// <param name="Cut">Whether the prefix begins earlier.</param>
/// <param name="Target">The token after it; null without one.</param>
public sealed record ExtremeMemory(string Id, double Value, IReadOnlyList<string> Tokens, string? Prefix, bool Cut, string? Target);
