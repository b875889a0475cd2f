using System.Globalization;
using Keyhole.Corpora;
using Keyhole.Engine;
using Keyhole.Mining;
using Keyhole.Studies;

namespace Keyhole.Composition;

/// <summary>How texts are cut, tokenised and numbered, and which of their positions compete: a study's own rules, so that held-out texts are read as the mined ones were.</summary>
public sealed record TextRules
{
    /// <summary>Whether texts begin with BOS.</summary>
    public BosPolicy Bos { get; init; }

    /// <summary>How a corpus is cut into units.</summary>
    public UnitKind Unit { get; init; } = UnitKind.Sentence;

    /// <summary>Field of JSONL and CSV records that holds the text.</summary>
    public string TextField { get; init; } = "text";

    /// <summary>Which positions compete.</summary>
    public MiningRules Positions { get; init; } = new();

    /// <summary>The rules that a study was mined by; an option that it does not name has its default.</summary>
    /// <param name="provenance">Of the study.</param>
    /// <exception cref="InputRefusedException">KH5105: an option has a value that cannot be.</exception>
    public static TextRules Of(StudyProvenance provenance)
    {
        ArgumentNullException.ThrowIfNull(provenance);
        string first = Text("first-position", "false");
        return new TextRules
        {
            Bos = Choice(Text("bos", "auto"), "bos", BosPolicy.Auto),
            Unit = Choice(Text("unit", "sentence"), "unit", UnitKind.Sentence),
            TextField = Text("text-field", "text"),
            Positions = new MiningRules
            {
                FirstPosition = first == "true",
                FirstUnlessBos = first == "unless-bos",
                LastPosition = Text("last-position", "false") == "true",
                Seed = ulong.TryParse(Text("seed", "0"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? seed : throw Unknown("seed", Text("seed", "0")),
            },
        };

        string Text(string name, string otherwise) => provenance.Options.GetValueOrDefault(name, otherwise);
    }

    private static T Choice<T>(string text, string name, T kind)
        where T : struct, Enum
        => Enum.TryParse(text, ignoreCase: true, out T value) && Enum.IsDefined(value) ? value : throw Unknown(name, text, string.Join(", ", Enum.GetNames(kind.GetType())).ToLowerInvariant());

    private static InputRefusedException Unknown(string name, string text, string expected = "a number")
        => new("KH5105", $"the study's option '{name}' is '{text}' where {expected} is expected; mine it again or take it from a backup.");
}
