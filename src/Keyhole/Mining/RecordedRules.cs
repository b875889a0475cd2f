using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Mining;

/// <summary>Reads the mining rules of a study back from the options of its provenance.</summary>
internal static class RecordedRules
{
    /// <summary>The rules that the study was mined by.</summary>
    /// <exception cref="InvalidDataException">An option is missing or not what it should be.</exception>
    public static MiningRules Of(StudyProvenance provenance)
    {
        string first = Option(provenance, "first-position");
        bool unlessBos = first == "unless-bos";
        return new MiningRules
        {
            Top = Number(provenance, "top", least: 1),
            RankBy = Option(provenance, "rank-by") switch
            {
                "post" => RankBy.Post,
                "pre" => RankBy.Pre,
                string other => throw Wrong("rank-by", other, "post or pre"),
            },
            PerPrefix = Truth(provenance, "per-prefix"),
            Distinct = Number(provenance, "distinct", least: 0),
            FirstPosition = !unlessBos && Truth(provenance, "first-position"),
            FirstUnlessBos = unlessBos,
            LastPosition = Truth(provenance, "last-position"),
            SampleQuantiles = IsGiven(provenance, "sample-quantiles"),
            SignCases = IsGiven(provenance, "sign-cases"),
            Seed = Seed(provenance),
        };
    }

    /// <summary>The layers that were mined, ascending.</summary>
    /// <exception cref="InvalidDataException">The option is missing or is no such list.</exception>
    public static ImmutableArray<int> Layers(StudyProvenance provenance)
    {
        string text = Option(provenance, "layers");
        ImmutableArray<int> layers = [.. text.Split(',').Select(layer => Whole("layers", layer, 0))];
        return layers.Zip(layers.Skip(1)).All(pair => pair.First < pair.Second) ? layers : throw Wrong("layers", text, "ascending numbers");
    }

    /// <summary>Whether texts began with BOS.</summary>
    /// <exception cref="InvalidDataException">The option is missing or no such policy.</exception>
    public static BosPolicy Bos(StudyProvenance provenance)
        => Enum.TryParse(Option(provenance, "bos"), ignoreCase: true, out BosPolicy bos) && Enum.IsDefined(bos) ? bos : throw Wrong("bos", Option(provenance, "bos"), "auto, always or never");

    /// <summary>The memories that were kept; null for all of the layers.</summary>
    /// <exception cref="InvalidDataException">The option names something else.</exception>
    public static IReadOnlySet<NeuronId>? Neurons(StudyProvenance provenance)
    {
        if (!provenance.Options.TryGetValue("neurons", out string? text))
        {
            return null;
        }

        return text.Split(',').Select(name => NeuronId.TryParse(name, out NeuronId id) ? id : throw Wrong("neurons", name, "a memory's name")).ToHashSet();
    }

    // An option that is written down only where it was given.
    private static bool IsGiven(StudyProvenance provenance, string name) => provenance.Options.ContainsKey(name) && Truth(provenance, name);

    private static ulong Seed(StudyProvenance provenance)
    {
        string text = Option(provenance, "seed");
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed) ? seed : throw Wrong("seed", text, "a number");
    }

    private static bool Truth(StudyProvenance provenance, string name) => Option(provenance, name) switch
    {
        "true" => true,
        "false" => false,
        string other => throw Wrong(name, other, "true or false"),
    };

    private static int Number(StudyProvenance provenance, string name, int least) => Whole(name, Option(provenance, name), least);

    private static int Whole(string name, string text, int least)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least
            ? number
            : throw Wrong(name, text, string.Create(CultureInfo.InvariantCulture, $"a number of at least {least}"));

    private static string Option(StudyProvenance provenance, string name)
        => provenance.Options.TryGetValue(name, out string? value) ? value : throw new InvalidDataException($"provenance row 'option.{name}' is missing");

    private static InvalidDataException Wrong(string name, string text, string expected) => new($"provenance row 'option.{name}' is '{text}' where {expected} is expected");
}
