using Keyhole.Engine.Models;

namespace Keyhole.Claiming.Passes;

/// <summary>Texts that go through the model together.</summary>
/// <param name="Batch">The packed texts.</param>
/// <param name="Positions">Of each row its position among those of the chunk; -1 where it is none. Shape [T].</param>
/// <param name="First">Number of the chunk's first position in the table.</param>
/// <param name="Count">Positions of the chunk.</param>
internal sealed record ClaimChunk(TokenBatch Batch, ReadOnlyMemory<int> Positions, int First, int Count);
