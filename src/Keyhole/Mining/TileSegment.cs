namespace Keyhole.Mining;

/// <summary>The candidate positions of one text that lie in a tile; of a mixture those where the router chose the tile's expert.</summary>
/// <param name="Text">Text of the batch.</param>
/// <param name="FirstRow">First of the rows in the tile.</param>
/// <param name="Rows">Number of rows; 0 only where the text ends after it had some in earlier tiles.</param>
/// <param name="FirstPosition">Position of the first row in the text, beyond all that earlier tiles had.</param>
/// <param name="Begins">Whether the text had no row in earlier tiles.</param>
/// <param name="Ends">Whether later tiles have no candidate of the text.</param>
internal readonly record struct TileSegment(int Text, int FirstRow, int Rows, int FirstPosition, bool Begins, bool Ends);
