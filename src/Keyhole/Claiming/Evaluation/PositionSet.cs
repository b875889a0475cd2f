using Keyhole.Claiming.Passes;

namespace Keyhole.Claiming.Evaluation;

/// <summary>The positions that a claim is counted over, with their texts.</summary>
internal sealed class PositionSet
{
    /// <summary>Takes the positions of a range of texts.</summary>
    /// <param name="table">All positions.</param>
    /// <param name="firstText">First text.</param>
    /// <param name="endText">One past the last.</param>
    /// <param name="withTarget">Whether a position without a target is left out.</param>
    public PositionSet(PositionTable table, int firstText, int endText, bool withTarget)
    {
        From = table.Start(firstText);
        To = table.Start(endText);
        var indices = new List<int>(To - From);
        var texts = new List<int>(To - From);
        var sizes = new List<int>();
        var numbers = new List<int>();
        for (int text = firstText; text < endText; text++)
        {
            int before = indices.Count;
            for (int index = table.Start(text); index < table.Start(text + 1); index++)
            {
                if (!withTarget || table.HasTarget(index))
                {
                    indices.Add(index);
                    texts.Add(sizes.Count);
                }
            }

            if (indices.Count > before)
            {
                sizes.Add(indices.Count - before);
                numbers.Add(text);
            }
        }

        (Indices, Texts, Sizes, TextNumbers) = ([.. indices], [.. texts], [.. sizes], [.. numbers]);
    }

    /// <summary>First position of the range in the table.</summary>
    public int From { get; }

    /// <summary>One past its last.</summary>
    public int To { get; }

    /// <summary>Number of positions.</summary>
    public int Count => Indices.Length;

    /// <summary>Where each position stands in the table.</summary>
    public int[] Indices { get; }

    /// <summary>The text of each position, counted from 0 without gaps.</summary>
    public int[] Texts { get; }

    /// <summary>Positions of each text, at least one.</summary>
    public int[] Sizes { get; }

    /// <summary>Of each text its number in the table.</summary>
    public int[] TextNumbers { get; }
}
