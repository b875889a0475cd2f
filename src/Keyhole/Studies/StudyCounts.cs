namespace Keyhole.Studies;

/// <summary>The denominators of a study.</summary>
/// <param name="Units">Text units.</param>
/// <param name="Tokens">Tokens of all units, special ones included.</param>
/// <param name="Candidates">Candidate positions.</param>
/// <param name="Memories">Memories mined.</param>
/// <param name="DeadMemories">Memories without a trigger on any pole.</param>
/// <param name="Triggers">Triggers of all memories and poles.</param>
public sealed record StudyCounts(long Units, long Tokens, long Candidates, long Memories, long DeadMemories, long Triggers);
