namespace Keyhole.Engine.Readouts;

/// <summary>Turns the products z = W_U x of a row into its logits, in place. Gives one token the same bits alone as among others.</summary>
internal interface ILogitMap
{
    /// <summary>Overwrites z with logits.</summary>
    /// <param name="row">The row.</param>
    /// <param name="strip">z of consecutive tokens, of one band of the vocabulary.</param>
    /// <param name="firstToken">The first of them.</param>
    void Apply(int row, Span<float> strip, int firstToken);
}
