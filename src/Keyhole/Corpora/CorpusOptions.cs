namespace Keyhole.Corpora;

/// <summary>How a corpus is cut into units.</summary>
public sealed record CorpusOptions
{
    /// <summary>What a unit is.</summary>
    public UnitKind Unit { get; init; } = UnitKind.Sentence;

    /// <summary>The field of JSON records, or the column of CSV rows, that holds the text; <c>a.b</c> names field <c>b</c> inside object <c>a</c>.</summary>
    public string TextField { get; init; } = "text";

    /// <summary>The number of units after which reading stops; null reads everything.</summary>
    public long? Limit { get; init; }

    /// <summary>The format of every file; <see cref="CorpusFormat.Auto"/> goes by the names.</summary>
    public CorpusFormat Format { get; init; } = CorpusFormat.Auto;

    /// <summary>The name that standard input has among the files.</summary>
    public string StandardInputName { get; init; } = "stdin";

    /// <summary>Opens what is read for the path <c>-</c>.</summary>
    internal Func<Stream> OpenStandardInput { get; init; } = Console.OpenStandardInput;
}
