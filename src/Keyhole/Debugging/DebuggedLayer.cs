using System.Collections.Immutable;

namespace Keyhole.Debugging;

/// <summary>A layer at the position.</summary>
/// <param name="Layer">Layer, from 0.</param>
/// <param name="Reading">What it does.</param>
/// <param name="Memories">The memories that add most, strongest first, lower index first among equals.</param>
/// <param name="Strength">Sum of |m| |v|, times the router's weight where there is one, over all memories of the layer.</param>
public sealed record DebuggedLayer(int Layer, ReadLayer Reading, ImmutableArray<DominantMemory> Memories, double Strength);
