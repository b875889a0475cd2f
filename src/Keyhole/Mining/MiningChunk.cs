using Keyhole.Engine.Models;

namespace Keyhole.Mining;

/// <summary>A batch with what mining must know of its texts.</summary>
/// <param name="Batch">The packed texts.</param>
/// <param name="Units">Number of each text as a unit of the corpus.</param>
/// <param name="StartsWithBos">Whether each text begins with BOS.</param>
/// <param name="End">Where the next text begins in the spool, in bytes.</param>
internal sealed record MiningChunk(TokenBatch Batch, int[] Units, bool[] StartsWithBos, long End = 0);
