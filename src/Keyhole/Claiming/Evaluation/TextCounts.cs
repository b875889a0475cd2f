using Keyhole.Statistics;

namespace Keyhole.Claiming.Evaluation;

/// <summary>Counts of one text in which the memory is active or P holds somewhere.</summary>
/// <param name="Text">The text.</param>
/// <param name="Counts">Its positions.</param>
internal readonly record struct TextCounts(int Text, DetectorCounts Counts)
{
    /// <summary>Counts by text, those with nothing but neither left out.</summary>
    /// <param name="positions">The positions.</param>
    /// <param name="active">Whether the memory is active at each.</param>
    /// <param name="holds">Whether P holds at each.</param>
    public static TextCounts[] Of(PositionSet positions, bool[] active, bool[] holds)
    {
        var texts = new List<TextCounts>();
        for (int i = 0; i < active.Length;)
        {
            int text = positions.Texts[i];
            int end = i + positions.Sizes[text];
            int tp = 0, fp = 0, fn = 0;
            for (; i < end; i++)
            {
                tp += active[i] && holds[i] ? 1 : 0;
                fp += active[i] && !holds[i] ? 1 : 0;
                fn += !active[i] && holds[i] ? 1 : 0;
            }

            if (tp + fp + fn > 0)
            {
                texts.Add(new TextCounts(text, new DetectorCounts(tp, fp, fn, positions.Sizes[text] - tp - fp - fn)));
            }
        }

        return [.. texts];
    }
}
