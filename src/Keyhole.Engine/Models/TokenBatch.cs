namespace Keyhole.Engine.Models;

/// <summary>Texts packed one after the other without padding: T rows in all.</summary>
public sealed class TokenBatch
{
    private readonly int[] _starts;

    /// <summary>Creates a batch.</summary>
    /// <param name="ids">Token ids of all texts, [T].</param>
    /// <param name="starts">First row of each text, then T: one more than there are texts, strictly increasing from 0.</param>
    public TokenBatch(int[] ids, int[] starts)
        : this((ids ?? throw new ArgumentNullException(nameof(ids))).AsMemory(), starts)
    {
    }

    /// <summary>Creates a batch over memory of the caller's.</summary>
    /// <param name="ids">Token ids of all texts, [T]; they must stay as they are while the batch is used.</param>
    /// <param name="starts">First row of each text, then T: one more than there are texts, strictly increasing from 0.</param>
    public TokenBatch(ReadOnlyMemory<int> ids, int[] starts)
    {
        ArgumentNullException.ThrowIfNull(starts);
        if (starts.Length == 0 || starts[0] != 0 || starts[^1] != ids.Length)
        {
            throw new ArgumentException("The first text must start at row 0 and the last end with the ids.", nameof(starts));
        }

        for (int text = 1; text < starts.Length; text++)
        {
            if (starts[text] <= starts[text - 1])
            {
                throw new ArgumentException($"Text {text - 1} is empty.", nameof(starts));
            }
        }

        Ids = ids;
        _starts = starts;
    }

    /// <summary>Token ids, [T].</summary>
    public ReadOnlyMemory<int> Ids { get; }

    /// <summary>T, the number of rows.</summary>
    public int RowCount => Ids.Length;

    /// <summary>Number of texts.</summary>
    public int TextCount => _starts.Length - 1;

    /// <summary>First row of a text; <see cref="RowCount"/> for one past the last.</summary>
    public int Start(int text) => _starts[text];

    /// <summary>Tokens of a text.</summary>
    public int Length(int text) => _starts[text + 1] - _starts[text];

    /// <summary>The text that holds a row.</summary>
    public int TextOf(int row)
    {
        int found = Array.BinarySearch(_starts, row);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>Refuses ids that are not in the vocabulary and texts that are longer than the context.</summary>
    /// <param name="spec">The model that is to run the batch; a pass does this itself before it begins.</param>
    /// <exception cref="InputRefusedException">KH3007: an id; KH3008: a length.</exception>
    public void RequireFits(ModelSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ReadOnlySpan<int> ids = Ids.Span;
        for (int row = 0; row < ids.Length; row++)
        {
            if ((uint)ids[row] >= (uint)spec.VocabularySize)
            {
                throw new InputRefusedException("KH3007", $"token id {ids[row]} is not in the vocabulary of this model (ids 0 to {spec.VocabularySize - 1}). Check that the tokenizer belongs to the model.");
            }
        }

        for (int text = 0; text < TextCount; text++)
        {
            if (Length(text) > spec.ContextLength)
            {
                throw new InputRefusedException("KH3008", $"a text of {Length(text)} tokens is longer than the model's context of {spec.ContextLength}. Cut it into parts.");
            }
        }
    }

    /// <summary>A batch of one text.</summary>
    public static TokenBatch OfText(int[] ids) => new(ids, [0, ids.Length]);
}
