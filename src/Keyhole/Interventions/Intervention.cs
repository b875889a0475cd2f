using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Engine;
using Keyhole.Memories;

namespace Keyhole.Interventions;

/// <summary>A wish to change the coefficient of one memory while a text is run. What is changed is m, after the activation, not the pre-activation.</summary>
public sealed class Intervention
{
    /// <summary>The largest |x| that may be asked for: far above any coefficient, far below what overflows.</summary>
    public const double MostValue = 1e6;

    /// <summary>Most positions that one intervention may list.</summary>
    public const int MostPositions = 1024;

    private const string Form = "write MEMORY:off, MEMORY:scale:X, :set:X, :add:X, :max:X, :min:X or :quantile:Q, and behind it :all, :last or positions as :3,4, such as L3N12:off or L4N6:max:3:last";

    private static readonly ImmutableArray<InterventionKind> s_kinds = [.. Enum.GetValues<InterventionKind>()];

    private Intervention(NeuronId memory, InterventionKind kind, double value, InterventionPlace place, ImmutableArray<int> positions)
        => (Memory, Kind, Value, Place, Positions) = (memory, kind, value, place, positions);

    /// <summary>The memory.</summary>
    public NeuronId Memory { get; }

    /// <summary>What is done.</summary>
    public InterventionKind Kind { get; }

    /// <summary>x; 0 for <see cref="InterventionKind.Off"/>.</summary>
    public double Value { get; }

    /// <summary>Where.</summary>
    public InterventionPlace Place { get; }

    /// <summary>The positions for <see cref="InterventionPlace.Listed"/>, from 0 with BOS counted, rising; else empty.</summary>
    public ImmutableArray<int> Positions { get; }

    /// <summary>
    /// Reads <c>L3N12:off</c>, <c>L4N5:set:2.5</c>, <c>L4N6:max:3:last</c>, <c>L4N6:quantile:0.99:3,7</c>: a memory (<see cref="NeuronId.Parse"/>, but without colons), what is done,
    /// its number where it takes one, and where: <c>all</c> (the default), <c>last</c>, or positions.
    /// </summary>
    /// <param name="text">The words.</param>
    /// <exception cref="InputRefusedException">KH7101: the text is no intervention.</exception>
    public static Intervention Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] words = text.Split(':');
        if (!NeuronId.TryParse(words[0], out NeuronId memory))
        {
            throw Refused(text, "it begins with no memory's name");
        }

        InterventionKind kind = s_kinds.FirstOrDefault(known => Word(known) == words.ElementAtOrDefault(1), (InterventionKind)(-1));
        if (kind < 0)
        {
            throw Refused(text, "what is to be done is missing or not known");
        }

        int next = 2;
        double value = kind == InterventionKind.Off ? 0 : Number(text, kind, words.ElementAtOrDefault(next++));
        (InterventionPlace place, ImmutableArray<int> positions) = Places(text, words.ElementAtOrDefault(next++));
        return words.Length <= next ? new Intervention(memory, kind, value, place, positions) : throw Refused(text, "more follows than is known");
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Memory}:{Word(Kind)}{(Kind == InterventionKind.Off ? "" : $":{Value}")}{Place switch
        {
            InterventionPlace.All => "",
            InterventionPlace.Last => ":last",
            _ => ":" + string.Join(',', Positions),
        }}");

    private static string Word(InterventionKind kind) => kind.ToString().ToLowerInvariant();

    private static double Number(string text, InterventionKind kind, string? word)
    {
        if (!double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) || !(Math.Abs(value) <= MostValue))
        {
            throw Refused(text, string.Create(CultureInfo.InvariantCulture, $"'{Word(kind)}' takes a number from {-MostValue} to {MostValue}"));
        }

        return kind == InterventionKind.Quantile && value is < 0 or > 1 ? throw Refused(text, "a quantile is a number from 0 to 1") : value;
    }

    private static (InterventionPlace Place, ImmutableArray<int> Positions) Places(string text, string? word)
    {
        switch (word)
        {
            case null or "all":
                return (InterventionPlace.All, []);
            case "last":
                return (InterventionPlace.Last, []);
        }

        string[] listed = word.Split(',');
        if (listed.Length > MostPositions)
        {
            throw Refused(text, string.Create(CultureInfo.InvariantCulture, $"it lists more than {MostPositions} positions"));
        }

        return (InterventionPlace.Listed, [.. listed
            .Select(number => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int position) ? position : throw Refused(text, "positions are numbers from 0 with commas between, or 'all' or 'last'"))
            .Distinct().Order()]);
    }

    private static InputRefusedException Refused(string text, string why)
        => new("KH7101", $"'{(text.Length > 80 ? text[..80] + "..." : text)}' is no intervention: {why}; {Form}.");
}
