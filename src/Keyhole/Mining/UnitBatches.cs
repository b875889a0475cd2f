using Keyhole.Corpora;

namespace Keyhole.Mining;

/// <summary>Cuts a corpus into parts that are tokenised at once: enough units for all threads, and little text in memory, be it lines or novels.</summary>
internal static class UnitBatches
{
    private const int MostUnits = 2048;
    private const int MostCharacters = 1 << 19;

    /// <summary>The units in order; a part ends with the unit that fills it.</summary>
    public static IEnumerable<TextUnit[]> Of(IEnumerable<TextUnit> units)
    {
        var batch = new List<TextUnit>();
        int characters = 0;
        foreach (TextUnit unit in units)
        {
            batch.Add(unit);
            characters += unit.Text.Length;
            if (batch.Count == MostUnits || characters >= MostCharacters)
            {
                yield return [.. batch];
                batch.Clear();
                characters = 0;
            }
        }

        if (batch.Count > 0)
        {
            yield return [.. batch];
        }
    }
}
