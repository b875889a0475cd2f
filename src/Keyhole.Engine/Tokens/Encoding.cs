namespace Keyhole.Engine.Tokens;

/// <summary>The tokens of one text.</summary>
public sealed class Encoding
{
    /// <summary>Creates an encoding from ids and offsets of equal length T.</summary>
    /// <param name="ids">Token ids, [T].</param>
    /// <param name="offsets">Places in the original text, [T].</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public Encoding(int[] ids, TokenOffset[] offsets)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(offsets);
        if (ids.Length != offsets.Length)
        {
            throw new ArgumentException($"Expected as many offsets as ids: got {offsets.Length} and {ids.Length}.", nameof(offsets));
        }

        Ids = ids;
        Offsets = offsets;
    }

    /// <summary>Token ids, [T].</summary>
    public int[] Ids { get; }

    /// <summary>Places of the tokens in the original text, [T]; an added special token has the empty place (0, 0).</summary>
    public TokenOffset[] Offsets { get; }
}
