namespace Keyhole.Mining;

/// <summary>The candidate positions of one text that lie in a tile.</summary>
/// <param name="Text">Text of the batch.</param>
/// <param name="FirstRow">First of the rows, counted from the tile's first.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="FirstPosition">Position of the first row in the text.</param>
/// <param name="Begins">Whether the text's first candidate is here.</param>
/// <param name="Ends">Whether the text's last candidate is here.</param>
internal readonly record struct TileSegment(int Text, int FirstRow, int Rows, int FirstPosition, bool Begins, bool Ends);
