using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Keyhole.Memories;

/// <summary>Names one memory: layer, expert (mixture of experts only) and index, all from 0. Ordered by layer, expert, index.</summary>
/// <param name="Layer">Layer, from 0.</param>
/// <param name="Index">Row of the key and value in its layer (or expert), from 0.</param>
/// <param name="Expert">Expert, from 0; -1 where the layer has none.</param>
public readonly partial record struct NeuronId(int Layer, int Index, int Expert = -1) : IComparable<NeuronId>
{
    /// <summary>Prints <c>L12N3456</c>, or <c>L3E2N77</c> for a memory of an expert.</summary>
    public override string ToString() => Expert < 0
        ? string.Create(CultureInfo.InvariantCulture, $"L{Layer}N{Index}")
        : string.Create(CultureInfo.InvariantCulture, $"L{Layer}E{Expert}N{Index}");

    /// <inheritdoc/>
    public int CompareTo(NeuronId other)
    {
        int byLayer = Layer.CompareTo(other.Layer);
        if (byLayer != 0)
        {
            return byLayer;
        }

        int byExpert = Expert.CompareTo(other.Expert);
        return byExpert != 0 ? byExpert : Index.CompareTo(other.Index);
    }

    /// <summary>
    /// Reads <c>L12N3456</c>, <c>L3E2N77</c>, <c>L12D3456</c>, <c>12/3456</c>, <c>12.3456</c>, <c>12:3456</c>, <c>model@12:3456</c> (the model's name is dropped),
    /// and the paper's <c>k^13_3456</c> and <c>v^13_3456</c>, whose layers count from 1. Letters may be small.
    /// </summary>
    /// <param name="text">The name.</param>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static NeuronId Parse(string text) => TryParse(text, out NeuronId id)
        ? id
        : throw new FormatException($"'{text}' does not name a memory: write it like L12N3456, L3E2N77, 12/3456, 12.3456, 12:3456 or the paper's k^13_3456 (layers from 1).");

    /// <summary>Reads the notations of <see cref="Parse"/>; false where the text is none of them.</summary>
    /// <param name="text">The name.</param>
    /// <param name="id">The memory, or the default.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, out NeuronId id)
    {
        id = default;
        Match match = Notations().Match(text ?? string.Empty);
        if (!match.Success || !TryNumber(match.Groups["index"], out int index))
        {
            return false;
        }

        int expert = -1;
        if (match.Groups["expert"].Success && !TryNumber(match.Groups["expert"], out expert))
        {
            return false;
        }

        if (match.Groups["paper"].Success)
        {
            if (!TryNumber(match.Groups["paper"], out int fromOne) || fromOne == 0)
            {
                return false;
            }

            id = new NeuronId(fromOne - 1, index);
            return true;
        }

        if (!TryNumber(match.Groups["layer"], out int layer))
        {
            return false;
        }

        id = new NeuronId(layer, index, expert);
        return true;
    }

    /// <summary>Whether <paramref name="left"/> comes before <paramref name="right"/>.</summary>
    /// <param name="left">A memory.</param>
    /// <param name="right">A memory.</param>
    public static bool operator <(NeuronId left, NeuronId right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> comes after <paramref name="right"/>.</summary>
    /// <param name="left">A memory.</param>
    /// <param name="right">A memory.</param>
    public static bool operator >(NeuronId left, NeuronId right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> does not come after <paramref name="right"/>.</summary>
    /// <param name="left">A memory.</param>
    /// <param name="right">A memory.</param>
    public static bool operator <=(NeuronId left, NeuronId right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> does not come before <paramref name="right"/>.</summary>
    /// <param name="left">A memory.</param>
    /// <param name="right">A memory.</param>
    public static bool operator >=(NeuronId left, NeuronId right) => left.CompareTo(right) >= 0;

    private static bool TryNumber(Group digits, out int number)
        => int.TryParse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    [GeneratedRegex(@"^\s*(?:[kv]\^(?:(?<paper>[0-9]+)|\{(?<paper>[0-9]+)\})_(?:(?<index>[0-9]+)|\{(?<index>[0-9]+)\})|L(?<layer>[0-9]+)(?:E(?<expert>[0-9]+))?[ND](?<index>[0-9]+)|(?:[^@]+@)?(?<layer>[0-9]+)[/.:](?<index>[0-9]+))\s*\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Notations();
}
