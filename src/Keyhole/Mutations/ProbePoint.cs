namespace Keyhole.Mutations;

/// <summary>One coefficient to be read.</summary>
/// <param name="Row">Row of the batch.</param>
/// <param name="Index">Number of the memory in its layer, counted through all experts.</param>
/// <param name="Ticket">Where the answer goes.</param>
internal readonly record struct ProbePoint(int Row, int Index, int Ticket);
