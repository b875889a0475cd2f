namespace Keyhole.Engine.Tokens.PreTokenizers;

/// <summary>One pre-tokenizer after the other.</summary>
internal sealed class SequencePreTokenizer(IReadOnlyList<IPreTokenizer> steps) : IPreTokenizer
{
    public IReadOnlyList<IPreTokenizer> Steps => steps;

    public void Apply(PreTokenizedText text)
    {
        foreach (IPreTokenizer step in steps)
        {
            step.Apply(text);
        }
    }
}
