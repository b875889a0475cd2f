namespace Keyhole.Engine.Readouts;

/// <summary>Takes the products of rows with the vocabulary, strip by strip, while they are in cache. Rows are independent: workers may take any.</summary>
internal interface IStripSink
{
    /// <summary>Takes the next strip of a row's z, and may overwrite it.</summary>
    /// <param name="row">The row.</param>
    /// <param name="strip">z of consecutive tokens.</param>
    /// <param name="firstToken">The first of them.</param>
    void Add(int row, Span<float> strip, int firstToken);
}
